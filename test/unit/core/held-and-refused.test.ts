import { describe, expect, test } from 'vitest';
import { isIrreversible, type SecretAct } from '../../../src/core/decision.ts';
import { enrolled, enrolledAt, erased, hours, mintedAt, now, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const held = { holdUntil: Date.parse(hours(1)) } as const;
const waits = { ready: 'False StorageWentBack', stalled: undefined, events: ['StorageWentBack'], requeueAt: hours(1) };
const resetNow = { reset: { requestedAt: hours(-1) } };
const said = (deed: string) =>
  expect.stringMatching(
    `storage went back in time .*: ${deed} waits until ${hours(1)}, or until the operator is restarted`,
  ) as unknown;

sentences('storage went back: what can’t be undone is held, and where a deed waits, Ready says so with the end', [
  {
    ...held,
    says: 'mint over: a reset waits, the seed that there is asks for its code',
    asks: resetNow,
    secret: enrolled,
    status: remembered,
    wants: {
      act: 'keep',
      phase: 'Enforced',
      enforced: 'True CodeRequired',
      remembers: [mintedAt, enrolledAt],
      ...waits,
      readyMessage: said('replacing the seed'),
    },
  },
  {
    ...held,
    says: 'mint over: a lost seed stays refused, with its reason',
    asks: resetNow,
    secret: { ...enrolled, 'minted-at': '2026-10-01T00:00:00.000Z' },
    status: remembered,
    wants: {
      act: 'annotate',
      phase: 'Blocked',
      enforced: 'True SeedLost',
      enrolled: 'Unknown SeedLost',
      ...waits,
      changes: { 'second-factor': 'refused' },
    },
  },
  {
    ...held,
    says: 'erase: Removed without the Secret of a remembered seed forgets nothing',
    asks: { state: 'Removed' },
    status: remembered,
    wants: {
      act: 'keep',
      phase: 'Blocked',
      ...waits,
      remembers: [mintedAt, enrolledAt],
      readyMessage: said('erasing the seed'),
    },
  },
  {
    ...held,
    says: 'mint over: no Secret, none is made',
    asks: resetNow,
    status: remembered,
    wants: { act: 'keep', phase: 'Blocked', enforced: 'True SeedLost', ...waits },
  },
  {
    ...held,
    says: 'mint over: a lost enrolment',
    asks: resetNow,
    secret: unscanned,
    status: remembered,
    wants: { act: 'annotate', phase: 'Blocked', enforced: 'True SecretInvalid', ...waits },
  },
  {
    ...held,
    says: 'erase: the account stays as it was',
    asks: { state: 'Removed' },
    secret: enrolled,
    status: remembered,
    wants: {
      act: 'keep',
      phase: 'Enforced',
      remembers: [mintedAt, enrolledAt],
      ...waits,
      readyMessage: said('erasing the seed'),
    },
  },
  {
    ...held,
    says: 'erase: what can be undone does not wait',
    asks: { state: 'Removed', suspension: { requestedAt: hours(-1), hours: 2 } },
    secret: enrolled,
    status: remembered,
    wants: { act: 'annotate', phase: 'Suspended', ready: 'False StorageWentBack' },
    onlyChanges: { suspended: `${hours(-1)}/${hours(1)}` },
  },
  {
    ...held,
    says: 'erase: one that was off keeps its reason meanwhile',
    asks: { state: 'Removed' },
    secret: { ...enrolled, 'second-factor': 'off' },
    status: {
      ...remembered,
      phase: 'Off',
      conditions: [
        { type: 'Enforced', status: 'False', reason: 'PlatformDisabled', message: '', lastTransitionTime: hours(-9) },
      ],
    },
    wants: { act: 'keep', phase: 'Off', enforced: 'False PlatformDisabled', ...waits },
  },
  {
    ...held,
    says: 'a first minting destroys nothing, and is not held',
    wants: { act: 'create', ready: 'True Reconciled' },
  },
  {
    ...held,
    says: 'nor is minting after an erasure',
    secret: erased,
    wants: { act: 'replace', over: false, ready: 'True Reconciled' },
  },
  {
    ...held,
    says: 'where no deed waits, Ready is True',
    secret: enrolled,
    status: remembered,
    wants: { act: 'keep', ready: 'True Reconciled', requeueAt: undefined },
  },
  {
    ...held,
    says: 'a switch is not held',
    platform: { state: 'Disabled' },
    secret: enrolled,
    wants: { act: 'annotate', phase: 'Off' },
  },
  {
    says: 'at its end the deed is done',
    holdUntil: now,
    asks: resetNow,
    secret: enrolled,
    status: remembered,
    wants: { act: 'replace', ready: 'True Reconciled' },
  },
]);

const refusedWrite = { status: 422, field: 'metadata.annotations', retryAt: Date.parse(hours(0.1)) } as const;
const failed = { act: 'keep', ready: 'False WriteFailed', stalled: undefined, requeueAt: hours(0.1) };

sentences('WriteFailed (403 and 422 answers only): names status and field; not Stalled', [
  {
    refusedWrite,
    says: 'no Secret could be made: refused at login, not enrolled',
    wants: {
      ...failed,
      phase: 'Blocked',
      enforced: 'True WriteFailed',
      enrolled: 'False NotEnrolled',
      remembers: [undefined, undefined],
      secretName: undefined,
      readyMessage:
        'the API server refused to write the Secret: 422, metadata.annotations; tried again every few minutes',
    },
  },
  {
    refusedWrite: { ...refusedWrite, status: 403 },
    says: 'a reset: the seed that there is asks for its code',
    asks: resetNow,
    secret: enrolled,
    status: remembered,
    wants: { ...failed, phase: 'Enforced', enforced: 'True CodeRequired', remembers: [mintedAt, enrolledAt] },
  },
  {
    refusedWrite,
    says: 'an orphan that can’t be taken back stays refused as one',
    secret: { ...enrolled, 'orphaned-at': hours(-1) },
    wants: { ...failed, phase: 'Blocked', enforced: 'True Orphaned' },
  },
  {
    refusedWrite,
    says: 'a removal: the login still asks',
    asks: { state: 'Removed' },
    secret: enrolled,
    wants: { ...failed, phase: 'Enforced', enrolled: 'True FirstCodeAccepted' },
  },
  {
    refusedWrite,
    says: 'where nothing is to be written, nothing failed',
    secret: enrolled,
    wants: { ready: 'True Reconciled', requeueAt: undefined },
  },
  {
    says: 'at its time it is tried again',
    refusedWrite: { ...refusedWrite, retryAt: now },
    wants: { act: 'create', ready: 'True Reconciled' },
  },
]);

describe('what can’t be undone: mint over, erase, orphan, delete', () => {
  const patch = { annotations: {} };
  const seed = { issuer: 'x', address: 'x', algorithm: 'SHA1', digits: 6, periodSeconds: 30 } as const;
  test.each<[SecretAct, boolean]>([
    [{ kind: 'keep' }, false],
    [{ kind: 'annotate', patch }, false],
    [{ kind: 'create', patch }, false],
    [{ kind: 'create', patch, seed, over: false }, false],
    [{ kind: 'create', patch, seed, over: true }, true],
    [{ kind: 'replace', patch, seed, over: false }, false],
    [{ kind: 'replace', patch, seed, over: true }, true],
    [{ kind: 'erase', patch }, true],
    [{ kind: 'orphan', patch }, true],
    [{ kind: 'delete' }, true],
  ])('%j: %s', (act, isOne) => {
    expect(isIrreversible(act)).toBe(isOne);
  });
});
