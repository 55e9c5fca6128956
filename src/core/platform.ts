import type { ExchangePlatformStatus } from '../api/generated/exchange-platform.ts';
import { formatSeconds, secondMs, type Instant } from '../api/instants.ts';
import { contains } from '../api/windows.ts';
import { conditionOf, conditionsNow, type Said } from './conditions.ts';
import { earliestAfter, type Notice } from './decision.ts';
import type { PlatformFacts } from './facts.ts';
import type { Note } from './notes.ts';
import { describeSuspension, isTooLong, readPlatform, tooLongMessage, type PlatformWishes } from './wishes.ts';

/** Accounts of a platform by what their logins meet. */
export interface Counts {
  readonly total: number;
  readonly enforced: number;
  readonly enrolling: number;
  readonly suspended: number;
  readonly locked: number;
  readonly off: number;
  readonly blocked: number;
}

export interface PlatformView {
  readonly platform: PlatformFacts;
  readonly counts: Counts;
  /** Accounts not yet decided against the platform's present generation. */
  readonly pending: number;
  /** When this process last wrote counts; undefined if it has not. */
  readonly countsWrittenAt: Instant | undefined;
}

export interface PlatformDecision {
  readonly status: ExchangePlatformStatus;
  readonly events: readonly Notice[];
  readonly requeueAt: Instant | undefined;
}

/** Counts are for people; each write costs the API server. */
const countsEveryMs = 10 * secondMs;

const suspensionNote = (wishes: PlatformWishes, now: Instant): Note | undefined => {
  const { suspension, state, maxSuspensionHours } = wishes;
  if (!suspension || isTooLong(suspension, maxSuspensionHours, now)) return undefined;
  const text = describeSuspension(suspension, now);
  if (now < suspension.from) return { event: 'RequestWaiting', text };
  if (!contains(suspension, now)) return { text };
  return state === 'Disabled'
    ? { event: 'RequestHasNoEffect', text: 'suspension has no effect: second factor is off' }
    : { text };
};

const resetNote = ({ resetAt, state }: PlatformWishes, now: Instant): Note | undefined => {
  if (resetAt === undefined) return undefined;
  const at = formatSeconds(resetAt);
  if (now < resetAt) return { event: 'RequestWaiting', text: `reset due ${at}` };
  return state === 'Disabled'
    ? { event: 'RequestWaiting', text: `reset of ${at} waits: second factor is off` }
    : { text: `every seed minted before ${at} is replaced` };
};

/** Stalled, where only a change to this platform helps. */
const stallOf = (spec: PlatformFacts['spec'], now: Instant): Omit<Said, 'type' | 'status'> | undefined => {
  const wishes = readPlatform(spec);
  if ('misunderstood' in wishes) return { reason: 'SpecInvalid', message: wishes.misunderstood };
  const { suspension, maxSuspensionHours } = wishes;
  return suspension && isTooLong(suspension, maxSuspensionHours, now)
    ? { reason: 'SuspensionTooLong', message: tooLongMessage(suspension, maxSuspensionHours) }
    : undefined;
};

const sayReady = (view: PlatformView, notes: readonly Note[], isPending: boolean, now: Instant): Said => {
  const pending = { reason: 'Pending', message: 'the accounts are being decided against this generation' };
  const reconciled = { reason: 'Reconciled', message: 'every account was decided against this generation' };
  const trouble = stallOf(view.platform.spec, now) ?? (isPending ? pending : undefined);
  const { reason, message } = trouble ?? reconciled;
  const whole = [message, ...notes.map(({ text }) => text)].join('; ');
  return { type: 'Ready', status: trouble ? 'False' : 'True', reason, message: whole };
};

/**
 * Until then Ready is False with reason Pending, and Reconciling True for kstatus. Once reconciled, a generation stays so: an account
 * that comes later has a status of its own.
 */
const isPendingNow = ({ platform, pending }: PlatformView): boolean => {
  const { status, generation } = platform;
  const reconciling = conditionOf(status, 'Reconciling')?.status === 'True';
  return pending > 0 && (status.observedGeneration !== generation || reconciling || !conditionOf(status, 'Ready'));
};

const saidOf = (view: PlatformView, notes: readonly Note[], now: Instant): readonly Said[] => {
  const isPending = isPendingNow(view);
  const stall = stallOf(view.platform.spec, now);
  const said = [sayReady(view, notes, isPending, now)];
  if (isPending) {
    const message = 'accounts are still to be decided against this generation';
    said.push({ type: 'Reconciling', status: 'True', reason: 'Pending', message });
  }
  if (stall) said.push({ type: 'Stalled', status: 'True', ...stall });
  return said;
};

const eventsOf = (before: ExchangePlatformStatus, after: ExchangePlatformStatus, notes: readonly Note[]): Notice[] => {
  const [was, is] = [conditionOf(before, 'Ready'), conditionOf(after, 'Ready')];
  const notices: Notice[] = notes.flatMap(({ event, text }) =>
    event && !was?.message.includes(text) ? [{ type: 'Normal', reason: event, note: text }] : [],
  );
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
  const { platform, counts, countsWrittenAt } = view;
  const before = platform.status;
  const wishes = readPlatform(platform.spec);
  const understood = 'misunderstood' in wishes ? undefined : wishes;
  const notes = understood
    ? [suspensionNote(understood, now), resetNote(understood, now)].filter((note) => note !== undefined)
    : [];
  const conditions = conditionsNow(saidOf(view, notes, now), before, platform.generation, now);
  const countsDue = countsWrittenAt === undefined ? now : countsWrittenAt + countsEveryMs;
  const status: ExchangePlatformStatus = {
    observedGeneration: platform.generation,
    accounts: before.accounts && now < countsDue ? before.accounts : { ...counts },
    conditions,
  };
  return {
    status,
    events: eventsOf(before, status, notes),
    requeueAt: earliestAfter(now, [
      understood?.suspension?.from,
      understood?.suspension?.until,
      understood?.resetAt,
      sameCounts(status.accounts, counts) ? undefined : countsDue,
    ]),
  };
};
