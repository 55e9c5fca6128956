import { formatMilliseconds, formatSeconds, parseSeconds, type Instant } from '../api/instants.ts';
import { annotation, type Annotations } from '../api/record.ts';
import type { AccountFacts, RefusedWrite, SecretFacts } from './facts.ts';
import type { SeedState } from './seed.ts';
import { tooLongMessage, type Suspension } from './wishes.ts';

/**
 * Why Secret and status do not say what the spec asks for. `SpecInvalid` is of objects that were stored before the schema
 * could refuse them: nothing changes for such an account until it is mended.
 */
export interface Problem {
  readonly reason:
    | 'SpecInvalid'
    | 'AddressInUse'
    | 'SecretNameTaken'
    | 'PlatformNotFound'
    | 'WriteFailed'
    | 'StorageWentBack'
    | 'SeedLost'
    | 'SecretInvalid'
    | 'SuspensionTooLong';
  readonly message: string;
}

/** Only a change to the object or its Secret helps; what another object can cure is not stalled. */
const stalling: readonly Problem['reason'][] = [
  'SpecInvalid',
  'SecretNameTaken',
  'SeedLost',
  'SecretInvalid',
  'SuspensionTooLong',
];

/** Where several hold, Ready names the first of these. */
const order: readonly Problem['reason'][] = [
  'SpecInvalid',
  'AddressInUse',
  'SecretNameTaken',
  'PlatformNotFound',
  'WriteFailed',
  'StorageWentBack',
  'SeedLost',
  'SecretInvalid',
  'SuspensionTooLong',
];

export const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason));

/** Stalled where Ready names such a one: before that, something else is still to come by itself. */
export const stallsAt = ([first]: readonly Problem[]): Problem | undefined =>
  first && stalling.includes(first.reason) ? first : undefined;

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
  message: `the API server refused to write the Secret: ${refused.status}, ${refused.field}; tried again every few minutes`,
});

/** What {@link writeFailed} says, out of a message that begins with it. */
export const readWriteFailed = (message: string): Pick<RefusedWrite, 'status' | 'field'> | undefined => {
  const said = /^the API server refused to write the Secret: (400|403|422), (.*); tried again every few minutes/;
  const [, status, field] = said.exec(message) ?? [];
  return field === undefined ? undefined : { status: Number(status) as RefusedWrite['status'], field };
};

export const storageWentBack = (deed: string, until: Instant): Problem => ({
  reason: 'StorageWentBack',
  message:
    `the API server's storage went back in time (a restored backup?): ${deed} waits until ${formatSeconds(until)}, ` +
    'or until the operator is restarted',
});

/** Until when {@link storageWentBack} says that the deed waits, out of a message that begins with it. */
export const readHold = (message: string): Instant | undefined => {
  const said = /^the API server's storage went back in time .* waits until (\S+), or until the operator is restarted/;
  return parseSeconds(said.exec(message)?.[1] ?? '');
};

export const seedLost = (seed: SeedState & { kind: 'lost' }, secret: SecretFacts | undefined): Problem => ({
  reason: 'SeedLost',
  message:
    `${secret ? `the Secret holds ${seed.found}` : 'there is no Secret'}, ` +
    `but a seed was minted ${formatMilliseconds(seed.mintedAt)}. ` +
    'Restore the Secret, or ask for a reset (spec.twoFactor.reset)',
});

/** Whether a message begins with {@link seedLost}, of a Secret that holds none. */
export const saysNoSeed = (message: string): boolean => message.startsWith('the Secret holds no seed');

export const enrollmentLost: Problem = {
  reason: 'SecretInvalid',
  message:
    `the annotation ${annotation.enrolledAt} is gone, but this seed was enrolled. ` +
    'Restore the Secret, or ask for a reset (spec.twoFactor.reset)',
};

const distrusted = (key: string, annotations: Annotations): string => {
  if (key === annotation.dataInvalid) return `data can't be trusted: a login service could not read it (${key})`;
  const how = annotations[key] === undefined ? 'is half of an enrolment, and missing' : 'does not parse';
  return `annotation ${key} can't be trusted: it ${how}`;
};

/** @param key the annotation because of which the record is refused */
export const secretInvalid = (key: string, annotations: Annotations): Problem => ({
  reason: 'SecretInvalid',
  message:
    `the Secret's ${distrusted(key, annotations)}. ` +
    'Mend or restore the Secret, or ask for a reset (spec.twoFactor.reset)',
});

/** Why a Secret can't be trusted. */
type Fault =
  | { readonly kind: 'enrollmentLost' | 'dataInvalid' }
  | { readonly kind: 'missing' | 'unreadable'; readonly key: string };

/** What {@link enrollmentLost} or {@link secretInvalid} says, out of a message that begins with it. */
export const readFault = (message: string): Fault | undefined => {
  if (message.startsWith(enrollmentLost.message)) return { kind: 'enrollmentLost' };
  if (message.startsWith("the Secret's data can't be trusted")) return { kind: 'dataInvalid' };
  const said = /^the Secret's annotation (\S+) can't be trusted: it (is half of an enrolment|does not parse)/;
  const [, key, how] = said.exec(message) ?? [];
  return key === undefined ? undefined : { kind: how === 'does not parse' ? 'unreadable' : 'missing', key };
};

export const suspensionTooLong = (suspension: Suspension, maximumHours: number): Problem => ({
  reason: 'SuspensionTooLong',
  message: tooLongMessage(suspension, maximumHours),
});
