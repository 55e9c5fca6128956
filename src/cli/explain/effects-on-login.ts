import { formatSeconds, type Instant } from '../../api/instants.ts';
import { accountKind } from '../../api/names.ts';
import { conditionOf } from '../../core/conditions.ts';
import { isForeign, type Facts } from '../../core/facts.ts';
import { secondFactor, type Verdict } from '../../core/second-factor.ts';
import { recordOf } from '../../core/secret-plan.ts';
import type { Change, Effect } from './effect.ts';
import { refusal, refusedOf } from './refused-suspension.ts';
import { simulate, type Moment } from './simulate.ts';

type Moments = readonly [Moment, ...Moment[]];

/** What a login meets by the Secret as a moment leaves it. */
const verdictOf = ({ at, after: { secret } }: Moment): Verdict =>
  secondFactor(isForeign(secret) ? undefined : recordOf(secret?.annotations), at);

const conditionAt = ({ decision }: Moment, type: string) => conditionOf(decision.status, type);

const phaseOf = ({ decision }: Moment) => decision.status.phase;

const when = ({ at }: Moment, [{ at: now }]: Moments): string => (at > now ? `from ${formatSeconds(at)}` : 'at once');

const seedsIn = (moments: Moments): ReadonlySet<string> =>
  new Set(moments.flatMap(({ decision }) => decision.status.seedMintedAt ?? []));

const isCodeAsked = (moment: Moment): boolean => {
  const verdict = verdictOf(moment);
  return verdict.kind === 'enroll' && verdict.enrollmentCode.kind !== 'none';
};

/** A reset during a suspension shows its QR code at the end of that. */
const newQr = (before: Moments, after: Moments, { account }: Facts): readonly Change[] => {
  if (account.status.seedMintedAt === undefined) return [];
  const known = seedsIn(before);
  const replaced = after.filter(({ decision: { status } }) => status.seedMintedAt && !known.has(status.seedMintedAt));
  const met = replaced.find((moment) => phaseOf(moment) === 'Enrolling') ?? replaced[0];
  if (!met) return [];
  const code = isCodeAsked(met) ? ', after the enrolment code' : '';
  return [{ kind: 'newQr', text: `meets a new QR code ${when(met, after)}${code}` }];
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
const suspended = (before: Moments, after: Moments): readonly Change[] => {
  const [was, is] = [suspensionsIn(before), suspensionsIn(after)];
  const added = [...is].find(([until]) => !was.has(until));
  if (added) {
    const [until, moment] = added;
    return [{ kind: 'suspended', text: `is asked for no code ${when(moment, after)} until ${until}` }];
  }
  // one without effect, as the second factor is off, is asked for all the same
  if (phaseOf(after[0]) === 'Off') return [];
  const gone = [...was].find(([until, { at }]) => !is.has(until) && at > before[0].at);
  if (!gone) return [];
  const [until, { at }] = gone;
  const text = `its suspension from ${formatSeconds(at)} until ${until} is withdrawn`;
  return [{ kind: 'suspensionWithdrawn', text }];
};

const readyMessage = (moment: Moment): string => conditionAt(moment, 'Ready')?.message ?? '';

/** What somebody with the right password meets, where it is more than that. */
const askedOf = (moment: Moment): string => {
  const phase = phaseOf(moment);
  if (phase === 'Locked') return 'is refused for wrong codes';
  if (phase === 'Enforced') return 'is asked for a code';
  return isCodeAsked(moment) ? 'is asked for the enrolment code, then shown a QR code' : 'is shown a QR code';
};

/** What becomes of the login at once. */
const changedPhase = ([before]: Moments, [after]: Moments): readonly Change[] => {
  const [was, is] = [phaseOf(before), phaseOf(after)];
  if (was === is || is === 'Blocked') return [];
  if (is === 'Off') {
    const erased = conditionAt(after, 'Enrolled')?.reason === 'SeedErased' ? ', and its seed is erased' : '';
    return [{ kind: 'off', text: `is asked for no second factor any more${erased}` }];
  }
  if (is === 'Suspended') return [];
  if (was === 'Off') return [{ kind: 'on', text: askedOf(after) }];
  if (was === 'Suspended') {
    return [{ kind: 'suspensionEnded', text: `${askedOf(after)} at once: the suspension ends early` }];
  }
  const wasKeptOut = was === 'Blocked' || was === 'Locked';
  return wasKeptOut && is !== 'Locked' ? [{ kind: 'letIn', text: `is refused no longer, and ${askedOf(after)}` }] : [];
};

/** A refusal that was not to come: at once, or when the time to enrol ends. */
const blocked = (before: Moments, after: Moments): readonly Change[] => {
  const isBlocked = (moment: Moment): boolean => phaseOf(moment) === 'Blocked';
  const refused = after.find(isBlocked);
  if (!refused || before.some(isBlocked)) return [];
  const { reason = '', message = '' } = conditionAt(refused, 'Enforced') ?? {};
  const why = conditionAt(refused, 'Ready')?.status === 'False' ? readyMessage(refused) : `${reason}: ${message}`;
  return [{ kind: 'blocked', text: `is refused ${when(refused, after)}: ${why}` }];
};

const codeNeeded = (before: Moments | undefined, [after]: Moments): readonly Change[] => {
  const isNeeded = (moment: Moment): boolean => conditionAt(moment, 'Enrolled')?.reason === 'EnrollmentCodeRequired';
  return isNeeded(after) && !(before && isNeeded(before[0]))
    ? [{ kind: 'codeNeeded', text: 'needs an enrolment code, and none is issued' }]
    : [];
};

const created = ([moment]: Moments): string => {
  const phase = phaseOf(moment);
  if (phase === 'Enrolling') return `is a new account: its first login ${askedOf(moment)}`;
  if (phase === 'Enforced') return 'is a new account that takes back its Secret: it is asked for a code';
  if (phase === 'Off') return 'is a new account without a second factor';
  return `is a new account: ${phase ?? ''}, ${readyMessage(moment)}`;
};

const changesBetween = (was: Moments | undefined, is: Moments, after: Facts): readonly Change[] => {
  if (!was) return [{ kind: 'created', text: created(is) }, ...codeNeeded(was, is)];
  return [
    ...newQr(was, is, after),
    ...suspended(was, is),
    ...changedPhase(was, is),
    ...codeNeeded(was, is),
    ...blocked(was, is),
  ];
};

/** What becomes different for one login if the facts become others. */
export const effectsOn = (before: Facts | undefined, after: Facts, now: Instant): readonly Effect[] => {
  const { namespace, name } = after.account;
  const changes = [
    ...changesBetween(before && simulate(before, now), simulate(after, now), after),
    ...refusal(before && refusedOf(before, now), refusedOf(after, now)),
  ];
  return changes.map((change) => ({ namespace, object: accountKind, name, ...change }));
};
