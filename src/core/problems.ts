import type { Instant } from '../api/instants.ts';
import type { Annotations } from '../api/record.ts';
import type { AccountFacts, RefusedWrite, SecretFacts } from './facts.ts';
import {
  type Cure,
  enrollmentLostMessage,
  sayHeld,
  saySecretInvalid,
  saySeedLost,
  sayWriteFailed,
} from './problem-messages.ts';
import type { SeedState } from './seed.ts';
import { tooLongMessage, type Suspension } from './wishes.ts';

/** Why Ready is False. Where several hold, Ready names the first of these. */
export const readyReasons = [
  'AddressInUse',
  'SecretNameTaken',
  'SpecInvalid',
  'PlatformNotFound',
  'WriteFailed',
  'StorageWentBack',
  'SeedLost',
  'SecretInvalid',
  'SuspensionTooLong',
] as const;

export type ReadyReason = (typeof readyReasons)[number];

/**
 * Why Secret and status do not say what the spec asks for. `SpecInvalid` is of objects that were stored before the schema
 * could refuse them: nothing changes for such an account until it is mended.
 */
export interface Problem {
  readonly reason: ReadyReason;
  readonly message: string;
}

/** Only a change to the object or its Secret helps; what another object can cure is not stalled. */
const stalling: Readonly<Record<ReadyReason, boolean>> = {
  SpecInvalid: true,
  AddressInUse: false,
  SecretNameTaken: true,
  PlatformNotFound: false,
  WriteFailed: false,
  StorageWentBack: false,
  SeedLost: true,
  SecretInvalid: true,
  SuspensionTooLong: true,
};

export const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => readyReasons.indexOf(a.reason) - readyReasons.indexOf(b.reason));

/** Stalled where Ready names such a one: before that, something else is still to come by itself. */
export const stallsAt = ([first]: readonly Problem[]): Problem | undefined =>
  first && stalling[first.reason] ? first : undefined;

export const specInvalid = (misunderstood: string): Problem => ({ reason: 'SpecInvalid', message: misunderstood });

export const addressInUse = (holder: AccountFacts): Problem => ({
  reason: 'AddressInUse',
  message:
    `spec.address ${holder.spec.address} belongs to MailAccount ${holder.name}, and one address is one account. ` +
    `Delete this account, or ${holder.name}: then this one takes the Secret, with seed and enrolment`,
});

export const secretNameTaken = (secretName: string): Problem => ({
  reason: 'SecretNameTaken',
  message:
    `a Secret of another type has the name ${secretName}; it is left untouched and looked at again every minute. ` +
    'Delete or rename it',
});

export const platformNotFound = (platformName: string, namespace: string): Problem => ({
  reason: 'PlatformNotFound',
  message:
    `spec.platformRef.name is ${platformName}; no such ExchangePlatform in namespace ${namespace}. ` +
    'Nothing changes until it is applied, but suspensions end. If the name is a mistake: platformRef is immutable, so ' +
    'delete this account and create it with the right name, which takes its Secret back',
});

/** For its accounts, one that can't be understood is as good as none. */
export const platformMisunderstood = (platformName: string, misunderstood: string): Problem => ({
  reason: 'PlatformNotFound',
  message: `ExchangePlatform ${platformName} can't be understood: ${misunderstood}`,
});

export const writeFailed = (refused: RefusedWrite): Problem => ({
  reason: 'WriteFailed',
  message: sayWriteFailed(refused),
});

export const storageWentBack = (deed: string, until: Instant): Problem => ({
  reason: 'StorageWentBack',
  message: sayHeld(deed, until),
});

export const seedLost = (seed: SeedState & { kind: 'lost' }, secret: SecretFacts | undefined): Problem => ({
  reason: 'SeedLost',
  message: saySeedLost(seed, secret),
});

export const enrollmentLost: Problem = { reason: 'SecretInvalid', message: enrollmentLostMessage };

/** @param key the annotation because of which the record is refused */
export const secretInvalid = (key: string, annotations: Annotations, cure: Cure): Problem => ({
  reason: 'SecretInvalid',
  message: saySecretInvalid(key, annotations, cure),
});

export const suspensionTooLong = (suspension: Suspension, maximumHours: number): Problem => ({
  reason: 'SuspensionTooLong',
  message: tooLongMessage(suspension, maximumHours),
});
