import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ExchangePlatformTwoFactor } from '../../../src/api/generated/exchange-platform.ts';
import type { MailAccountStatus, MailAccountTwoFactor } from '../../../src/api/generated/mail-account.ts';
import { secretType } from '../../../src/api/names.ts';
import type { Account, Platform } from '../../../src/cli/cluster/objects.ts';
import { explanationOf } from '../../../src/cli/explain/explain.ts';
import { liveFrom } from '../../../src/cli/explain/live.ts';
import { simulate } from '../../../src/cli/explain/simulate.ts';
import { meetsNow } from '../../../src/cli/cluster/meets.ts';
import { hours, mintedAt, now, platform } from '../core/given.ts';

const folder = join(import.meta.dirname, '../../server/scenarios/golden');

interface Golden {
  readonly status: MailAccountStatus;
  readonly secret:
    'none' | { readonly type: string; readonly metadata: { readonly annotations: Readonly<Record<string, string>> } };
}

/** What the account and its platform asked for when the scenario met the state. */
interface Asked {
  readonly asks?: MailAccountTwoFactor;
  readonly platform?: Partial<ExchangePlatformTwoFactor> | 'missing';
}

const requestedAt = '2026-10-01T00:00:00Z';
const asked: Readonly<Record<string, Asked>> = {
  enforced: {},
  enrolling: {},
  'enrolment-expired': { platform: { enrollment: { windowHours: 1 } } },
  locked: {},
  'platform-disabled': { platform: { state: 'Disabled' } },
  'platform-not-found': { platform: 'missing' },
  removed: { asks: { state: 'Removed' } },
  reset: { asks: { reset: { requestedAt } } },
  'secret-invalid': {},
  'secret-name-taken': {},
  'seed-lost': {},
  suspended: { asks: { suspension: { requestedAt: hours(-1), hours: 3 } } },
  'suspension-too-long': { asks: { suspension: { requestedAt: hours(-1), hours: 25 } } },
  'write-failed': {},
};

/** Instants that go together in place of the masks; `now` and the seed's are those of the rows of core. */
const unmasked = (text: string): string =>
  [
    [/(suspended: )<instant>\/<instant>/g, `$1${hours(-1)}/${hours(2)}`],
    [/(suspendedUntil: )<instant>/g, `$1"${hours(2)}"`],
    [/(enroll-until: )<instant>/g, '$1"2026-11-01T11:00:00Z"'],
    [/(lockedUntil: )<instant>/g, `$1"${hours(719)}"`],
    [/(refused until )<instant>/g, `$1${hours(719)}`],
    [/<instant with milliseconds>/g, mintedAt],
    [/<instant>/g, requestedAt],
    [/<Unix seconds>/g, String(now / 1000 - 3600)],
    [/<time step>/g, '"59000000"'],
    [/<id>/g, 'an-id'],
    [/<namespace>/g, 'mail'],
  ].reduce((filled, [mask, value]) => filled.replaceAll(mask as RegExp, value as string), text);

const read = (name: string): Golden => {
  const { status, secret } = parse(unmasked(readFileSync(join(folder, `${name}.yaml`), 'utf8'))) as Golden;
  return { status, secret };
};

const accountOf = (status: MailAccountStatus, asks: MailAccountTwoFactor | undefined): Account => {
  const name = status.secretName?.startsWith('totp-f871') === true ? 'ben' : 'anna';
  return {
    metadata: { name, namespace: 'mail', uid: name, resourceVersion: '1', generation: status.observedGeneration ?? 0 },
    spec: { platformRef: { name: 'mail' }, address: `${name}@example.com`, ...(asks && { twoFactor: asks }) },
    status,
  };
};

const platformOf = (twoFactor: Asked['platform']): Platform | undefined =>
  twoFactor === 'missing'
    ? undefined
    : {
        metadata: { name: 'mail', namespace: 'mail', uid: 'p', resourceVersion: '1' },
        spec: platform(twoFactor).spec,
      };

const secretOf = ({ secret }: Golden) => {
  if (secret === 'none') return undefined;
  if (secret.type !== secretType) return { foreignUntil: now + 60_000 };
  const { annotations } = secret.metadata;
  return { uid: 's', resourceVersion: '1', platformLabel: 'mail', annotations };
};

describe('explain comes to what the operator has written on a real server', () => {
  test('in every state that a scenario met', () => {
    const states = readdirSync(folder).map((file) => file.replace('.yaml', ''));
    expect(states.toSorted()).toEqual(Object.keys(asked).toSorted());
  });

  const rows = Object.entries(asked).flatMap(([name, how]) => [
    [name, 'with the right to read Secrets', how] as const,
    [name, 'without', how] as const,
  ]);
  test.each(rows)('%s, %s', (name, rights, { asks, platform: twoFactor }) => {
    const golden = read(name);
    const account = accountOf(golden.status, asks);
    const secret = rights === 'without' ? undefined : { secret: secretOf(golden), isAssumed: false };
    const live = liveFrom(account, { rivals: [], platform: platformOf(twoFactor), secret });
    const [{ decision }] = simulate(live.facts, now);
    expect(decision.status).toEqual(golden.status);
    // the Secret's annotations may not be in step, for all that the status tells
    expect(rights === 'without' ? ['keep', 'annotate'] : ['keep']).toContain(decision.secret.kind);
    expect(explanationOf(account, live, now, now).meets).toEqual(meetsNow(account, now));
  });
});
