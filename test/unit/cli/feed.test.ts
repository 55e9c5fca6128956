import { beforeEach, describe, expect, test } from 'vitest';
import type { MailAccountStatus } from '../../../src/api/generated/mail-account.ts';
import { formatSeconds, hourMs } from '../../../src/api/instants.ts';
import type { Account } from '../../../src/cli/cluster/objects.ts';
import { Feed } from '../../../src/cli/view/feed.ts';
import { VirtualClock } from '../kube/virtual-clock.ts';

const clock = new VirtualClock();
const enrolledAt = formatSeconds(clock.now() - 24 * hourMs);

const account = (name: string, status: MailAccountStatus): Account => ({
  metadata: { name, namespace: 'mail', uid: `uid of ${name}`, resourceVersion: '1', generation: 1 },
  spec: { platformRef: { name: 'hosted' }, address: `${name}@example.com`, twoFactor: { state: 'Enabled' } },
  status: { observedGeneration: 1, enrolledAt, ...status },
});

const enforced: MailAccountStatus = { phase: 'Enforced' };
const blocked: MailAccountStatus = { phase: 'Blocked' };

describe('status --watch', () => {
  let said: string[];
  let feed: Feed;

  const watch = (isWanted: (account: Account) => boolean): void => {
    said = [];
    feed = new Feed({
      clock,
      isWanted,
      print: (rows) => said.push(rows.map((row) => `${row.account.metadata.name}: ${row.meets.login}`).join(', ')),
    });
  };

  beforeEach(() => watch(() => true));

  test('says all together once they are known, then each whose login meets something else', () => {
    feed.see(account('anna', enforced));
    feed.see(account('ben', blocked));
    expect(said).toEqual([]);
    feed.flush();
    feed.see(account('anna', enforced));
    feed.see(account('anna', blocked));
    expect(said).toEqual(['anna: code, ben: refused', 'anna: refused']);
  });

  test('a suspension that ends is told by the clock, though no operator says so', async () => {
    const until = formatSeconds(clock.now() + hourMs);
    feed.flush();
    feed.see(account('anna', { phase: 'Suspended', suspendedUntil: until }));
    await clock.advance(hourMs);
    expect(said).toEqual(['anna: no code', 'anna: code']);
    expect(clock.timers).toBe(0);
  });

  test('with a filter, an account that leaves is told a last time, and again when it comes back', () => {
    watch(({ status }) => status?.phase === 'Blocked');
    feed.flush();
    feed.see(account('ben', enforced));
    for (const status of [blocked, enforced, enforced, blocked]) feed.see(account('anna', status));
    expect(said).toEqual(['anna: refused', 'anna: code', 'anna: refused']);
  });

  test('one that was deleted and came back is told again, and nothing wakes up once it ends', () => {
    const suspended = account('anna', { phase: 'Suspended', suspendedUntil: formatSeconds(clock.now() + hourMs) });
    feed.flush();
    feed.see(suspended);
    feed.forget('mail/anna');
    feed.see(suspended);
    feed.stop();
    expect(said).toEqual(['anna: no code', 'anna: no code']);
    expect(clock.timers).toBe(0);
  });
});
