import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

const heartbeatMs = 5000;
const deadAfterMs = 30_000;
const released = 'released';

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes a lock, or answers undefined while somebody living holds it. A holder lives while its process exists and
 * touches its file: a process number alone may belong to somebody else after a restart.
 *
 * Each holder has a file of its own, `<path>.1`, `<path>.2` and so on, and the highest counts. To remove a dead
 * holder's file and make another could remove what a third one has just made; to make the next can only one of many.
 */
export async function takeLock(path: string): Promise<Lock | undefined> {
  const last = await lastTurn(path);
  if (last > 0 && (await isHeld(`${path}.${last}`))) return undefined;
  const turn = last + 1;
  const file = `${path}.${turn}`;
  if (!(await create(file))) return undefined;
  if ((await lastTurn(path)) !== turn) {
    // Others have had this turn and the next while we looked, and took the file away.
    await rm(file, { force: true });
    return undefined;
  }
  await Promise.all(
    (await turns(path)).filter((old) => old < turn).map((old) => rm(`${path}.${old}`, { force: true })),
  );
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatMs);
  heartbeat.unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      // It stays, for the next turn to count from.
      await writeFile(file, released);
    },
  };
}

async function lastTurn(path: string): Promise<number> {
  return Math.max(0, ...(await turns(path)));
}

async function turns(path: string): Promise<number[]> {
  const prefix = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix));
  return names.map((name) => Number(name.slice(prefix.length))).filter((turn) => Number.isSafeInteger(turn));
}

async function create(file: string): Promise<boolean> {
  try {
    await writeFile(file, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isHeld(file: string): Promise<boolean> {
  try {
    const [content, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    if (content === released || Date.now() - mtimeMs >= deadAfterMs) return false;
    // Empty: its holder has made it and is about to write its number.
    return content === '' || exists(Number(content));
  } catch (error) {
    // The next turn has begun.
    if (isCode(error, 'ENOENT')) return true;
    throw error;
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
