import { accountKind, accountsResource, apiVersion, group, secretNamePrefix } from '../../api/names.ts';
import { formatSeconds } from '../../api/instants.ts';
import type { MailAccountTwoFactor } from '../../api/generated/mail-account.ts';
import type { Result } from '../../kube/client/errors.ts';
import { secretsResource, type KubeObject, type Resource } from '../../kube/client/resource.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { MailAccount } from '../cluster/objects.ts';
import { failed, ok, unknown, type Check } from './finding.ts';
import { requestVerbs, type Rights } from './rights.ts';

const admission = (plural: string): Resource => ({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural,
  namespaced: false,
});

interface Policy extends KubeObject {
  readonly spec: { readonly failurePolicy?: string };
}

interface Binding extends KubeObject {
  readonly spec: {
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly matchResources?: unknown;
  };
}

/** Why no request was tried that the policy must refuse. */
interface NotTried {
  readonly notTried: string;
}

/** A request that the policy must refuse, with the API server told to write nothing, or why there is none to try. */
type Trial = (cluster: Cluster, rights: Rights) => Promise<Result<unknown> | NotTried>;

const dryRun = (cluster: Cluster, resource: Resource, body: KubeObject): Promise<Result<unknown>> =>
  cluster.client.request({
    method: 'POST',
    resource,
    address: { namespace: cluster.namespace },
    query: { dryRun: 'All' },
    body,
  });

const opaque = (namespace: string, name: string): KubeObject & { readonly type: string } => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace, name },
  type: 'Opaque',
});

const mayNotCreateSecrets: NotTried = { notTried: 'this identity may not create Secrets' };

/** Whatever verbs somebody holds: these names are for Secrets of our type. */
const tryName: Trial = async (cluster, { secrets }) =>
  secrets.get('create') === true
    ? dryRun(cluster, secretsResource, opaque(cluster.namespace, secretNamePrefix + '0'.repeat(40)))
    : mayNotCreateSecrets;

/** Only for who is taken for a login service: any other Secret. */
const tryOther: Trial = async (cluster, { accounts, secrets }) => {
  if (accounts.get('verify') !== true || accounts.get('mint') !== false)
    return { notTried: 'it refuses only login services, which hold verify and not mint, and this identity is none' };
  return secrets.get('create') === true
    ? dryRun(cluster, secretsResource, opaque(cluster.namespace, 'twofactor-doctor'))
    : mayNotCreateSecrets;
};

/** What needs a verb, different from what the account says now. */
const requestOf = (
  verb: (typeof requestVerbs)[number],
  present: MailAccount | undefined,
  now: number,
): MailAccountTwoFactor => {
  const requestedAt = formatSeconds(now);
  switch (verb) {
    case 'suspend':
      return { suspension: { requestedAt, hours: 1 } };
    case 'reset':
      return { reset: { requestedAt } };
    case 'unlock':
      return { unlock: { requestedAt } };
    case 'remove':
      return { state: present?.spec.twoFactor?.state === 'Removed' ? 'Enabled' : 'Removed' };
  }
};

/** For who lacks one of our verbs: a new account with such a request, or such a request on one that there is. */
const tryRequest: Trial = async (cluster, { accounts }) => {
  const { namespace, client } = cluster;
  const verb = requestVerbs.find((each) => accounts.get(each) === false);
  if (verb === undefined)
    return { notTried: `it refuses who lacks a verb, and this identity holds ${requestVerbs.join(', ')}` };
  if (accounts.get('create') === true) {
    const spec = { platformRef: { name: 'none' }, address: 'twofactor-doctor@example.invalid' };
    const twoFactor = requestOf(verb, undefined, cluster.now());
    const metadata = { namespace, name: 'twofactor-doctor' };
    const body: MailAccount = { apiVersion, kind: accountKind, metadata, spec: { ...spec, twoFactor } };
    return dryRun(cluster, accountsResource, body);
  }
  if (accounts.get('patch') !== true || accounts.get('list') !== true)
    return { notTried: 'this identity may not change MailAccounts' };
  const page = await client.list<MailAccount>(accountsResource, { namespace, limit: 1 });
  const [present] = page.ok ? page.value.items : [];
  if (!present) return { notTried: 'there is no MailAccount to try it on' };
  return client.request({
    method: 'PATCH',
    resource: accountsResource,
    address: { namespace, name: present.metadata.name },
    query: { dryRun: 'All' },
    body: { spec: { twoFactor: requestOf(verb, present, cluster.now()) } },
    contentType: 'application/merge-patch+json',
  });
};

/** What became of a request that the policy of this name must refuse; what anything else refused says nothing of it. */
export const trialOf = (name: string, answer: Result<unknown> | NotTried): 'refused' | 'passed' | NotTried => {
  if ('notTried' in answer) return answer;
  if (answer.ok) return 'passed';
  const denial = 'denial' in answer.error ? answer.error.denial : undefined;
  const isByIt = denial?.by === 'policy' && denial.name === name;
  return isByIt ? 'refused' : { notTried: 'something else refuses such a request before' };
};

/** What keeps an installed policy from refusing, or nothing. */
const weaknessOf = (name: string, policy: Policy, binding: Binding): string | undefined => {
  const { policyName, validationActions, matchResources } = binding.spec;
  if (policyName !== name) return `its binding names the policy ${policyName ?? ''}`;
  if (!validationActions?.includes('Deny')) return 'its binding does not deny';
  if (policy.spec.failurePolicy === 'Ignore') return 'its failurePolicy is Ignore: what it cannot judge passes';
  return matchResources === undefined ? undefined : 'its binding covers only some objects (spec.matchResources)';
};

/** What the objects of a policy say; undefined where these rights do not show them. */
const readPolicy = async (
  { client }: Cluster,
  name: string,
): Promise<'denies' | { readonly lacks: string } | undefined> => {
  const [policy, binding] = await Promise.all([
    client.get<Policy>(admission('validatingadmissionpolicies'), { name }),
    client.get<Binding>(admission('validatingadmissionpolicybindings'), { name }),
  ]);
  const errors = [policy, binding].flatMap((answer) => (answer.ok ? [] : [answer.error.kind]));
  if (errors.includes('notFound')) return { lacks: 'is not installed, so RBAC alone guards' };
  if (!policy.ok || !binding.ok) return undefined;
  const weakness = weaknessOf(name, policy.value, binding.value);
  return weakness === undefined ? 'denies' : { lacks: `is installed, but ${weakness}` };
};

const reinstall = 'kubectl apply -k manifests/policies';

const checkPolicy = async (cluster: Cluster, rights: Rights, short: string, attempt: Trial): Promise<Check> => {
  const about = `policy ${short}`;
  const name = `${short}.${group}`;
  const says = await readPolicy(cluster, name);
  if (typeof says === 'object') return failed(about, `${says.lacks}: ${reinstall}`);
  const trial = trialOf(name, await attempt(cluster, rights));
  if (trial === 'refused') return ok(about, 'refuses what it must (tried; nothing was written)');
  if (trial === 'passed')
    return failed(about, `lets through what it must refuse (tried; nothing was written): ${reinstall}`);
  return says === 'denies'
    ? ok(about, `is installed and denies; not tried: ${trial.notTried}`)
    : unknown(about, `can't be read with these rights, and not tried: ${trial.notTried}`);
};

/** The admission policies: present, and effective as far as the caller can try. */
export const checkPolicies = (cluster: Cluster, rights: Rights): Promise<readonly Check[]> =>
  Promise.all([
    checkPolicy(cluster, rights, 'mailaccount-verbs', tryRequest),
    checkPolicy(cluster, rights, 'totp-secrets', tryName),
    checkPolicy(cluster, rights, 'verify-writes-only-totp', tryOther),
  ]);
