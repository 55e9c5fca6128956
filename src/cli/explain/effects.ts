import { isDeepStrictEqual } from 'node:util';
import { formatSeconds, type Instant } from '../../api/instants.ts';
import { accountKind, platformKind } from '../../api/names.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { Facts, PlatformFacts } from '../../core/facts.ts';
import {
  isTooLong,
  readAccount,
  readPlatform,
  understood,
  type PlatformWishes,
  type Suspension,
} from '../../core/wishes.ts';
import { simulate, type Moment } from './simulate.ts';

type Kind =
  | 'newQr'
  | 'suspended'
  | 'suspensionRefused'
  | 'suspensionEnded'
  | 'suspensionWithdrawn'
  | 'off'
  | 'on'
  | 'codeNeeded'
  | 'blocked'
  | 'letIn'
  | 'created';

/** What a change to a file does to one login, or to a platform's own request. */
export interface Effect {
  readonly kind: Kind;
  readonly namespace: string;
  readonly object: typeof accountKind | typeof platformKind;
  readonly name: string;
  readonly text: string;
  /** Of a suspension that is refused. */
  readonly hours?: number;
}

type Found = readonly (readonly [Kind, string, number?])[];
type Moments = readonly [Moment, ...Moment[]];

const conditionAt = ({ decision }: Moment, type: string) => conditionOf(decision.status, type);

const phaseOf = ({ decision }: Moment) => decision.status.phase;

const when = ({ at }: Moment, [{ at: now }]: Moments): string => (at > now ? `from ${formatSeconds(at)}` : 'at once');

const seedsIn = (moments: Moments): ReadonlySet<string> =>
  new Set(moments.flatMap(({ decision }) => decision.status.seedMintedAt ?? []));

const newQr = (before: Moments, after: Moments, { account }: Facts): Found => {
  if (account.status.seedMintedAt === undefined) return [];
  const known = seedsIn(before);
  const replaced = after.find(({ decision: { status } }) => status.seedMintedAt && !known.has(status.seedMintedAt));
  return replaced ? [['newQr', `meets a new QR code ${when(replaced, after)}`]] : [];
};

const suspensionsIn = (moments: Moments): ReadonlyMap<string, Moment> => {
  const byEnd = new Map<string, Moment>();
  for (const moment of moments) {
    const until = moment.decision.status.suspendedUntil;
    if (until !== undefined && !byEnd.has(until)) byEnd.set(until, moment);
  }
  return byEnd;
};

/** Suspensions that are granted anew, and those to come that are no longer. */
const suspended = (before: Moments, after: Moments): Found => {
  const [was, is] = [suspensionsIn(before), suspensionsIn(after)];
  const added = [...is].find(([until]) => !was.has(until));
  if (added) return [['suspended', `is asked for no code ${when(added[1], after)} until ${added[0]}`]];
  // one without effect, as the second factor is off, is asked for all the same
  if (phaseOf(after[0]) === 'Off') return [];
  const gone = [...was].find(([until, { at }]) => !is.has(until) && at > before[0].at);
  return gone
    ? [['suspensionWithdrawn', `its suspension from ${formatSeconds(gone[1].at)} until ${gone[0]} is withdrawn`]]
    : [];
};

const platformWishes = (platform: PlatformFacts | undefined): PlatformWishes | undefined =>
  understood(platform && readPlatform(platform.spec));

/** A suspension over the maximum, and that maximum. */
interface Refused {
  readonly suspension: Suspension;
  readonly most: number;
}

const refusedIn = (
  suspension: Suspension | undefined,
  platform: PlatformWishes | undefined,
  now: Instant,
): Refused | undefined =>
  suspension && platform && isTooLong(suspension, platform.maxSuspensionHours, now)
    ? { suspension, most: platform.maxSuspensionHours }
    : undefined;

const refusal = (was: Refused | undefined, is: Refused | undefined): Found => {
  if (!is || isDeepStrictEqual(was, is)) return [];
  const { hours } = is.suspension;
  return [
    ['suspensionRefused', `a suspension of ${hours} h is refused: the platform allows at most ${is.most} h`, hours],
  ];
};

const refusedOf = ({ account, platform }: Facts, now: Instant): Refused | undefined =>
  refusedIn(understood(readAccount(account.spec))?.suspension, platformWishes(platform), now);

const readyMessage = (moment: Moment): string => conditionAt(moment, 'Ready')?.message ?? '';

const askedOf = (moment: Moment): string => {
  const phase = phaseOf(moment);
  if (phase === 'Locked') return 'is refused for wrong codes';
  return phase === 'Enforced' ? 'is asked for a code' : 'is shown a QR code';
};

/** What becomes of the login at once. */
const changedPhase = ([before]: Moments, [after]: Moments): Found => {
  const [was, is] = [phaseOf(before), phaseOf(after)];
  if (was === is || is === 'Blocked') return [];
  if (is === 'Off') {
    const isErased = conditionAt(after, 'Enrolled')?.reason === 'SeedErased';
    return [['off', `is asked for no second factor any more${isErased ? ', and its seed is erased' : ''}`]];
  }
  if (is === 'Suspended') return [];
  if (was === 'Off') return [['on', askedOf(after)]];
  if (was === 'Suspended') return [['suspensionEnded', `${askedOf(after)} at once: the suspension ends early`]];
  const wasKeptOut = was === 'Blocked' || was === 'Locked';
  return wasKeptOut && is !== 'Locked' ? [['letIn', `is refused no longer, and ${askedOf(after)}`]] : [];
};

/** A refusal that was not to come: at once, or when the time to enrol ends. */
const blocked = (before: Moments, after: Moments): Found => {
  const isBlocked = (moment: Moment): boolean => phaseOf(moment) === 'Blocked';
  const refused = after.find(isBlocked);
  if (!refused || before.some(isBlocked)) return [];
  const { reason = '', message = '' } = conditionAt(refused, 'Enforced') ?? {};
  const why = conditionAt(refused, 'Ready')?.status === 'False' ? readyMessage(refused) : `${reason}: ${message}`;
  return [['blocked', `is refused ${when(refused, after)}: ${why}`]];
};

const codeNeeded = ([before]: Moments, [after]: Moments): Found => {
  const isNeeded = (moment: Moment): boolean => conditionAt(moment, 'Enrolled')?.reason === 'EnrollmentCodeRequired';
  return isNeeded(after) && !isNeeded(before) ? [['codeNeeded', 'needs an enrolment code, and none is issued']] : [];
};

const created = ([moment]: Moments): string => {
  const phase = phaseOf(moment);
  if (phase === 'Enrolling') return 'is a new account: its first login is shown a QR code';
  if (phase === 'Enforced') return 'is a new account that takes back its Secret: it is asked for a code';
  if (phase === 'Off') return 'is a new account without a second factor';
  return `is a new account: ${phase ?? ''}, ${readyMessage(moment)}`;
};

/** What becomes different for one login if the facts become others. */
export const effectsOn = (before: Facts | undefined, after: Facts, now: Instant): readonly Effect[] => {
  const { namespace, name } = after.account;
  const then = simulate(after, now);
  const was = before && simulate(before, now);
  const found: Found = [
    ...(was
      ? [
          ...newQr(was, then, after),
          ...suspended(was, then),
          ...changedPhase(was, then),
          ...codeNeeded(was, then),
          ...blocked(was, then),
        ]
      : [['created', created(then)] as const]),
    ...refusal(before && refusedOf(before, now), refusedOf(after, now)),
  ];
  return found.map(([kind, text, hours]) => ({
    kind,
    namespace,
    object: accountKind,
    name,
    text,
    ...(hours !== undefined && { hours }),
  }));
};

/** What becomes different for a platform beside its logins: its own suspension may be over its own maximum. */
export const effectsOnPlatform = (
  before: PlatformFacts | undefined,
  after: PlatformFacts,
  now: Instant,
): readonly Effect[] => {
  const { namespace, name } = after;
  const refusedBy = (platform: PlatformFacts | undefined): Refused | undefined => {
    const wishes = platformWishes(platform);
    return refusedIn(wishes?.suspension, wishes, now);
  };
  return refusal(refusedBy(before), refusedBy(after)).map(([kind, text, hours]) => ({
    kind,
    namespace,
    object: platformKind,
    name,
    text,
    ...(hours !== undefined && { hours }),
  }));
};

const counted: Readonly<Record<Kind, readonly [string, string]>> = {
  newQr: ['login will meet a new QR', 'logins will meet a new QR'],
  suspended: ['login will be suspended', 'logins will be suspended'],
  suspensionRefused: ['suspension% is refused', 'suspensions% are refused'],
  suspensionEnded: ['suspension ends early', 'suspensions end early'],
  suspensionWithdrawn: ['suspension is withdrawn', 'suspensions are withdrawn'],
  off: ['login loses its second factor', 'logins lose their second factor'],
  on: ['login gets a second factor', 'logins get a second factor'],
  codeNeeded: ['login needs an enrolment code', 'logins need an enrolment code'],
  blocked: ['login will be refused', 'logins will be refused'],
  letIn: ['login will be refused no longer', 'logins will be refused no longer'],
  created: ['new account', 'new accounts'],
};

/** ` of 400 h`, ` of 30 to 400 h`; nothing where there are no hours. */
const hoursOf = (effects: readonly Effect[]): string => {
  const hours = effects.flatMap((effect) => effect.hours ?? []);
  const [least, most] = [Math.min(...hours), Math.max(...hours)];
  if (hours.length === 0) return '';
  return least === most ? ` of ${most} h` : ` of ${least} to ${most} h`;
};

/** `3 logins will meet a new QR, 1 suspension of 400 h is refused`. */
export const summaryOf = (effects: readonly Effect[]): string => {
  const kinds = Object.keys(counted) as Kind[];
  const parts = kinds.flatMap((kind) => {
    const ofKind = effects.filter((effect) => effect.kind === kind);
    const words = counted[kind][ofKind.length === 1 ? 0 : 1];
    return ofKind.length === 0 ? [] : [`${ofKind.length} ${words.replace('%', hoursOf(ofKind))}`];
  });
  return parts.length === 0 ? 'nothing changes for any login' : parts.join(', ');
};
