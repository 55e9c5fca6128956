import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEngine } from '../../dev/control-plane/container/engine.ts';
import { findProgram } from '../../dev/control-plane/search-path.ts';

export interface Engine {
  readonly address: string;
  stop(): Promise<void>;
}

const bridge = '/sys/class/net/docker0';
const startTimeoutMs = 30_000;

/** The engine that answers, or one of our own; a sentence where there can be none. */
export async function findOrStartEngine(): Promise<Engine | string> {
  const address = await findEngine();
  if (address !== undefined) return { address, stop: () => Promise.resolve() };
  const program = findProgram('dockerd');
  if (program === undefined) return 'no Docker engine answers, and no dockerd is installed';
  if (process.getuid?.() !== 0) return 'no Docker engine answers, and only root can start one';
  return startEngine(program);
}

async function startEngine(program: string): Promise<Engine | string> {
  const folder = mkdtempSync(join(tmpdir(), 'dockerd-'));
  const socket = join(folder, 'docker.sock');
  const hadBridge = existsSync(bridge);
  const log = openSync(join(folder, 'log'), 'w');
  const child = spawn(program, engineArguments(folder, socket), { stdio: ['ignore', log, log] });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    // The engine leaves its bridge behind; a test does not.
    const ip = findProgram('ip');
    if (!hadBridge && ip !== undefined && existsSync(bridge)) spawnSync(ip, ['link', 'delete', 'docker0']);
    // So does a container that has used the machine's own network: a mount.
    const network = join(folder, 'run/netns/default');
    const umount = findProgram('umount');
    if (umount !== undefined && existsSync(network)) spawnSync(umount, [network]);
    rmSync(folder, { recursive: true, force: true });
  };
  const address = `unix://${socket}`;
  process.env['DOCKER_HOST'] = address;
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline && child.exitCode === null) {
    if ((await findEngine()) !== undefined) return { address, stop };
    await sleep(200);
  }
  const words = readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n').at(-1) ?? '';
  await stop();
  return `dockerd does not run here: ${words}`;
}

/** Changes neither the firewall nor the forwarding of the machine: ports of containers are forwarded by a process. */
function engineArguments(folder: string, socket: string): string[] {
  return [
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(folder, 'run')}`,
    `--pidfile=${join(folder, 'pid')}`,
    `--host=unix://${socket}`,
    '--iptables=false',
    '--ip-forward=false',
    '--ip-masq=false',
  ];
}
