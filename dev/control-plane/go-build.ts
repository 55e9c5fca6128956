import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { followBuild } from './go-progress.ts';
import { startGuard } from './local/guard.ts';
import { takeLock } from './lock.ts';
import { isProgram } from './search-path.ts';
import type { ProviderOptions } from './types.ts';

export const kubernetesVersion = 'v1.37.2';
const sourceFolder = join(import.meta.dirname, 'go');
const progressEveryMs = 15_000;
const waitEveryMs = 500;

/** The program with every part, if it has been built on this machine. */
export function builtProgram(): string | undefined {
  const program = join(buildFolder(), 'control-plane');
  return isProgram(program) ? program : undefined;
}

/** Builds it once for this machine, or waits for another process that does. */
export async function buildProgram(go: string, options: ProviderOptions): Promise<string> {
  const folder = buildFolder();
  await mkdir(join(folder, '..'), { recursive: true });
  let told = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const built = builtProgram();
    if (built !== undefined) return built;
    const lock = await takeLock(`${folder}.lock`);
    if (lock === undefined) {
      if (!told) options.log('another process builds the control plane; waiting for it');
      told = true;
      await sleep(waitEveryMs);
      continue;
    }
    try {
      if (builtProgram() === undefined) await build(go, folder, options);
    } finally {
      await lock.release();
    }
  }
}

/** By version and by content, so that a change builds anew and a branch keeps its own. */
function buildFolder(): string {
  const named = process.env['XDG_CACHE_HOME'];
  const cache = named === undefined || named === '' ? join(homedir(), '.cache') : named;
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of readdirSync(sourceFolder).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(sourceFolder, file)));
  }
  const key = `${kubernetesVersion}-${hash.digest('hex').slice(0, 12)}`;
  return join(cache, 'exchange2fa', 'control-plane', key);
}

async function build(go: string, folder: string, options: ProviderOptions): Promise<void> {
  options.log(
    `building Kubernetes ${kubernetesVersion} (API server, etcd, controllers, kubectl) from source with Go. ` +
      'This happens once on this machine: about 7 minutes with 2 cores, 6 GB of disk for its build cache',
  );
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    await runGo(go, partial, options);
    await symlink('control-plane', join(partial, 'kubectl'));
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function runGo(go: string, target: string, options: ProviderOptions): Promise<void> {
  const began = performance.now();
  const guard = startGuard(undefined);
  const child = spawn(go, buildArguments(target), {
    cwd: sourceFolder,
    detached: true,
    // Without C the program is static: it also runs in a container made from nothing.
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (child.pid !== undefined) guard.watch(child.pid);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const progress = followBuild(child.stderr);
  const report = setInterval(() => {
    options.log(`still building: ${elapsed(began)}, ${progress.soFar()}`);
  }, progressEveryMs);
  // The guard ends the compilers that Go has started; ending Go alone would leave them.
  const giveUp = () => void guard.close();
  options.signal?.addEventListener('abort', giveUp);
  const code = await ended.finally(() => {
    clearInterval(report);
    options.signal?.removeEventListener('abort', giveUp);
    return guard.close();
  });
  options.signal?.throwIfAborted();
  if (code !== 0) throw new Error(`go build failed after ${elapsed(began)}:\n${progress.problems()}`);
  options.log(`built after ${elapsed(began)}`);
}

function buildArguments(target: string): string[] {
  const [major = '', minor = ''] = kubernetesVersion.slice(1).split('.');
  const version = { gitVersion: kubernetesVersion, gitMajor: major, gitMinor: minor };
  const variables = Object.entries(version).map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`);
  const ldflags = ['-s', '-w', ...variables].join(' ');
  // More compilers at once than this take more memory than a small machine has.
  const parallel = String(Math.min(availableParallelism(), 8));
  const flags = ['-v', '-mod=readonly', '-trimpath', '-p', parallel, '-ldflags', ldflags];
  return ['build', ...flags, '-o', join(target, 'control-plane'), '.'];
}

const elapsed = (since: number): string => {
  const seconds = Math.round((performance.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
