import { describe, expect, test } from 'vitest';
import type { MailAccountStatus } from '../../../src/api/generated/mail-account.ts';
import { secretNameFor, secretType } from '../../../src/api/names.ts';
import type { Account } from '../../../src/cli/cluster/objects.ts';
import { checkAccounts } from '../../../src/cli/doctor/accounts.ts';
import { trialOf } from '../../../src/cli/doctor/policies.ts';
import { checkSecrets, type Secrets } from '../../../src/cli/doctor/secrets.ts';
import { failure, success, type KubeError } from '../../../src/kube/client/errors.ts';
import type { Stored } from '../../../src/kube/client/resource.ts';
import { annotations, enrolled, erased, hours, mintedAt, now, unscanned, type Short } from '../core/given.ts';

const address = 'anna@example.com';
const secretName = secretNameFor(address) ?? '';

const stored = (short: Short, name = secretName): Stored => ({
  metadata: { name, namespace: 'mail', uid: 'u', resourceVersion: '1', annotations: annotations(short) },
});

const secretsOf = (...items: readonly Stored[]): Secrets => ({
  ours: new Map(items.map((item) => [item.metadata.name, item])),
  others: [],
});

const lines = (checks: ReturnType<typeof checkSecrets>): readonly string[] =>
  checks.map(({ state, about, says }) => `${state} ${about}: ${says}`);

describe('a Secret', () => {
  test.each<readonly [what: string, short: Short, says: RegExp]>([
    ['as it should be', enrolled, /^ok Secrets: 1 keep the contract$/],
    ['erased', erased, /^ok/],
    [
      'of a deleted account',
      { ...enrolled, 'orphaned-at': hours(-1) },
      /^ok Secrets: 1 keep .*, 1 of them for accounts that are deleted/,
    ],
    [
      'with what no login reads',
      { ...enrolled, failures: 'x' },
      /annotation exchange2fa\.io\/failures can't be trusted/,
    ],
    [
      'enrolled without a step',
      { ...unscanned, 'enrolled-at': hours(-1) },
      /annotation exchange2fa\.io\/last-step can't be/,
    ],
    [
      'with another switch',
      { ...enrolled, 'second-factor': 'maybe' },
      /second-factor is maybe: every login is refused/,
    ],
    ['without a switch', { ...enrolled, 'second-factor': '' }, /second-factor is : every/],
    ['minted and erased', { ...enrolled, 'erased-at': hours(-1) }, /says both exchange2fa\.io\/minted-at and/],
    [
      'that is never deleted',
      { ...enrolled, 'orphaned-at': hours(-1), 'erase-after': 'soon' },
      /is no instant, so it is never deleted/,
    ],
    ['of another address', { ...enrolled, address: 'ben@example.com' }, /its name is not that of its address \(ben@/],
  ])('%s', (_, short, says) => {
    expect(lines(checkSecrets(secretsOf(stored(short)), new Set([address]))).join('\n')).toMatch(says);
  });

  test('without an account, which nobody has said', () => {
    expect(lines(checkSecrets(secretsOf(stored(enrolled)), new Set())).join()).toMatch(
      /no account has its address anna@/,
    );
    expect(lines(checkSecrets(secretsOf(stored(enrolled)), undefined)).join()).toMatch(/^ok/);
  });

  test('of another type under a kept name', () => {
    const others = [stored({}, `totp-${'e'.repeat(40)}`), stored({}, 'totp-of-somebody')];
    expect(lines(checkSecrets({ ours: new Map(), others }, new Set()))).toEqual([
      `warning Secret totp-${'e'.repeat(40)}: has a name kept for Secrets of type ${secretType}: delete or rename it`,
    ]);
  });
});

describe('what a policy must refuse', () => {
  const name = 'totp-secrets.exchange2fa.io';
  const text = 'POST secrets: 403';

  const notTried = { notTried: 'something else refuses such a request before' };
  test.each<readonly [what: string, error: KubeError, trial: unknown]>([
    ['by it, as Forbidden', { kind: 'forbidden', because: 'denied', denial: { by: 'policy', name }, text }, 'refused'],
    [
      'by it, as Invalid',
      { kind: 'invalid', status: 422, causes: [], denial: { by: 'policy', name }, text },
      'refused',
    ],
    [
      'by another',
      { kind: 'forbidden', because: 'denied', denial: { by: 'policy', name: 'guard.example.io' }, text },
      notTried,
    ],
    [
      'by another, as Invalid',
      { kind: 'invalid', status: 422, causes: [], denial: { by: 'policy', name: 'guard.example.io' }, text },
      notTried,
    ],
    ['by the schema', { kind: 'invalid', status: 422, causes: [], text }, notTried],
    ['for want of a right', { kind: 'forbidden', because: 'permission', text }, notTried],
  ])('refused %s', (_, error, trial) => {
    expect(trialOf(name, failure(error))).toEqual(trial);
  });

  test('and lets through', () => {
    expect(trialOf(name, success({}))).toBe('passed');
  });
});

describe('a mailbox', () => {
  const account = (status: MailAccountStatus | undefined): Account => ({
    metadata: { name: 'anna', namespace: 'mail', uid: 'a', resourceVersion: '1', generation: 1 },
    spec: { platformRef: { name: 'hosted' }, address },
    ...(status && { status: { observedGeneration: 1, ...status } }),
  });
  const condition = (type: string, status: 'True' | 'False', reason: string) => ({
    type,
    status,
    reason,
    message: '',
    lastTransitionTime: hours(-1),
  });
  const fine: MailAccountStatus = {
    phase: 'Enforced',
    seedMintedAt: mintedAt,
    conditions: [condition('Ready', 'True', 'Reconciled')],
  };
  const wrong = JSON.stringify({ row: 1, unknown: new Array<number>(25).fill(now / 1000 - 60), known: [] });

  test.each<readonly [what: string, status: MailAccountStatus | undefined, secret: Short | undefined, says: RegExp]>([
    ['in order', fine, enrolled, /^ok accounts: 1 in mail, none refused$/],
    ['never looked at', undefined, undefined, /^failed account anna: the operator has never looked at it/],
    ['whose Secret is gone, though the status is fine', fine, undefined, /^failed .*refused at login \(NoSecret\)/],
    [
      'that the Secret refuses',
      fine,
      { ...enrolled, 'second-factor': 'refused' },
      /\(Refused\): restore its Secret, or/,
    ],
    ['whose seed is gone', fine, { ...erased, 'second-factor': 'required' }, /\(SeedLost\): restore its Secret, or/],
    [
      'that is orphaned still',
      fine,
      { ...enrolled, 'orphaned-at': hours(-1) },
      /\(Orphaned\): the operator gives it back/,
    ],
    [
      'refused for a reason of the operator',
      { phase: 'Blocked', conditions: [condition('Ready', 'False', 'PlatformNotFound')] },
      undefined,
      /\(PlatformNotFound\): create the ExchangePlatform hosted/,
    ],
    ['that is locked', fine, { ...enrolled, failures: wrong }, /^warning .*is locked until .*twofactor unlock anna$/],
    ['that needs a code', fine, { ...unscanned, 'enrollment-code': 'required' }, /^warning .*twofactor code anna$/],
    [
      'with a time to enrol that is over',
      fine,
      { ...unscanned, 'enroll-until': hours(-1) },
      /\(EnrollmentExpired\): kubectl twofactor reset anna/,
    ],
    [
      'with a suspension that is refused',
      { ...fine, conditions: [condition('Ready', 'False', 'SuspensionTooLong')] },
      enrolled,
      /^warning .*SuspensionTooLong: kubectl twofactor resume anna/,
    ],
    ['with a change to come', { ...fine, observedGeneration: 0 }, enrolled, /^warning .*a change is not yet taken up/],
  ])('%s', (_, status, short, says) => {
    const secrets = secretsOf(...(short ? [stored(short)] : []));
    expect(lines(checkAccounts([account(status)], secrets, { namespace: 'mail', now })).join()).toMatch(says);
  });

  test.each<readonly [what: string, status: MailAccountStatus, says: RegExp]>([
    ['in order', fine, /^ok/],
    [
      'blocked',
      { phase: 'Blocked', conditions: [condition('Enforced', 'True', 'SeedLost')] },
      /^failed .*\(SeedLost\)/,
    ],
    [
      'with the address of another',
      {
        phase: 'Blocked',
        conditions: [condition('Ready', 'False', 'AddressInUse'), condition('Enforced', 'True', 'AddressInUse')],
      },
      /^failed .*: decides nothing, as another has its address \(AddressInUse\): delete one of the two/,
    ],
    ['locked', { phase: 'Locked', lockedUntil: hours(1) }, /^warning .*unlock anna$/],
    ['locked for good', { phase: 'Locked' }, /^warning .*is locked for good: .*reset anna$/],
  ])('by its status, where Secrets are not readable: %s', (_, status, says) => {
    expect(lines(checkAccounts([account(status)], undefined, { namespace: 'mail', now })).join()).toMatch(says);
  });
});
