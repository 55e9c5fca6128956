import { expect, test } from 'vitest';
import { codeTeller } from '../../../dev/quick-start/codes.ts';
import { createTerminal } from '../../../dev/quick-start/terminal.ts';
import type { SeedData } from '../../../src/login/secrets/secret.ts';
import type { Verdict } from '../../../src/core/second-factor.ts';
import type { Clock } from '../../../src/host/clock.ts';
import { code, now, seed } from '../login/tables/record.ts';

/** Whoever waits is woken at once, and finds that the time has passed. */
class HurriedClock implements Clock {
  #passedMs = 0;
  now(): number {
    return now + this.#passedMs;
  }
  monotonic(): number {
    return this.#passedMs;
  }
  after(delayMs: number, wake: () => void): () => void {
    const immediate = setImmediate(() => {
      this.#passedMs += delayMs;
      wake();
    });
    return () => clearImmediate(immediate);
  }
}

const [ben, gil] = ['ben@example.com', 'gil@example.com'];
const seedData = { otpauthUri: `otpauth://totp/E:${ben}?secret=${seed}&issuer=E` } as SeedData;

/** A teller, and what it has said, where a login meets this; a code is accepted once so many were told. */
const given = (verdict: Verdict, typesAfter = Infinity) => {
  const lines: string[] = [];
  const codes = (): string[] => lines.flatMap((line) => /^ +(\d{6}) +until/.exec(line)?.[1] ?? []);
  const terminal = { ...createTerminal(process.stdout), say: (text = '') => void lines.push(text) };
  const login = {
    meets: () => Promise.resolve({ verdict, sentence: '' }),
    seedOf: () => Promise.resolve(seedData),
  };
  const secretAnnotations = () => Promise.resolve(codes().length < typesAfter ? {} : { 'last-step': '1' });
  const { signal } = new AbortController();
  const tell = codeTeller({ signal, login, objects: { secretAnnotations } }, terminal, new HurriedClock());
  return { tell, lines, codes };
};

const asked: Verdict = { kind: 'code' };

test('codes are told anew as long as none was accepted', async () => {
  const { tell, codes } = given(asked, 6);
  await tell(ben);
  expect(codes()).toEqual([0, 1, 2, 3, 4, 5].map((steps) => code(steps)));
});

test('for a quarter of an hour at most', async () => {
  const { tell, codes } = given(asked);
  await tell(ben);
  expect(codes()).toHaveLength(33);
});

test('nothing is told where no code is asked for', async () => {
  const { tell, lines } = given({ kind: 'none', reason: 'Off' });
  await tell(ben);
  expect(lines).toEqual([]);
});

test('of two, the last to type the password is told', async () => {
  const { tell, lines } = given(asked, 3);
  await Promise.all([tell(ben), tell(gil)]);
  expect(lines.filter((line) => line.includes('has typed'))).toEqual([expect.stringContaining('gil')]);
});
