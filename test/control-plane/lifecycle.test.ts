import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startControlPlane, type ControlPlane, type StartOptions } from '../../dev/control-plane/index.ts';
import {
  eventually,
  isGone,
  kubectl,
  localProvider,
  processesOf,
  runFolder,
  runProgram,
  temporaryFolder,
} from './support.ts';

async function start(options: StartOptions = {}): Promise<ControlPlane> {
  const controlPlane = await startControlPlane({ provider: localProvider, log: () => undefined, ...options });
  onTestFinished(() => controlPlane.stop());
  return controlPlane;
}

describe('a local control plane', () => {
  it('is ready, serves kubectl over verified TLS, and stops without a trace', async () => {
    const said: string[] = [];
    const controlPlane = await start({ log: (sentence) => said.push(sentence) });
    expect(said.at(-1)).toMatch(/^ready after [0-9.]+ s at https:/);
    const folder = runFolder(controlPlane.kubeconfig);
    expect(await kubectl(controlPlane, 'get', '--raw', '/readyz')).toBe('ok');
    expect(new URL(controlPlane.server).hostname).toBe('127.0.0.1');
    expect(statSync(controlPlane.kubeconfig).mode & 0o777).toBe(0o600);
    expect(readFileSync(controlPlane.kubeconfig, 'utf8')).not.toContain('insecure');
    expect(processesOf(folder).length).toBeGreaterThanOrEqual(3);
    await controlPlane.stop();
    expect(isGone(folder)).toBe(true);
  });

  it('puts no token into the arguments of a process', async () => {
    const controlPlane = await start();
    const token = /token: (\S+)/.exec(readFileSync(controlPlane.kubeconfig, 'utf8'))?.[1];
    expect(token?.length).toBeGreaterThan(40);
    expect(processesOf(token!)).toEqual([]);
  });

  it('gives up a start that is aborted, without a trace', async () => {
    const dataDir = temporaryFolder();
    const aborting = AbortSignal.timeout(1000);
    await expect(start({ dataDir, signal: aborting })).rejects.toThrow();
    expect(processesOf(dataDir)).toEqual([]);
  });
});

describe('a data folder', () => {
  it('brings objects, port and token back at the next start', async () => {
    const dataDir = temporaryFolder();
    const first = await start({ dataDir });
    await kubectl(first, 'create', 'configmap', 'kept');
    const kubeconfig = readFileSync(first.kubeconfig, 'utf8');
    await first.stop();
    const second = await start({ dataDir });
    expect(readFileSync(second.kubeconfig, 'utf8')).toBe(kubeconfig);
    expect(await kubectl(second, 'get', 'configmap', 'kept', '-o', 'name')).toBe('configmap/kept');
  });

  it('is not shared by two control planes', async () => {
    const dataDir = temporaryFolder();
    await start({ dataDir });
    await expect(start({ dataDir })).rejects.toThrow(/in use by another control plane/);
  });
});

describe('the program control-plane', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints the kubeconfig first, and on %s ends all with code 0',
    async (signal) => {
      const { process: program, firstLine } = await runProgram('--provider', localProvider);
      expect(existsSync(firstLine)).toBe(true);
      const ended = once(program, 'exit');
      program.kill(signal);
      expect(await ended).toEqual([0, null]);
      expect(isGone(runFolder(firstLine))).toBe(true);
    },
  );

  it('leaves no process and no folder when it is killed', async () => {
    const { process: program, firstLine } = await runProgram('--provider', localProvider);
    program.kill('SIGKILL');
    await eventually(() => isGone(runFolder(firstLine)), 5000);
    expect(isGone(runFolder(firstLine))).toBe(true);
  });

  it('keeps what was written before it was killed, and starts again at once', async () => {
    const dataDir = temporaryFolder();
    const { process: program, firstLine } = await runProgram('--provider', localProvider, '--data-dir', dataDir);
    const { kubectl: command } = await start();
    await kubectl({ kubectl: command.with(-1, firstLine) }, 'create', 'configmap', 'kept');
    program.kill('SIGKILL');
    await once(program, 'exit');
    const again = await start({ dataDir });
    expect(await kubectl(again, 'get', 'configmap', 'kept', '-o', 'name')).toBe('configmap/kept');
  });
});
