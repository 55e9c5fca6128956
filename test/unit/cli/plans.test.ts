import { describe, expect, test } from 'vitest';
import type { MailAccountStatus, MailAccountTwoFactor } from '../../../src/api/generated/mail-account.ts';
import { codeCommand } from '../../../src/cli/act/code.ts';
import { resetCommand } from '../../../src/cli/act/reset.ts';
import { stateCommand } from '../../../src/cli/act/state.ts';
import { unlockCommand } from '../../../src/cli/act/unlock.ts';
import { resumeCommand, suspendCommand } from '../../../src/cli/act/suspend.ts';
import type { AccountCommand, PlanContext } from '../../../src/cli/act/plan.ts';
import type { Account, ManagedFields } from '../../../src/cli/cluster/objects.ts';
import { runOne } from '../../../src/cli/act/run-one.ts';
import type { WriteOptions } from '../../../src/cli/act/write.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import { commitOf } from '../../../src/cli/act/commit.ts';
import { foreignSpec, othersOwning } from '../../../src/cli/cluster/ownership.ts';
import { readPlatform, understood } from '../../../src/core/wishes.ts';
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

const context = (twoFactor: Parameters<typeof platform>[0] = {}, requestedAt = now + 1000): PlanContext => {
  const wishes = understood(readPlatform(platform(twoFactor).spec));
  return { now, requestedAt, platformOf: () => wishes };
};

const running = { requestedAt: hours(-1), hours: 4, reason: 'r' };
const onPlatform = { suspension: { requestedAt: hours(-1), hours: 2 } };
const onlyWithCode = { enrollment: { mode: 'Code' } } as const;
const expired: MailAccountStatus = {
  phase: 'Blocked',
  conditions: [
    { type: 'Enrolled', status: 'False', reason: 'EnrollmentExpired', message: 'x', lastTransitionTime: hours(0) },
  ],
};
const second = '2026-11-25T12:00:01Z';

const minted: MailAccountStatus = { seedMintedAt: new Date(now - 3_600_000).toISOString() };

const resetWritten = (time: string): ManagedFields => ({
  manager: 'exchange2fa-reset',
  operation: 'Apply',
  time,
  fieldsV1: { 'f:spec': { 'f:twoFactor': { 'f:reset': {} } } },
});

const commandOf = {
  suspend: suspendCommand({ hours: '4' }, now),
  reset: resetCommand({}),
  unlock: unlockCommand({}),
  code: codeCommand({}),
};

describe('what a command plans for an account', () => {
  const suspend = suspendCommand({ hours: '4', reason: 'r' }, now);
  const later = suspendCommand({ hours: '4', from: hours(24) }, now);
  const rows: readonly (readonly [
    what: string,
    command: AccountCommand,
    given: Given,
    context: PlanContext,
    wanted: object,
  ])[] = [
    [
      'suspend',
      suspend,
      {},
      context(),
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
      context({}, Date.parse(hours(24))),
      {
        changes: [{ value: { requestedAt: hours(24), hours: 4 } }],
        done: `suspended from ${hours(24)} until ${hours(28)}`,
      },
    ],
    [
      'suspend what is suspended',
      suspend,
      { asks: { suspension: running } },
      context(),
      {
        kind: 'refused',
        why: expect.stringContaining(`already suspended from ${hours(-1)} until ${hours(3)} (r)`) as unknown,
      },
    ],
    [
      'suspend what is not suspended, as its suspension is refused',
      suspend,
      { asks: { suspension: { ...running, hours: 25 } } },
      context(),
      {
        kind: 'refused',
        why: `asks already for 25 h, which is refused as its platform allows at most 24 h, from ${hours(-1)} until ${hours(24)} (r): end it first with kubectl twofactor resume anna`,
      },
    ],
    [
      'suspend once more with the same words, as its suspension is refused',
      suspendCommand({ hours: '25', reason: 'r', from: hours(-1) }, now),
      { asks: { suspension: { ...running, hours: 25 } } },
      context({}, Date.parse(hours(-1))),
      { kind: 'refused', why: expect.stringContaining('asks already for 25 h, which is refused') as unknown },
    ],
    [
      'suspend in place of a suspension still to come',
      suspend,
      { asks: { suspension: { requestedAt: hours(5), hours: 2, reason: 'move' } } },
      context(),
      {
        kind: 'change',
        replaces: `the suspension from ${hours(5)} until ${hours(7)} (move)`,
        done: `suspended until 2026-11-25T16:00:01Z, in place of the suspension from ${hours(5)} until ${hours(7)} (move)`,
      },
    ],
    [
      'suspend later once more, at the same instant',
      later,
      { asks: { suspension: { requestedAt: hours(24), hours: 4 } } },
      context({}, Date.parse(hours(24))),
      { kind: 'change', done: `suspended from ${hours(24)} until ${hours(28)}, as requested before` },
    ],
    [
      'suspend after an old suspension',
      suspend,
      { asks: { suspension: { requestedAt: hours(-9), hours: 1 } } },
      context(),
      { kind: 'change' },
    ],
    [
      'suspend for too long',
      suspendCommand({ hours: '25' }, now),
      {},
      context(),
      { kind: 'refused', why: expect.stringContaining('25 h is over the maximum of its platform, 24 h') as unknown },
    ],
    [
      'resume',
      resumeCommand(),
      { asks: { suspension: running } },
      context(),
      { changes: [{ field: 'suspension', value: undefined }] },
    ],
    [
      'resume before it begins',
      resumeCommand(),
      { asks: { suspension: { requestedAt: hours(5), hours: 1 } } },
      context(),
      { kind: 'change' },
    ],
    ['resume what is not suspended', resumeCommand(), {}, context(), { kind: 'nothing' }],
    [
      'resume what has ended',
      resumeCommand(),
      { asks: { suspension: { requestedAt: hours(-9), hours: 1 } } },
      context(),
      { kind: 'nothing' },
    ],
    [
      'resume what the platform suspends',
      resumeCommand(),
      {},
      context(onPlatform),
      { kind: 'refused', why: expect.stringContaining('suspended by its platform until') as unknown },
    ],
    [
      'reset',
      resetCommand({ reason: 'lost' }),
      {},
      context(),
      {
        changes: [{ field: 'reset', value: { requestedAt: second, reason: 'lost' } }],
        done: `reset, requested ${second}; the next login shows a new QR code`,
      },
    ],
    [
      'reset later',
      resetCommand({ requestedAt: hours(24) }),
      {},
      context({}, Date.parse(hours(24))),
      { done: `reset, due ${hours(24)}; the next login after that shows a new QR code` },
    ],
    [
      'reset as before, the instant written otherwise',
      resetCommand({ requestedAt: second }),
      { asks: { reset: { requestedAt: '2026-11-25T13:00:01+01:00' } } },
      context(),
      { changes: [{ field: 'reset' }], done: `reset of ${second} was requested before` },
    ],
    [
      'reset with a code as before: its code is out, and another would void it',
      resetCommand({ withCode: true, validHours: '1', requestedAt: second }),
      { asks: { enrollmentCode: { hash: codeHash, expiresAt: '2026-11-25T13:00:01Z' } } },
      context(),
      {
        changes: [
          { field: 'enrollmentCode', value: { hash: codeHash, expiresAt: '2026-11-25T13:00:01Z' } },
          { field: 'reset', value: { requestedAt: second } },
        ],
        done: `reset, requested ${second}; the next login asks for the enrolment code, then shows a new QR code; its enrolment code was shown then`,
      },
    ],
    [
      'reset with a code, the code first',
      resetCommand({ withCode: true }),
      {},
      context(),
      {
        changes: [{ field: 'enrollmentCode' }, { field: 'reset' }],
        code: { code: expect.stringMatching(/^(\w{4}-){3}\w{4}$/) as unknown, expiresAt: '2026-12-02T12:00:01Z' },
      },
    ],
    [
      'reset while a code is valid',
      resetCommand({}),
      { asks: { enrollmentCode: { hash: codeHash, expiresAt: hours(1) } } },
      context(onlyWithCode),
      { done: `reset, requested ${second}; the next login asks for the enrolment code, then shows a new QR code` },
    ],
    [
      'reset after the code has ended',
      resetCommand({}),
      { asks: { enrollmentCode: { hash: codeHash, expiresAt: second } } },
      context(),
      {
        kind: 'refused',
        why: `the QR code would ask for an enrolment code, and the one issued is valid until ${second} only: add --with-code`,
      },
    ],
    [
      'reset without a code where each needs one',
      resetCommand({}),
      {},
      context(onlyWithCode),
      { kind: 'refused', why: 'the QR code would ask for an enrolment code, and none is issued: add --with-code' },
    ],
    [
      'the same with one',
      resetCommand({ withCode: true }),
      {},
      context(onlyWithCode),
      { done: `reset, requested ${second}; the next login asks for the enrolment code, then shows a new QR code` },
    ],
    [
      'the same as before, though its code has ended',
      resetCommand({ requestedAt: second }),
      { asks: { reset: { requestedAt: second }, enrollmentCode: { hash: codeHash, expiresAt: hours(-1) } } },
      context(onlyWithCode),
      { done: `reset of ${second} was requested before` },
    ],
    [
      'the same where it waits',
      resetCommand({}),
      { status: { seedMintedAt: mintedAt } },
      context({ ...onlyWithCode, state: 'Disabled' }),
      { done: expect.stringContaining('it waits: no second factor') as unknown },
    ],
    [
      'reset while the login is locked',
      resetCommand({}),
      { status: { phase: 'Locked', lockedUntil: hours(9) } },
      context(),
      {
        done: `reset, requested ${second}; the login stays locked until ${hours(9)}: kubectl twofactor unlock anna; then it shows a new QR code`,
      },
    ],
    [
      'reset after 100 wrong codes',
      resetCommand({}),
      { status: { phase: 'Locked' } },
      context(),
      {
        done: `reset, requested ${second}; the login may stay locked for earlier wrong codes: kubectl twofactor unlock anna; then it shows a new QR code`,
      },
    ],
    [
      'reset later than one still to come',
      resetCommand({}),
      { asks: { reset: { requestedAt: hours(5), reason: 'move' } } },
      context(),
      { kind: 'change', replaces: `the reset due ${hours(5)} (move)` },
    ],
    [
      'an unlock from before the one that is there',
      unlockCommand({ requestedAt: hours(-2) }),
      { asks: { unlock: { requestedAt: hours(-1) } } },
      context({}, Date.parse(hours(-2))),
      { kind: 'change', replaces: `the unlock of ${hours(-1)}` },
    ],
    [
      'reset from before the seed was minted',
      resetCommand({ requestedAt: hours(-2) }),
      { status: minted },
      context({}, Date.parse(hours(-2))),
      { kind: 'refused', why: expect.stringContaining('has no effect: the seed is newer, minted') as unknown },
    ],
    [
      'the same, written when the seed was there already',
      resetCommand({ requestedAt: hours(-2) }),
      { status: minted, asks: { reset: { requestedAt: hours(-2) } }, managers: [resetWritten(hours(0))] },
      context({}, Date.parse(hours(-2))),
      { kind: 'refused' },
    ],
    [
      'reset as before, by which the seed was minted',
      resetCommand({ requestedAt: hours(-2) }),
      { status: minted, asks: { reset: { requestedAt: hours(-2) } }, managers: [resetWritten(hours(-2))] },
      context({}, Date.parse(hours(-2))),
      { kind: 'change', done: `reset of ${hours(-2)} was requested before` },
    ],
    ...(['suspend', 'reset', 'unlock', 'code'] as const).map(
      (command) =>
        [
          `${command} without a platform`,
          commandOf[command],
          {},
          { ...context(), platformOf: () => undefined },
          { kind: 'refused', why: expect.stringContaining('there is no ExchangePlatform hosted') as unknown },
        ] as const,
    ),
    ...(['suspend', 'reset', 'code'] as const).flatMap((command) => [
      [
        `${command} what is removed`,
        commandOf[command],
        { asks: { state: 'Removed' }, status: minted },
        context(),
        {
          kind: 'refused',
          why: expect.stringContaining('is Removed: kubectl twofactor enable anna') as unknown,
        },
      ] as const,
      [
        `${command} without a seed, on a platform that is off`,
        commandOf[command],
        {},
        context({ state: 'Disabled' }),
        { kind: 'refused', why: expect.stringContaining("platform's spec.twoFactor.state is Disabled") as unknown },
      ] as const,
    ]),
    [
      'suspend later what is off now',
      later,
      {},
      context({ state: 'Disabled' }, Date.parse(hours(24))),
      { kind: 'change' },
    ],
    [
      'reset a seed on a platform that is off',
      resetCommand({}),
      { status: { seedMintedAt: mintedAt } },
      context({ state: 'Disabled' }),
      { kind: 'change', done: expect.stringContaining('it waits: no second factor') as unknown },
    ],
    ['reset what is removed', resetCommand({}), { asks: { state: 'Removed' } }, context(), { kind: 'refused' }],
    [
      'unlock',
      unlockCommand({}),
      { status: { phase: 'Locked', lockedUntil: hours(9) } },
      context(),
      { changes: [{ field: 'unlock', value: { requestedAt: second } }] },
    ],
    [
      'unlock as before',
      unlockCommand({ requestedAt: second }),
      { asks: { unlock: { requestedAt: second } } },
      context(),
      { done: `unlock of ${second} was requested before` },
    ],
    [
      'unlock after 100 wrong codes',
      unlockCommand({}),
      { status: { phase: 'Locked' } },
      context(),
      { kind: 'refused', why: expect.stringContaining('kubectl twofactor reset anna') as unknown },
    ],
    [
      'code',
      codeCommand({ validHours: '1' }),
      {},
      context(),
      { changes: [{ field: 'enrollmentCode', value: { expiresAt: '2026-11-25T13:00:01Z' } }] },
    ],
    [
      'code as before',
      codeCommand({ validHours: '1', requestedAt: second }),
      { asks: { enrollmentCode: { hash: codeHash, expiresAt: '2026-11-25T13:00:01Z' } } },
      context(),
      {
        changes: [{ field: 'enrollmentCode', value: { hash: codeHash, expiresAt: '2026-11-25T13:00:01Z' } }],
        done: `enrolment code of ${second} was issued and shown before`,
      },
    ],
    [
      'code while the login is locked',
      codeCommand({}),
      { status: { phase: 'Locked', lockedUntil: hours(9) } },
      context(),
      {
        kind: 'change',
        done: `given a new enrolment code, requested ${second}; the login is locked until ${hours(9)}: kubectl twofactor unlock anna`,
      },
    ],
    [
      'code after the time to enrol',
      codeCommand({}),
      { status: { observedGeneration: 0, ...expired } },
      context(),
      {
        kind: 'refused',
        why: 'a code has no effect: its QR code was not scanned in time: kubectl twofactor reset anna --with-code',
      },
    ],
    [
      'code after the time to enrol, and a reset that the operator has not seen',
      codeCommand({}),
      { status: { observedGeneration: -1, ...expired } },
      context(),
      { kind: 'change' },
    ],
    ['code for who has enrolled', codeCommand({}), { status: { enrolledAt } }, context(), { kind: 'refused' }],
    ['remove', stateCommand('Removed'), {}, context(), { changes: [{ field: 'state', value: 'Removed' }] }],
    ['remove again', stateCommand('Removed'), { asks: { state: 'Removed' } }, context(), { kind: 'nothing' }],
    [
      'enable',
      stateCommand('Enabled'),
      { asks: { state: 'Removed' } },
      context(),
      { changes: [{ field: 'state', value: 'Enabled' }] },
    ],
  ];

  test.each(rows)('%s', (_, command, given, context, wanted) => {
    expect(command.plan(accountOf(given), context)).toMatchObject(wanted);
  });
});

test('a reset after one that is past takes the place of nothing', () => {
  const given: Given = { asks: { reset: { requestedAt: hours(-5) } }, status: { seedMintedAt: mintedAt } };
  const plan = resetCommand({}).plan(accountOf(given), context());
  expect(plan.kind).toBe('change');
  expect(plan).not.toHaveProperty('replaces');
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

  test.each([
    [
      'kubectl-client-side-apply',
      /reset was applied with kubectl \(.*\): change it in the file and apply that, or use/,
    ],
    ['flux', /reset belongs to flux: commit the change there, or use --force/],
  ])('%s: is said when it is refused', async (manager, says) => {
    const given = accountOf({ asks, managers: [owns(manager, 'reset')] });
    const plan = resetCommand({}).plan(given, context());
    const done = await runOne({} as Cluster, resetCommand({}), given, plan, { force: false } as WriteOptions);
    expect(done.kind).toBe('owned');
    expect(done.says).toMatch(says);
  });

  test('of several fields, those are named that are somebody else’s', async () => {
    const given = accountOf({ asks, managers: [owns('flux', 'reset')] });
    const command = resetCommand({ withCode: true });
    const done = await runOne({} as Cluster, command, given, command.plan(given, context()), {
      force: false,
    } as WriteOptions);
    expect(done.says).toMatch(/^spec\.twoFactor\.reset belongs to flux/);
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
