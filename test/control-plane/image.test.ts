import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { startControlPlane } from '../../dev/control-plane/index.ts';
import { findOrStartEngine, type Engine } from './docker-engine.ts';
import { layOutBuildBase, layOutRunBase } from './image-bases.ts';
import { eventually, kubectl, localProvider } from './support.ts';

const image = 'exchange2fa-operator:test';
let folder: string;
let engine: Engine | undefined;
let reasonToSkip: string | undefined;

const docker = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)('docker', args, { maxBuffer: 1e8, env: dockerEnvironment() });
  return stdout.trim();
};
/** The builder that needs no image of its own. */
const dockerEnvironment = () => ({ ...process.env, DOCKER_BUILDKIT: '0' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exchange2fa-image-'));
  const found = await findOrStartEngine();
  if (typeof found === 'string') reasonToSkip = found;
  else {
    engine = found;
    reasonToSkip = layOutBuildBase(join(folder, 'build/root'));
    if (reasonToSkip === undefined) await buildImage();
  }
});

afterAll(async () => {
  if (engine !== undefined && reasonToSkip === undefined) await docker('image', 'rm', '--force', image);
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function buildImage(): Promise<void> {
  layOutRunBase(join(folder, 'run/root'));
  for (const base of ['build', 'run']) {
    writeFileSync(join(folder, base, 'Dockerfile'), 'FROM scratch\nCOPY root /\n');
    await docker('build', '--tag', `exchange2fa-${base}-base:test`, join(folder, base));
  }
  const bases = [
    '--build-arg',
    'BUILD_BASE=exchange2fa-build-base:test',
    '--build-arg',
    'RUN_BASE=exchange2fa-run-base:test',
  ];
  await docker('build', '--network=host', '--tag', image, ...bases, '.');
}

/** As the Deployment runs it: nobody, nothing to write to, no way to more rights. */
const restricted = ['--rm', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'];

describe('the image', () => {
  it('runs as nobody, and holds one program', async (ctx) => {
    if (reasonToSkip !== undefined) return ctx.skip(reasonToSkip);
    const [{ Config: config }] = JSON.parse(await docker('image', 'inspect', image)) as [{ Config: { User: string } }];
    expect(config.User).toBe('65532:65532');
    expect(await docker('run', ...restricted, image, '--help')).toMatch(/^Usage: operator \[options\]/);
  });

  it('works on a cluster with a read-only root file system, and ends when it is told to', async (ctx) => {
    if (reasonToSkip !== undefined) return ctx.skip(reasonToSkip);
    const controlPlane = await startControlPlane({ provider: localProvider, log: () => undefined });
    onTestFinished(() => controlPlane.stop());
    await kubectl(controlPlane, 'apply', '-k', 'manifests');
    const kubeconfig = copyForNobody(controlPlane.kubeconfig);
    const mount = ['--volume', `${kubeconfig}:/kubeconfig:ro`, '--env', 'KUBECONFIG=/kubeconfig'];
    const options = [
      '--network=host',
      ...mount,
      '--env',
      'WATCH_NAMESPACES=default',
      '--name',
      'exchange2fa-image-test',
    ];
    const child = spawn('docker', ['run', ...restricted, ...options, image], { env: dockerEnvironment() });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    const address = await eventually(() => /"address":"([^"]+)".*"listening"/.exec(said)?.[1]).catch(() => said);
    await eventually(async () => (await fetch(`${address}/readyz`)).ok);
    const lease = [
      'get',
      'lease',
      'exchange2fa-operator',
      '-n',
      'exchange2fa-system',
      '-o',
      'jsonpath={.spec.holderIdentity}',
    ];
    await eventually(async () => (await kubectl(controlPlane, ...lease)) !== '');
    await docker('stop', 'exchange2fa-image-test');
    expect(await ended).toBe(0);
    expect(await kubectl(controlPlane, ...lease)).toBe('');
  });

  /** With the certificates in it, and readable for whom the image runs as. */
  function copyForNobody(from: string): string {
    const text = readFileSync(from, 'utf8');
    const kubeconfig = parse(text) as { clusters: [{ cluster: Record<string, string> }] };
    const [{ cluster }] = kubeconfig.clusters;
    const authority = readFileSync(cluster['certificate-authority'] ?? '');
    kubeconfig.clusters[0].cluster = {
      server: cluster['server'] ?? '',
      'certificate-authority-data': authority.toString('base64'),
    };
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, stringify(kubeconfig));
    chmodSync(file, 0o644);
    chmodSync(folder, 0o755);
    return file;
  }
});
