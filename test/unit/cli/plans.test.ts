import { describe, expect, test } from 'vitest';
import type { MailAccountStatus, MailAccountTwoFactor } from '../../../src/api/generated/mail-account.ts';
import { codeDeed, resetDeed, stateDeed, unlockDeed } from '../../../src/cli/act/requests.ts';
import { resumeDeed, suspendDeed } from '../../../src/cli/act/suspend.ts';
import type { Deed, Surroundings } from '../../../src/cli/act/plan.ts';
import type { Account, ManagedFields } from '../../../src/cli/cluster/objects.ts';
import { commitOf } from '../../../src/cli/act/commit.ts';
import { foreignSpec, othersOwning } from '../../../src/cli/cluster/ownership.ts';
import { readPlatform } from '../../../src/core/wishes.ts';
import { codeHash, enrolledAt, hours, mintedAt, now, platform } from '../core/given.ts';

interface Given {
  readonly asks?: MailAccountTwoFactor;
  readonly status?: MailAccountStatus;
  readonly managers?: readonly ManagedFields[];
}

const accountOf = ({ asks, status, managers }: Given): Account => ({
  metadata: {
    name: 'anna',
    namespace: 'mail',
    uid: 'u',
    resourceVersion: '1',
    ...(managers && { managedFields: managers }),
  },
  spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com', ...(asks && { twoFactor: asks }) },
  ...(status && { status }),
});

const around = (twoFactor: Parameters<typeof platform>[0] = {}): Surroundings => {
  const wishes = readPlatform(platform(twoFactor).spec);
  return { now, requestedAt: now + 1000, platformOf: () => ('misunderstood' in wishes ? undefined : wishes) };
};

const running = { requestedAt: hours(-1), hours: 4 };
const onPlatform = { suspension: { requestedAt: hours(-1), hours: 2 } };
const second = '2026-11-25T12:00:01Z';

describe('what a command plans for an account', () => {
  const suspend = suspendDeed({ hours: '4', reason: 'r' }, now);
  const later = suspendDeed({ hours: '4', from: hours(24) }, now);
  const rows: readonly (readonly [
    what: string,
    deed: Deed,
    given: Given,
    surroundings: Surroundings,
    wanted: object,
  ])[] = [
    [
      'suspend',
      suspend,
      {},
      around(),
      {
        kind: 'change',
        changes: [{ field: 'suspension', value: { requestedAt: second, hours: 4, reason: 'r' } }],
        done: 'suspended until 2026-11-25T16:00:01Z',
      },
    ],
    [
      'suspend later',
      later,
      {},
      around(),
      {
        changes: [{ value: { requestedAt: hours(24), hours: 4 } }],
        done: `suspended from ${hours(24)} until ${hours(28)}`,
      },
    ],
    [
      'suspend what is suspended',
      suspend,
      { asks: { suspension: running } },
      around(),
      { kind: 'refused', why: expect.stringContaining('already suspended until') as unknown },
    ],
    [
      'suspend after an old suspension',
      suspend,
      { asks: { suspension: { requestedAt: hours(-9), hours: 1 } } },
      around(),
      { kind: 'change' },
    ],
    [
      'suspend for too long',
      suspendDeed({ hours: '25' }, now),
      {},
      around(),
      { kind: 'refused', why: expect.stringContaining('25 h is over the maximum of its platform, 24 h') as unknown },
    ],
    [
      'resume',
      resumeDeed(),
      { asks: { suspension: running } },
      around(),
      { changes: [{ field: 'suspension', value: undefined }] },
    ],
    [
      'resume before it begins',
      resumeDeed(),
      { asks: { suspension: { requestedAt: hours(5), hours: 1 } } },
      around(),
      { kind: 'change' },
    ],
    ['resume what is not suspended', resumeDeed(), {}, around(), { kind: 'nothing' }],
    [
      'resume what has ended',
      resumeDeed(),
      { asks: { suspension: { requestedAt: hours(-9), hours: 1 } } },
      around(),
      { kind: 'nothing' },
    ],
    [
      'resume what the platform suspends',
      resumeDeed(),
      {},
      around(onPlatform),
      { kind: 'refused', why: expect.stringContaining('suspended by its platform until') as unknown },
    ],
    [
      'reset',
      resetDeed({ reason: 'lost' }),
      {},
      around(),
      { changes: [{ field: 'reset', value: { requestedAt: second, reason: 'lost' } }] },
    ],
    [
      'reset with a code, the code first',
      resetDeed({ withCode: true }),
      {},
      around(),
      {
        changes: [{ field: 'enrollmentCode' }, { field: 'reset' }],
        secret: expect.stringMatching(/^(\w{4}-){3}\w{4} /) as unknown,
      },
    ],
    ['reset what is removed', resetDeed({}), { asks: { state: 'Removed' } }, around(), { kind: 'refused' }],
    [
      'unlock',
      unlockDeed({}),
      { status: { phase: 'Locked', lockedUntil: hours(9) } },
      around(),
      { changes: [{ field: 'unlock', value: { requestedAt: second } }] },
    ],
    [
      'unlock after 100 wrong codes',
      unlockDeed({}),
      { status: { phase: 'Locked' } },
      around(),
      { kind: 'refused', why: expect.stringContaining('kubectl twofactor reset anna') as unknown },
    ],
    [
      'code',
      codeDeed({ validHours: '1' }),
      {},
      around(),
      { changes: [{ field: 'enrollmentCode', value: { expiresAt: '2026-11-25T13:00:01Z' } }] },
    ],
    ['code for who has enrolled', codeDeed({}), { status: { enrolledAt } }, around(), { kind: 'refused' }],
    ['remove', stateDeed('Removed'), {}, around(), { changes: [{ field: 'state', value: 'Removed' }] }],
    ['remove again', stateDeed('Removed'), { asks: { state: 'Removed' } }, around(), { kind: 'nothing' }],
    [
      'enable',
      stateDeed('Enabled'),
      { asks: { state: 'Removed' } },
      around(),
      { changes: [{ field: 'state', value: 'Enabled' }] },
    ],
  ];

  test.each(rows)('%s', (_, deed, given, surroundings, wanted) => {
    expect(deed.plan(accountOf(given), surroundings)).toMatchObject(wanted);
  });
});

describe('what became of a request', () => {
  const condition = (type: string, status: 'True' | 'False', reason: string, message = '') => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: hours(0),
  });
  const suspended: MailAccountStatus = {
    phase: 'Suspended',
    suspendedUntil: hours(4),
    conditions: [condition('Enforced', 'False', 'Suspended')],
  };
  const off: MailAccountStatus = {
    phase: 'Off',
    conditions: [
      condition('Ready', 'True', 'Reconciled', 'fine; suspension has no effect: second factor is off'),
      condition('Enforced', 'False', 'PlatformDisabled'),
    ],
  };
  const tooLong: MailAccountStatus = {
    phase: 'Enforced',
    conditions: [condition('Ready', 'False', 'SuspensionTooLong', 'too long')],
  };
  const waits: MailAccountStatus = {
    phase: 'Off',
    seedMintedAt: mintedAt,
    conditions: [condition('Ready', 'True', 'Reconciled', 'fine; reset of x waits: second factor is off')],
  };
  const suspend = suspendDeed({ hours: '4' }, now);
  const rows: readonly (readonly [string, Deed, MailAccountStatus, boolean | undefined])[] = [
    ['a suspension that is in force', suspend, suspended, true],
    ['a suspension of what is off', suspend, off, false],
    ['a suspension over the maximum', suspend, tooLong, false],
    ['a suspension not yet seen', suspend, { phase: 'Enforced' }, undefined],
    ['a suspension to come', suspendDeed({ hours: '4', from: hours(9) }, now), { phase: 'Enforced' }, true],
    ['the end of a suspension', resumeDeed(), { phase: 'Enforced' }, true],
    ['the end of one while the platform suspends too', resumeDeed(), suspended, false],
    ['a reset that is done', resetDeed({}), { seedMintedAt: '2026-11-25T12:00:01.000Z' }, true],
    ['a reset still to be done', resetDeed({}), { seedMintedAt: mintedAt }, undefined],
    ['a reset of what is off', resetDeed({}), waits, false],
    ['an unlock', unlockDeed({}), { phase: 'Enforced' }, true],
    ['an unlock after 100 wrong codes', unlockDeed({}), { phase: 'Locked' }, false],
    [
      'a removal',
      stateDeed('Removed'),
      { phase: 'Off', conditions: [condition('Enforced', 'False', 'Removed')] },
      true,
    ],
    ['an enabling', stateDeed('Enabled'), { phase: 'Enrolling' }, true],
    ['an enabling on a platform that is off', stateDeed('Enabled'), off, false],
    ['a code', codeDeed({}), { phase: 'Enrolling' }, true],
    ['a code for what is off', codeDeed({}), off, false],
  ];

  test.each(rows)('%s: in force %s', (_, deed, status, isInForce) => {
    expect(deed.outcome(accountOf({ status }), around(), now + 1000)?.isInForce).toBe(isInForce);
  });
});

describe('who owns a request', () => {
  const owns = (manager: string, ...fields: readonly string[]): ManagedFields => ({
    manager,
    operation: 'Apply',
    fieldsV1: { 'f:spec': { 'f:twoFactor': Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) } },
  });
  const asks: MailAccountTwoFactor = { state: 'Enabled', suspension: running, reset: { requestedAt: hours(-1) } };
  const managers = [
    owns('flux', 'state', 'reset'),
    owns('exchange2fa-suspension', 'suspension'),
    { ...owns('x', 'reset'), subresource: 'status' },
  ];
  const account = accountOf({ asks, managers });

  test.each([
    ['state', ['flux']],
    ['reset', ['flux']],
    ['suspension', []],
    ['unlock', []],
  ] as const)('%s: others are %j', (field, others) => {
    expect(othersOwning(account, field)).toEqual(others);
  });

  test('decides what is committed', () => {
    expect(foreignSpec(account).twoFactor).toEqual({ state: 'Enabled', reset: asks.reset });
    const change = { field: 'unlock', value: { requestedAt: hours(0) } } as const;
    expect(commitOf(account, [change])).toMatchObject({
      spec: { twoFactor: { state: 'Enabled', reset: asks.reset, unlock: change.value } },
    });
    expect(commitOf(account, [change])).not.toHaveProperty('spec.twoFactor.suspension');
    expect(
      commitOf(account, [{ field: 'enrollmentCode', value: { hash: codeHash, expiresAt: hours(1) } }]),
    ).not.toHaveProperty('status');
  });
});
