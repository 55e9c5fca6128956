import { expect } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { enrolled, enrolledAt, erased, factsOf, hours, mintedAt, now, remembered, secret, unscanned } from './given.ts';
import { sentences, type Row } from './rows.ts';

const missing = { platform: 'missing' } as const;
const anHour = { requestedAt: hours(-0.5), hours: 1 };
const window = `${hours(-0.5)}/${hours(0.5)}`;
const notFound = { act: 'keep', ready: 'False PlatformNotFound', stalled: undefined };

/** A last status, as it was while the platform was there. */
const statusBefore = (given: Omit<Row, 'says' | 'wants'>) => decide(factsOf(given), now).status;

sentences('no platform: PlatformNotFound; nothing else changes', [
  {
    ...missing,
    says: 'with no Secret: Blocked, Enforced True/PlatformNotFound, Enrolled False/NotEnrolled',
    wants: { ...notFound, phase: 'Blocked', enforced: 'True PlatformNotFound', enrolled: 'False NotEnrolled' },
  },
  {
    ...missing,
    says: 'with no Secret, though one is remembered: the same, and the memory stays',
    status: remembered,
    wants: {
      ...notFound,
      phase: 'Blocked',
      enforced: 'True PlatformNotFound',
      enrolled: 'False NotEnrolled',
      remembers: [mintedAt, enrolledAt],
    },
  },
  {
    ...missing,
    says: 'phase from the record: Enforced',
    secret: enrolled,
    wants: { ...notFound, phase: 'Enforced', enforced: 'True CodeRequired' },
  },
  {
    ...missing,
    says: 'phase from the record: Enrolling',
    secret: unscanned,
    wants: { ...notFound, phase: 'Enrolling' },
  },
  {
    ...missing,
    says: 'seedMintedAt and enrolledAt follow the Secret',
    secret: enrolled,
    wants: { remembers: [mintedAt, enrolledAt] },
  },
  {
    ...missing,
    says: 'Enforced keeps its last reason: PlatformDisabled',
    secret: { ...enrolled, 'second-factor': 'off' },
    status: statusBefore({ platform: { state: 'Disabled' }, secret: enrolled }),
    wants: { ...notFound, phase: 'Off', enforced: 'False PlatformDisabled' },
  },
  {
    ...missing,
    says: 'Enforced keeps its last reason: DisabledByDefault',
    secret: { ...enrolled, 'second-factor': 'off' },
    status: statusBefore({ platform: { accountDefault: 'Disabled' }, secret: enrolled }),
    wants: { phase: 'Off', enforced: 'False DisabledByDefault' },
  },
  {
    ...missing,
    says: 'with no last reason, an erased one was Removed',
    secret: erased,
    wants: { phase: 'Off', enforced: 'False Removed', enrolled: 'False SeedErased' },
  },
  {
    ...missing,
    says: 'no minting',
    secret: { 'second-factor': 'required' },
    wants: { act: 'keep', phase: 'Blocked', enforced: 'True SeedLost' },
  },
  {
    ...missing,
    says: 'no reset',
    asks: { reset: { requestedAt: hours(-1) } },
    secret: enrolled,
    status: remembered,
    wants: { act: 'keep', phase: 'Enforced' },
  },
  {
    ...missing,
    says: 'no unlock',
    asks: { unlock: { requestedAt: hours(-1) } },
    secret: enrolled,
    wants: { act: 'keep' },
  },
  {
    ...missing,
    says: 'no code',
    asks: { enrollmentCode: { hash: `sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`, expiresAt: hours(1) } },
    secret: unscanned,
    wants: { act: 'keep' },
  },
  {
    ...missing,
    says: 'no removal',
    asks: { state: 'Removed' },
    secret: enrolled,
    wants: { act: 'keep', phase: 'Enforced' },
  },
  {
    ...missing,
    says: 'no taking back: an orphan stays refused',
    secret: { ...enrolled, 'orphaned-at': hours(-1), 'erase-after': hours(1) },
    wants: { ...notFound, phase: 'Blocked', enforced: 'True Orphaned' },
  },
  {
    ...missing,
    says: 'no new label, account or address',
    secret: secret({ ...enrolled, account: 'deleted', address: 'x' }, 'other'),
    wants: { act: 'keep', phase: 'Enforced' },
  },
  {
    ...missing,
    says: 'what was refused stays so',
    secret: { ...enrolled, 'second-factor': 'refused' },
    wants: { act: 'keep', phase: 'Blocked', enforced: 'True Refused' },
  },
  {
    ...missing,
    says: 'SecretInvalid stands behind it',
    secret: { ...enrolled, failures: '?' },
    wants: { ...notFound, enforced: 'True SecretInvalid', enrolled: 'Unknown SecretInvalid' },
  },
  {
    ...missing,
    says: 'no new windows',
    asks: { suspension: anHour },
    secret: enrolled,
    wants: { act: 'keep', phase: 'Enforced' },
  },
  {
    ...missing,
    says: 'windows that the account still asks for stay, and end',
    asks: { suspension: anHour },
    secret: { ...enrolled, suspended: window },
    wants: { ...notFound, phase: 'Suspended', suspendedUntil: hours(0.5), requeueAt: hours(0.5) },
  },
  {
    ...missing,
    says: 'windows shrink to what the account still asks for: nothing',
    secret: { ...enrolled, suspended: window },
    wants: { act: 'annotate', ready: 'False PlatformNotFound', phase: 'Enforced' },
    onlyChanges: { suspended: null },
  },
  {
    ...missing,
    says: 'windows shrink to what the account still asks for: less',
    asks: { suspension: anHour },
    secret: { ...enrolled, suspended: `${hours(-1)}/${hours(9)}` },
    wants: { act: 'annotate', phase: 'Suspended', suspendedUntil: hours(0.5) },
    onlyChanges: { suspended: window },
  },
  {
    ...missing,
    says: 'windows never grow to what it asks for',
    asks: { suspension: { requestedAt: hours(-1), hours: 9 } },
    secret: { ...enrolled, suspended: window },
    wants: { act: 'keep', suspendedUntil: hours(0.5) },
  },
  {
    ...missing,
    says: 'windows that do not parse are left: nothing else changes',
    secret: { ...enrolled, suspended: '?' },
    wants: { act: 'keep', phase: 'Blocked' },
  },
  {
    ...missing,
    says: 'what waits says nothing',
    asks: { reset: { requestedAt: hours(1) } },
    wants: { events: ['PlatformNotFound'], requeueAt: undefined },
  },
  {
    says: 'the message names field, value and namespace',
    ...missing,
    wants: {
      readyMessage: expect.stringMatching(
        /^spec\.platformRef\.name is hosted; no such ExchangePlatform in namespace mail\./,
      ) as unknown,
    },
  },
  {
    says: 'a platform that can’t be understood is as good as none; the message says what is wrong',
    platform: { maxSuspensionHours: 0 },
    secret: { ...enrolled, suspended: window },
    wants: {
      act: 'annotate',
      ready: 'False PlatformNotFound',
      phase: 'Enforced',
      readyMessage:
        "ExchangePlatform hosted can't be understood: spec.twoFactor.maxSuspensionHours: found 0; allowed is 1 to 8760",
    },
    onlyChanges: { suspended: null },
  },
]);
