import { formatSeconds } from '../../api/instants.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { Facts } from '../../core/facts.ts';
import { simulate, type Moment } from './simulate.ts';

/** What a change to a file does to one login. */
export interface Effect {
  readonly kind: 'newQr' | 'suspended' | 'suspensionRefused' | 'suspensionEnded' | 'off' | 'on' | 'blocked' | 'created';
  readonly namespace: string;
  readonly account: string;
  readonly text: string;
}

type Moments = readonly [Moment, ...Moment[]];

const seedsIn = (moments: Moments): Map<string, Moment> => {
  const seeds = new Map<string, Moment>();
  for (const moment of moments) {
    const minted = moment.decision.status.seedMintedAt;
    if (minted !== undefined && !seeds.has(minted)) seeds.set(minted, moment);
  }
  return seeds;
};

const suspensionsIn = (moments: Moments): ReadonlySet<string> =>
  new Set(moments.flatMap(({ decision }) => decision.status.suspendedUntil ?? []));

const readyOf = ([{ decision }]: Moments) => conditionOf(decision.status, 'Ready');

const phaseOf = ([{ decision }]: Moments) => decision.status.phase;

const isRefused = (moments: Moments): boolean => readyOf(moments)?.reason === 'SuspensionTooLong';

const when = ({ at }: Moment, now: number): string => (at > now ? `on ${formatSeconds(at)}` : 'at once');

const newQr = (before: Moments, after: Moments, facts: Facts): string | undefined => {
  if (facts.account.status.seedMintedAt === undefined) return undefined;
  const known = seedsIn(before);
  const replaced = [...seedsIn(after)].find(([minted]) => !known.has(minted));
  return replaced && `meets a new QR code ${when(replaced[1], after[0].at)}`;
};

const suspended = (before: Moments, after: Moments): string | undefined => {
  const known = suspensionsIn(before);
  const until = [...suspensionsIn(after)].find((each) => !known.has(each));
  return until === undefined ? undefined : `is asked for no code until ${until}`;
};

const refused = (before: Moments, after: Moments, { account }: Facts): string | undefined => {
  const [was, is] = [readyOf(before)?.message, readyOf(after)?.message];
  if (!isRefused(after) || was === is) return undefined;
  return `a suspension of ${account.spec.twoFactor?.suspension?.hours ?? 0} h is refused: ${is ?? ''}`;
};

const changedPhase = (before: Moments, after: Moments): readonly (readonly [Effect['kind'], string])[] => {
  const [was, is] = [phaseOf(before), phaseOf(after)];
  if (was === is) return [];
  if (is === 'Off') return [['off', 'is asked for no second factor any more']];
  if (is === 'Blocked') return [['blocked', `is refused: ${readyOf(after)?.message ?? ''}`]];
  if (was === 'Off') return [['on', is === 'Enforced' ? 'is asked for a code again' : 'is shown a QR code']];
  if (was === 'Suspended') return [['suspensionEnded', 'is asked for a code again at once: the suspension ends early']];
  return [];
};

const created = (after: Moments): string => {
  const phase = phaseOf(after);
  if (phase === 'Enrolling') return 'is a new account: its first login is shown a QR code';
  if (phase === 'Off') return 'is a new account without a second factor';
  return `is a new account: ${phase ?? ''}, ${readyOf(after)?.message ?? ''}`;
};

/** What becomes different for one login if the facts become others. */
export const effectsOn = (before: Facts | undefined, after: Facts, now: number): readonly Effect[] => {
  const { namespace, name } = after.account;
  const effect = (kind: Effect['kind'], text: string): Effect => ({ kind, namespace, account: name, text });
  const then = simulate(after, now);
  if (!before) return [effect('created', created(then))];
  const was = simulate(before, now);
  const found: readonly (readonly [Effect['kind'], string | undefined])[] = [
    ['newQr', newQr(was, then, after)],
    ['suspended', suspended(was, then)],
    ['suspensionRefused', refused(was, then, after)],
    ...changedPhase(was, then),
  ];
  return found.flatMap(([kind, text]) => (text === undefined ? [] : [effect(kind, text)]));
};

const counted: Readonly<Record<Effect['kind'], readonly [string, string]>> = {
  newQr: ['login will meet a new QR', 'logins will meet a new QR'],
  suspended: ['login will be suspended', 'logins will be suspended'],
  suspensionRefused: ['suspension is refused', 'suspensions are refused'],
  suspensionEnded: ['suspension ends early', 'suspensions end early'],
  off: ['login loses its second factor', 'logins lose their second factor'],
  on: ['login gets a second factor', 'logins get a second factor'],
  blocked: ['login will be refused', 'logins will be refused'],
  created: ['new account', 'new accounts'],
};

/** `3 logins will meet a new QR, 1 suspension is refused`. */
export const summaryOf = (effects: readonly Effect[]): string => {
  const kinds = Object.keys(counted) as Effect['kind'][];
  const parts = kinds.flatMap((kind) => {
    const { length } = effects.filter((effect) => effect.kind === kind);
    return length === 0 ? [] : [`${length} ${counted[kind][length === 1 ? 0 : 1]}`];
  });
  return parts.length === 0 ? 'nothing changes for any login' : parts.join(', ');
};
