import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GenericContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { builtProgram } from '../../dev/control-plane/go-build.ts';
import { startControlPlane } from '../../dev/control-plane/index.ts';
import { findOrStartEngine, type Engine } from './docker-engine.ts';
import { eventually, kubectl, temporaryFolder } from './support.ts';

const image = 'exchange2fa-control-plane:test';
const container = { image, privileged: false };
let engine: Engine | string;

beforeAll(async () => {
  // The reaper is an image of its own, which must be fetched; our guard does its work.
  vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true');
  engine = await findOrStartEngine();
});
afterAll(async () => {
  if (typeof engine !== 'string') await engine.stop();
});

/** An image of nothing but the built program, which keeps K3s's contract. */
async function buildImage(program: string): Promise<void> {
  const context = temporaryFolder();
  copyFileSync(program, join(context, 'control-plane'));
  writeFileSync(
    join(context, 'Dockerfile'),
    'FROM scratch\nCOPY control-plane /control-plane\nENTRYPOINT ["/control-plane"]\n',
  );
  await GenericContainer.fromDockerfile(context).build(image, { deleteOnExit: false });
}

/** Why no container can be started here, if so. */
async function reasonToSkip(): Promise<string | undefined> {
  if (typeof engine === 'string') return engine;
  const program = builtProgram();
  if (program === undefined) return 'no program was built on this machine to make an image of';
  await buildImage(program);
  return undefined;
}

const ourContainers = () => docker('ps', '--all', '--quiet', '--filter', `ancestor=${image}`);
const docker = (...args: string[]) => execFileSync('docker', args).toString().trim();

describe('a control plane in a container', () => {
  it('answers on the loopback only, and goes with its end', async (ctx) => {
    const reason = await reasonToSkip();
    if (reason !== undefined) return ctx.skip(reason);
    const controlPlane = await startControlPlane({ provider: 'k3s', container, log: () => undefined });
    onTestFinished(() => controlPlane.stop());
    expect(await kubectl(controlPlane, 'get', '--raw', '/readyz')).toBe('ok');
    expect(new URL(controlPlane.server).hostname).toBe('127.0.0.1');
    expect(docker('port', ourContainers(), '6443')).toMatch(/^127\.0\.0\.1:\d+$/);
    await kubectl(controlPlane, 'create', 'namespace', 'passing');
    await kubectl(controlPlane, 'delete', 'namespace', 'passing', '--timeout=60s');
    await controlPlane.stop();
    expect(ourContainers()).toBe('');
  });

  it('is removed when the process that started it is killed', async (ctx) => {
    const reason = await reasonToSkip();
    if (reason !== undefined) return ctx.skip(reason);
    const module = join(import.meta.dirname, '../../dev/control-plane/index.ts');
    const script = `import { startControlPlane } from ${JSON.stringify(module)};
      await startControlPlane({ provider: 'k3s', container: ${JSON.stringify(container)} });
      console.log('ready'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: child.stdout }), 'line');
    expect(ourContainers()).not.toBe('');
    child.kill('SIGKILL');
    await eventually(() => ourContainers() === '');
    expect(ourContainers()).toBe('');
  });

  it('is passed over, with the reason, where its image cannot be had', async (ctx) => {
    if (typeof engine === 'string') return ctx.skip(engine);
    const missing = { image: 'localhost:1/no/such-image:v1', privileged: false };
    await expect(startControlPlane({ provider: 'k3s', container: missing, log: () => undefined })).rejects.toThrow(
      /the image localhost:1\/no\/such-image:v1 cannot be had/,
    );
  });
});
