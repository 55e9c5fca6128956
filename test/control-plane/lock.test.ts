import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock, type Lock } from '../../dev/control-plane/lock.ts';
import { temporaryFolder } from './support.ts';

// Above the highest process number that Linux gives.
const nobody = '4194305';

const newLock = () => join(temporaryFolder(), 'lock');

describe('a lock', () => {
  it('has one holder at a time, and the next when it is given back', async () => {
    const path = newLock();
    const first = await takeLock(path);
    expect(first).toBeDefined();
    expect(await takeLock(path)).toBeUndefined();
    await first?.release();
    const second = await takeLock(path);
    expect(second).toBeDefined();
    expect(await takeLock(path)).toBeUndefined();
    await second?.release();
  });

  it('is free when its holder has died', async () => {
    const path = newLock();
    writeFileSync(`${path}.1`, nobody);
    const lock = await takeLock(path);
    expect(lock).toBeDefined();
    await lock?.release();
  });

  it('is free when its holder no longer touches it, whoever has its number now', async () => {
    const path = newLock();
    writeFileSync(`${path}.1`, `${process.pid}`);
    expect(await takeLock(path)).toBeUndefined();
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(`${path}.1`, longAgo, longAgo);
    const lock = await takeLock(path);
    expect(lock).toBeDefined();
    await lock?.release();
  });

  it('goes to exactly one of many who find the holder dead at the same moment', async () => {
    for (let round = 0; round < 100; round += 1) {
      const path = newLock();
      writeFileSync(`${path}.1`, nobody);
      const all = await Promise.all(Array.from({ length: 8 }, () => takeLock(path)));
      const winners = all.filter((lock): lock is Lock => lock !== undefined);
      await Promise.all(winners.map((lock) => lock.release()));
      expect(winners.length).toBe(1);
    }
  });
});
