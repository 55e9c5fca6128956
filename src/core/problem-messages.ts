import { formatMilliseconds, formatSeconds, parseSeconds, type Instant } from '../api/instants.ts';
import { annotation, type Annotations } from '../api/record.ts';
import type { RefusedWrite, SecretFacts } from './facts.ts';
import type { SeedState } from './seed.ts';

/**
 * Sentences of Ready that are read back, each beside its reader: who may not read Secrets explains an account by its status.
 * A reader takes the whole message of Ready, which begins with the sentence; notes may stand behind it.
 */

const writeRefused = 'the API server refused to write the Secret: ';
const triedAgain = '; tried again every few minutes';
const refusal = new RegExp(`^${writeRefused}(400|403|422), (.*)${triedAgain}`);

export const sayWriteFailed = ({ status, field }: RefusedWrite): string =>
  `${writeRefused}${status}, ${field}${triedAgain}`;

export const readWriteFailed = (message: string): Pick<RefusedWrite, 'status' | 'field'> | undefined => {
  const [, status, field] = refusal.exec(message) ?? [];
  return field === undefined ? undefined : { status: Number(status) as RefusedWrite['status'], field };
};

const wentBack = "the API server's storage went back in time ";
const waits = ' waits until ';
const orRestarted = ', or until the operator is restarted';
const hold = new RegExp(`^${wentBack}.*${waits}(\\S+)${orRestarted}`);

export const sayHeld = (deed: string, until: Instant): string =>
  `${wentBack}(a restored backup?): ${deed}${waits}${formatSeconds(until)}${orRestarted}`;

/** Until when the deed waits. */
export const readHold = (message: string): Instant | undefined => parseSeconds(hold.exec(message)?.[1] ?? '');

type Lost = SeedState & { readonly kind: 'lost' };

const holds = (found: Lost['found']): string => `the Secret holds ${found}`;

export const saySeedLost = ({ found, mintedAt }: Lost, secret: SecretFacts | undefined): string =>
  `${secret ? holds(found) : 'there is no Secret'}, but a seed was minted ${formatMilliseconds(mintedAt)}. ` +
  'Restore the Secret, or ask for a reset (spec.twoFactor.reset)';

/** Whether the Secret is there and holds none. */
export const saysNoSeed = (message: string): boolean => message.startsWith(holds('no seed'));

export const enrollmentLostMessage =
  `the annotation ${annotation.enrolledAt} is gone, but this seed was enrolled. ` +
  'Restore the Secret, or ask for a reset (spec.twoFactor.reset)';

const dataDistrusted = "the Secret's data can't be trusted";
const annotationOf = "the Secret's annotation ";
const distrusted = " can't be trusted: it ";
const missing = 'is half of an enrolment';
const unreadable = 'does not parse';
const annotationFault = new RegExp(`^${annotationOf}(\\S+)${distrusted}(${missing}|${unreadable})`);

const sayFault = (key: string, annotations: Annotations): string => {
  if (key === annotation.dataInvalid) return `${dataDistrusted}: a login service could not read it (${key})`;
  const how = annotations[key] === undefined ? `${missing}, and missing` : unreadable;
  return `${annotationOf}${key}${distrusted}${how}`;
};

/** What a person can ask for that makes a Secret good again. */
export type Cure = 'reset' | 'resetOnceOn' | 'enable' | 'removeAndEnable';

const cures: Readonly<Record<Cure, string>> = {
  reset: ', or ask for a reset (spec.twoFactor.reset)',
  resetOnceOn: '; once the second factor is on, a reset (spec.twoFactor.reset) helps too',
  enable: ', or set spec.twoFactor.state to Enabled, which mints a new seed',
  removeAndEnable: ', or set spec.twoFactor.state to Removed and then to Enabled, which mints a new seed',
};

/** @param key the annotation because of which the record is refused */
export const saySecretInvalid = (key: string, annotations: Annotations, cure: Cure): string =>
  `${sayFault(key, annotations)}. Mend or restore the Secret${cures[cure]}`;

/** Why a Secret can't be trusted. */
type Fault =
  | { readonly kind: 'enrollmentLost' | 'dataInvalid' }
  | { readonly kind: 'missing' | 'unreadable'; readonly key: string };

/** What {@link enrollmentLostMessage} or {@link saySecretInvalid} says. */
export const readFault = (message: string): Fault | undefined => {
  if (message.startsWith(enrollmentLostMessage)) return { kind: 'enrollmentLost' };
  if (message.startsWith(dataDistrusted)) return { kind: 'dataInvalid' };
  const [, key, how] = annotationFault.exec(message) ?? [];
  return key === undefined ? undefined : { kind: how === unreadable ? 'unreadable' : 'missing', key };
};
