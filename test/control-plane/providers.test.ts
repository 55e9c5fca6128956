import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { builtProgram, buildProgram } from '../../dev/control-plane/go-build.ts';
import { startControlPlane, type ControlPlane } from '../../dev/control-plane/index.ts';
import { kubectl, localProvider, temporaryFolder } from './support.ts';

const quiet = { log: () => undefined };

afterEach(() => vi.unstubAllEnvs());

async function started(starting: Promise<ControlPlane>): Promise<ControlPlane> {
  const controlPlane = await starting;
  onTestFinished(() => controlPlane.stop());
  return controlPlane;
}

describe('a kubeconfig context', () => {
  /** A file whose current context leads nowhere, beside the one that leads to the control plane. */
  function twoContexts({ kubeconfig }: ControlPlane): string {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as Record<string, Record<string, unknown>[]>;
    config['clusters']?.push({ name: 'production', cluster: { server: 'https://127.0.0.1:1' } });
    config['contexts']?.push({ name: 'production', context: { cluster: 'production', user: 'exchange2fa' } });
    const file = join(temporaryFolder(), 'two');
    writeFileSync(file, stringify({ ...config, 'current-context': 'production' }));
    return file;
  }

  it('is used only when it is named, alone, and outlives its use', async () => {
    const real = await started(startControlPlane({ ...quiet, provider: localProvider }));
    const kubeconfig = twoContexts(real);
    const unnamed = startControlPlane({ ...quiet, kubeconfig });
    await expect(unnamed).rejects.toThrow(/the current one is never assumed[^]*--context: exchange2fa, production/);
    const named = await startControlPlane({ ...quiet, kubeconfig, context: 'exchange2fa' });
    expect(named).toMatchObject({ provider: 'context', server: real.server });
    expect(await kubectl(named, 'config', 'get-contexts', '-o', 'name')).toBe('exchange2fa');
    await named.stop();
    expect(existsSync(named.kubeconfig)).toBe(false);
    expect(await kubectl(real, 'get', '--raw', '/readyz')).toBe('ok');
    const dead = startControlPlane({ ...quiet, kubeconfig, context: 'production' });
    await expect(dead).rejects.toThrow(/context production at https:\/\/127.0.0.1:1 is not ready/);
  });

  it('is refused with its alternatives when it does not exist', async () => {
    const kubeconfig = join(temporaryFolder(), 'none');
    await expect(startControlPlane({ ...quiet, kubeconfig, context: 'x' })).rejects.toThrow(/there is no kubeconfig/);
    await expect(startControlPlane({ ...quiet, context: 'x', provider: 'go' })).rejects.toThrow(/name one of the two/);
  });
});

describe('KUBEBUILDER_ASSETS', () => {
  it('is used when it holds the programs', async (ctx) => {
    const program = builtProgram();
    if (program === undefined) return ctx.skip('no program was built on this machine to put there');
    const folder = temporaryFolder();
    for (const [name, part] of Object.entries({ etcd: 'etcd', 'kube-apiserver': 'apiserver', kubectl: 'kubectl' })) {
      writeScript(join(folder, name), `exec '${program}' ${part} "$@"`);
    }
    vi.stubEnv('KUBEBUILDER_ASSETS', folder);
    const said: string[] = [];
    const log = (sentence: string) => void said.push(sentence);
    const controlPlane = await started(startControlPlane({ needsLocal: true, log }));
    expect(controlPlane.provider).toBe('assets');
    expect(said.join()).toContain('no kube-controller-manager');
    expect(await kubectl(controlPlane, 'get', '--raw', '/readyz')).toBe('ok');
  });
});

describe('where nothing is possible', () => {
  it('says what was tried, why it failed, and what to install', async () => {
    vi.stubEnv('PATH', '');
    vi.stubEnv('KUBEBUILDER_ASSETS', '');
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere');
    vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
    const error = await startControlPlane(quiet).catch((reason: unknown) => reason as Error);
    expect((error as Error).message).toMatchInlineSnapshot(`
      "No Kubernetes control plane can be started here. Tried:
        - K3s in a container: no Docker engine answers
        - KUBEBUILDER_ASSETS: KUBEBUILDER_ASSETS is not set
        - a build with Go: there is no go on the PATH
      What would help, any one of:
        - start Docker (or set DOCKER_HOST), with kubectl on the PATH
        - set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl (kube-controller-manager too, if possible)
        - install Go 1.26 or newer: Kubernetes v1.37.2 is then built once, in about 7 minutes"
    `);
  });
});

describe('the build with Go', () => {
  let folder: string;
  const calls = () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').length - 1;
  const build = () => buildProgram(join(folder, 'go'), quiet);

  beforeEach(() => {
    folder = temporaryFolder();
    vi.stubEnv('XDG_CACHE_HOME', folder);
    // In place of the compiler: notes that it was called, takes its time, and writes what it was told to.
    const script = 'while [ "$1" != -o ]; do shift; done; sleep 1; printf "#!/bin/sh\\n" > "$2"; chmod +x "$2"';
    writeScript(join(folder, 'go'), `echo call >> '${folder}/calls'; ${script}`);
  });

  it('is done once by two who need it at the same time, and found afterwards', async () => {
    const [one, other] = await Promise.all([build(), build()]);
    expect(one).toBe(other);
    expect(await build()).toBe(builtProgram());
    expect(calls()).toBe(1);
  });

  it('is not held up by one that died at it', async () => {
    const path = await build();
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'other'));
    const lock = join(path.replace(folder, join(folder, 'other')), '..');
    mkdirSync(join(lock, '..'), { recursive: true });
    writeFileSync(`${lock}.lock.1`, '4194305');
    await build();
    expect(calls()).toBe(2);
    expect(existsSync(`${lock}.lock.1`)).toBe(false);
  });

  it('shows what the compiler said when it fails', async () => {
    writeScript(join(folder, 'go'), 'echo "main.go:1:1: no such thing" >&2; exit 1');
    await expect(build()).rejects.toThrow(/go build failed after 0 s:\nmain.go:1:1: no such thing/);
    expect(builtProgram()).toBeUndefined();
  });
});

function writeScript(file: string, body: string): void {
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}
