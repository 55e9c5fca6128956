import { describe, expect } from 'vitest';
import type { RequestAct } from '../../support/fault-proxy-rules.ts';
import { anonymous, newLife, play, seedsOfLife, seedsTaken, spoiling } from '../../support/scenario-life.ts';
import { account, platform, secretOf } from '../../support/scenario-objects.ts';
import { alone } from '../../support/scenario.ts';

const refused = (code: number, reason: string): RequestAct => ({
  do: 'respond',
  status: code,
  headers: code === 429 ? { 'retry-after': '1' } : {},
  body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message: 'injected' }),
});

const unanswered = (code: number, reason: string): RequestAct =>
  ({
    ...refused(code, reason),
    afterForwarding: true,
  }) as RequestAct;

/** What meets each write of an account that is named so: the first try of each, or, where it was done after all, every one. */
const faults: Readonly<Record<string, { readonly act: RequestAct; readonly tries: 'first' | 'every' }>> = {
  'drop-before': { act: { do: 'drop-before' }, tries: 'first' },
  'drop-after': { act: { do: 'drop-after' }, tries: 'every' },
  conflict: { act: refused(409, 'Conflict'), tries: 'first' },
  throttled: { act: refused(429, 'TooManyRequests'), tries: 'first' },
  'internal-error': { act: refused(500, 'InternalError'), tries: 'first' },
  'internal-error-but-done': { act: unanswered(500, 'InternalError'), tries: 'every' },
  unavailable: { act: refused(503, 'ServiceUnavailable'), tries: 'first' },
  'timed-out': { act: refused(504, 'Timeout'), tries: 'first' },
  'timed-out-but-done': { act: unanswered(504, 'Timeout'), tries: 'every' },
};

const lifeMs = 180_000;
/** Of a life: a Secret and a status each for five chapters, a status for the enrolment, an orphaning and a deletion. */
const leastWrites = 13;
const unharmed = 'twin';

describe.concurrent('a whole life of an account', () => {
  alone(
    'ends as without faults, and with no seed more, whatever meets each of its writes',
    async (tenant) => {
      const { stage, namespace } = tenant;
      const names = [unharmed, ...Object.keys(faults)];
      for (const [name, { act, tries }] of Object.entries(faults)) stage.proxy.add(spoiling(account(name), act, tries));
      await stage.start();
      await tenant.given(platform({ retainDeletedHours: 0 }));
      for (const chapter of newLife()) {
        await play(tenant, names, chapter);
        const expected = await anonymous(stage, namespace, unharmed);
        for (const name of names)
          expect(await anonymous(stage, namespace, name), `${name} ${chapter.title}`).toBe(expected);
      }
      await tenant.kubectl(`delete mailaccount ${names.join(' ')}`);
      for (const name of names) await tenant.eventually(secretOf(account(name))).isGone();
      const seeds = names.map((name) => [name, seedsTaken(tenant, account(name))]);
      expect(seeds).toEqual(names.map((name) => [name, seedsOfLife]));
    },
    [],
    lifeMs,
  );

  alone(
    'ends as without crashes, and with no seed more, though the operator is killed before and after each of its writes',
    async (tenant) => {
      const { stage, namespace } = tenant;
      const victim = account('victim');
      const kill = (): void => stage.operator.signal('SIGKILL');
      const killBefore = async (): Promise<void> => {
        kill();
        await stage.operator.ended;
        throw new Error('the connection ends with the process');
      };
      stage.proxy.add(spoiling(victim, { do: 'hook', run: killBefore }, 'first'));
      stage.proxy.add(spoiling(victim, { do: 'drop-after', run: kill }, 'every'));
      const running = stage.keepRunning();
      await tenant.given(platform({ retainDeletedHours: 0 }));
      for (const chapter of newLife()) {
        await play(tenant, [unharmed, 'victim'], chapter);
        const expected = await anonymous(stage, namespace, unharmed);
        expect(await anonymous(stage, namespace, 'victim'), `victim ${chapter.title}`).toBe(expected);
      }
      await tenant.kubectl(`delete mailaccount ${unharmed} victim`);
      await tenant.eventually(secretOf(victim)).isGone();
      expect(seedsTaken(tenant, victim)).toBe(seedsOfLife);
      expect(await running.end()).toBeGreaterThanOrEqual(2 * leastWrites);
    },
    ['--leader-elect', 'false'],
    lifeMs,
  );
});
