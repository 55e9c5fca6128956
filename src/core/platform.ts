import type { ExchangePlatformAccounts, ExchangePlatformStatus } from '../api/generated/exchange-platform.ts';
import { formatSeconds, secondMs, type Instant } from '../api/instants.ts';
import { conditionOf, conditionsNow, type Said } from './conditions.ts';
import { earliestAfter, type Notice } from './decision.ts';
import type { PlatformFacts } from './facts.ts';
import { noteEvents, resetWhileOff, suspensionNote, waitingReset, type Note } from './notes.ts';
import {
  describeSuspension,
  isTooLong,
  readPlatform,
  tooLongMessage,
  understood,
  type Misunderstood,
  type PlatformWishes,
} from './wishes.ts';

/** Accounts of a platform by what their logins meet. */
export type Counts = Readonly<ExchangePlatformAccounts>;

export interface PlatformView {
  readonly platform: PlatformFacts;
  readonly counts: Counts;
  /** Accounts not yet decided against the platform's present generation. */
  readonly pending: number;
  /** When other counts may be written, see {@link firstCountsAt}. */
  readonly countsDueAt: Instant;
}

export interface PlatformDecision {
  readonly status: ExchangePlatformStatus;
  readonly events: readonly Notice[];
  readonly requeueAt: Instant | undefined;
}

/** Counts are for people; each write costs the API server. */
const countsEveryMs = 10 * secondMs;
/** The first accounts come together: what is counted of them at once would stand for ten seconds. */
const firstCountMs = secondMs;

/** When counts may be written where nothing was written lately: a second after the first accounts are seen. */
export const firstCountsAt = (shown: Counts | undefined, counts: Counts, now: Instant): Instant =>
  shown?.total === 0 && counts.total > 0 ? now + firstCountMs : now;

/** When others may be written after these; undefined after those of no account, which nobody needs to wait for. */
export const nextCountsAt = ({ total }: Counts, now: Instant): Instant | undefined =>
  total === 0 ? undefined : now + countsEveryMs;

/** What becomes of the platform's own requests; a suspension that is refused is a stall instead. */
const notesOf = ({ suspension, resetAt, state, maxSuspensionHours }: PlatformWishes, now: Instant): readonly Note[] => {
  const isOff = state === 'Disabled';
  const notes: Note[] = [];
  if (suspension && !isTooLong(suspension, maxSuspensionHours, now)) {
    notes.push(suspensionNote(suspension, isOff, now) ?? { text: describeSuspension(suspension, now) });
  }
  if (resetAt !== undefined) {
    const due = isOff
      ? resetWhileOff(resetAt)
      : { text: `every seed minted before ${formatSeconds(resetAt)} is replaced` };
    notes.push(waitingReset(resetAt, now) ?? due);
  }
  return notes;
};

/** Why it is stalled: only a change to this platform helps. */
type Stall = Omit<Said, 'type' | 'status'>;

const stallOf = (wishes: PlatformWishes | Misunderstood, now: Instant): Stall | undefined => {
  if ('misunderstood' in wishes) return { reason: 'SpecInvalid', message: wishes.misunderstood };
  const { suspension, maxSuspensionHours } = wishes;
  return suspension && isTooLong(suspension, maxSuspensionHours, now)
    ? { reason: 'SuspensionTooLong', message: tooLongMessage(suspension, maxSuspensionHours) }
    : undefined;
};

const sayReady = (stall: Stall | undefined, notes: readonly Note[], isPending: boolean): Said => {
  const pending = { reason: 'Pending', message: 'the accounts are being decided against this generation' };
  const reconciled = { reason: 'Reconciled', message: 'every account was decided against this generation' };
  const trouble = stall ?? (isPending ? pending : undefined);
  const { reason, message } = trouble ?? reconciled;
  const whole = [message, ...notes.map(({ text }) => text)].join('; ');
  return { type: 'Ready', status: trouble ? 'False' : 'True', reason, message: whole };
};

/**
 * While accounts are pending, Ready is False with reason Pending, and Reconciling True for kstatus. Once reconciled, a
 * generation stays so: an account that comes later has a status of its own.
 */
const isPendingNow = ({ platform, pending }: PlatformView): boolean => {
  const { status, generation } = platform;
  const reconciling = conditionOf(status, 'Reconciling')?.status === 'True';
  return pending > 0 && (status.observedGeneration !== generation || reconciling || !conditionOf(status, 'Ready'));
};

const saidOf = (stall: Stall | undefined, notes: readonly Note[], isPending: boolean): readonly Said[] => {
  const said = [sayReady(stall, notes, isPending)];
  if (isPending) {
    const message = 'accounts are still to be decided against this generation';
    said.push({ type: 'Reconciling', status: 'True', reason: 'Pending', message });
  }
  if (stall) said.push({ type: 'Stalled', status: 'True', ...stall });
  return said;
};

const eventsOf = (before: ExchangePlatformStatus, after: ExchangePlatformStatus, notes: readonly Note[]): Notice[] => {
  const [was, is] = [conditionOf(before, 'Ready'), conditionOf(after, 'Ready')];
  const notices = [...noteEvents(was?.message ?? '', notes)];
  if (is && is.reason !== was?.reason) {
    const stalls = conditionOf(after, 'Stalled');
    if (stalls) notices.push({ type: 'Warning', reason: stalls.reason, note: stalls.message });
    if (is.status === 'True' && was) notices.push({ type: 'Normal', reason: is.reason, note: is.message });
  }
  return notices;
};

const sameCounts = (a: Counts | undefined, b: Counts): boolean =>
  a !== undefined && (Object.keys(b) as (keyof Counts)[]).every((key) => a[key] === b[key]);

/** The platform's whole status, from its spec, the counts of its accounts, and the time. */
export const decidePlatform = (view: PlatformView, now: Instant): PlatformDecision => {
  const { platform, counts, countsDueAt: countsDue } = view;
  const before = platform.status;
  const wishes = readPlatform(platform.spec);
  const asked = understood(wishes);
  const notes = asked ? notesOf(asked, now) : [];
  const said = saidOf(stallOf(wishes, now), notes, isPendingNow(view));
  const status: ExchangePlatformStatus = {
    observedGeneration: platform.generation,
    accounts: before.accounts && now < countsDue ? before.accounts : { ...counts },
    conditions: conditionsNow(said, before, platform.generation, now),
  };
  return {
    status,
    events: eventsOf(before, status, notes),
    requeueAt: earliestAfter(now, [
      asked?.suspension?.from,
      asked?.suspension?.until,
      asked?.resetAt,
      sameCounts(status.accounts, counts) ? undefined : countsDue,
    ]),
  };
};
