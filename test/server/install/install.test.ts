import { readFile, readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readOptions } from '../../../src/operator/options.ts';
import { applyYaml, installCrds, kubectl, kubectlOk } from '../../support/kubectl.ts';

const tenant = 'install';

// They were there by server-side apply, of which kubectl's own apply warns once.
beforeAll(installCrds);

/** What kubectl does not call unchanged. It sends a PodDisruptionBudget's selector each time, so that one is `configured` for ever. */
function changes(stdout: string): readonly string[] {
  return stdout
    .trim()
    .split('\n')
    .filter((line) => !/ unchanged( \(server dry run\))?$/.test(line) && !line.startsWith('poddisruptionbudget.'))
    .map((line) => line.split(' ')[0] ?? '');
}

const versions = (folder: string, more: readonly string[]): Promise<string> =>
  kubectlOk([
    'get',
    '-k',
    folder,
    ...more,
    '-o',
    'jsonpath={range .items[*]}{.kind}{.metadata.name}={.metadata.resourceVersion} {end}',
  ]);

describe('kubectl apply -k', () => {
  test.each([
    ['manifests', []],
    ['manifests/login', []],
    ['manifests/tenant', ['-n', tenant]],
    ['manifests/tenant-login', ['-n', tenant]],
  ])('%s can be repeated: the second time changes nothing', async (folder, more) => {
    await applyYaml(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: tenant } }));
    const first = await kubectl(['apply', '-k', folder, ...more]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const before = await versions(folder, more);
    expect(changes(await kubectlOk(['apply', '-k', folder, ...more]))).toEqual([]);
    expect(await versions(folder, more)).toBe(before);
  });

  test('manifests/overlays/cluster-wide is accepted, and differs in its rights and the namespaces watched alone', async () => {
    const applied = await kubectl(['apply', '-k', 'manifests/overlays/cluster-wide', '--dry-run=server']);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(changes(applied.stdout)).toEqual([
      'clusterrole.rbac.authorization.k8s.io/exchange2fa-operator',
      'clusterrolebinding.rbac.authorization.k8s.io/exchange2fa-operator',
      'deployment.apps/exchange2fa-operator',
    ]);
  });

  test('manifests/overlays/cluster-wide lets the operator work in every namespace', async () => {
    const operator = 'system:serviceaccount:exchange2fa-system:exchange2fa-operator';
    const mayMint = async () => {
      const { stdout } = await kubectl(['auth', 'can-i', 'mint', 'mailaccounts.exchange2fa.io', '-n', 'default'], {
        as: operator,
      });
      return stdout.trim();
    };
    expect(await mayMint()).toBe('no');
    const rights = ['-f', 'manifests/overlays/cluster-wide/operator.yaml'];
    try {
      await kubectlOk(['apply', ...rights]);
      await expect.poll(mayMint).toBe('yes');
    } finally {
      await kubectlOk(['delete', ...rights]);
    }
    await expect.poll(mayMint).toBe('no');
  });

  test('only the cluster-wide overlay gives a ClusterRole secrets', async () => {
    const withSecrets = await Promise.all(
      [
        'manifests',
        'manifests/login',
        'manifests/tenant',
        'manifests/tenant-login',
        'manifests/overlays/cluster-wide',
      ].map(async (folder) => ((await clusterRolesOf(folder)).some(reachesSecrets) ? [folder] : [])),
    );
    expect(withSecrets.flat()).toEqual(['manifests/overlays/cluster-wide']);
  });
});

describe("the README's installation", () => {
  const namespace = 'install-readme';
  const block = async (kind: string, which: number): Promise<string> => {
    const readme = await readFile('README.md', 'utf8');
    const blocks = Array.from(readme.matchAll(/```(\w+)\n(.*?)```/gs)).filter(([, found]) => found === kind);
    return (blocks[which]?.[2] ?? '').replaceAll('mail-demo', namespace);
  };
  const asOperator = { as: 'system:serviceaccount:exchange2fa-system:exchange2fa-operator' };

  test('works word for word, and lets the operator work in the namespace that it makes', async () => {
    const readme = await readFile('README.md', 'utf8');
    const [, section = ''] = /\n### Install\n(.*?)\n##/s.exec(readme) ?? [];
    const commands = Array.from(section.matchAll(/```console\n(.*?)```/gs), ([, found = '']) => found).join('');
    const lines = commands.split('\n').map((line) => line.trim());
    const said = lines
      .filter((line) => line.startsWith('$ kubectl '))
      .flatMap((line) => line.replace('$ ', '').replace(/ #.*$/, '').trim().split(' && '));
    expect(said.length).toBeGreaterThanOrEqual(4);
    expect(said.at(-1)).toMatch(/^kubectl rollout status /);
    for (const command of said) {
      const args = command.replaceAll('mail-demo', namespace).split(' ').slice(1);
      // Here no controller brings a Deployment's Pods, so that there is no end to wait for.
      const once = args[0] === 'rollout' ? ['--watch=false'] : [];
      expect(await kubectl([...args, ...once])).toMatchObject({ code: 0, stderr: '' });
    }
    const canMint = await kubectl(
      ['auth', 'can-i', 'mint', 'mailaccounts.exchange2fa.io', '-n', namespace],
      asOperator,
    );
    expect(canMint.stdout.trim()).toBe('yes');
  });

  test.each([
    ['platform', 0],
    ['account', 1],
  ])('takes the %s of its example', async (_, which) => {
    expect(await applyYaml(await block('yaml', which))).toMatchObject({ code: 0, stderr: '' });
  });
});

interface Role {
  readonly kind: string;
  readonly rules: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

async function clusterRolesOf(folder: string): Promise<readonly Role[]> {
  const documents = parseAllDocuments(await kubectlOk(['kustomize', folder]));
  return documents.map((document) => document.toJS() as Role).filter(({ kind }) => kind === 'ClusterRole');
}

const reachesSecrets = ({ rules }: Role): boolean =>
  rules.some(({ resources }) => resources.includes('secrets') || resources.includes('*'));

describe('the Deployment', () => {
  test.each([
    ['manifests', ['mail-demo']],
    ['manifests/overlays/cluster-wide', 'all'],
  ])('of %s tells the operator what it understands', async (folder, namespaces) => {
    const documents = parseAllDocuments(await kubectlOk(['kustomize', folder])).map(
      (each) => each.toJS() as Deployment,
    );
    const container = documents.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers[0];
    const environment = Object.fromEntries(
      container?.env.map(({ name, value }) => [name, value ?? 'of-the-pod']) ?? [],
    );
    expect(readOptions([], environment)).toMatchObject({
      namespaces,
      leaderElect: true,
      leaseNamespace: 'of-the-pod',
      leaseName: 'exchange2fa-operator',
      listen: { host: '0.0.0.0', port: container?.ports[0].containerPort },
    });
  });
});

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly [Container] };
    };
  };
}

interface Container {
  readonly securityContext: object;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly [{ readonly containerPort: number }];
}

interface NetworkPolicy {
  readonly kind: string;
  readonly spec: { readonly podSelector: { readonly matchLabels: object }; readonly [field: string]: unknown };
}

test.each(['manifests', 'manifests/login/service'])(
  'the Pods of %s reach the ports of an API server alone, and write to no file of their image',
  async (folder) => {
    const documents = parseAllDocuments(await kubectlOk(['kustomize', folder])).map(
      (each) => each.toJS() as Deployment | NetworkPolicy,
    );
    const { template } = (documents.find(({ kind }) => kind === 'Deployment') as Deployment).spec;
    const network = (documents.find(({ kind }) => kind === 'NetworkPolicy') as NetworkPolicy).spec;
    expect(template.metadata.labels).toMatchObject(network.podSelector.matchLabels);
    const ports = [443, 6443].map((port) => ({ port, protocol: 'TCP' }));
    expect(network).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [{ ports }] });
    expect(template.spec.containers[0].securityContext).toMatchObject({ readOnlyRootFilesystem: true });
  },
);

describe('Pod Security', () => {
  test('restricted accepts a Pod of the Deployment', async () => {
    const template = await kubectlOk([
      'get',
      'deployment',
      'exchange2fa-operator',
      '-n',
      'exchange2fa-system',
      '-o',
      'jsonpath={.spec.template}',
    ]);
    const { spec } = JSON.parse(template) as { spec: object };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe', namespace: 'exchange2fa-system' }, spec };
    const create = (body: object) =>
      kubectl(['create', '--dry-run=server', '-f', '-'], { input: JSON.stringify(body) });
    expect(await create(pod)).toMatchObject({ code: 0, stderr: '' });
    const careless = { ...pod, spec: { ...spec, securityContext: {} } };
    expect((await create(careless)).stderr).toContain('violates PodSecurity "restricted:latest"');
  });
});

describe('the samples', () => {
  test('are accepted as they are, and say what a newcomer reads first', async () => {
    const files = (await readdir('manifests/samples')).sort();
    expect(files[0]).toBe('00-namespace.yaml');
    await kubectlOk(['apply', '-f', 'manifests/samples/00-namespace.yaml']);
    const applied = await kubectl(['apply', '-f', 'manifests/samples', '--dry-run=server']);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    const first = await Promise.all(files.map((file) => readFile(`manifests/samples/${file}`, 'utf8')));
    expect(first.filter((text) => !text.startsWith('# '))).toEqual([]);
  });
});
