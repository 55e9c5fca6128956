import { formatMilliseconds, formatSeconds, parseSeconds, type Instant } from '../api/instants.ts';
import { annotation, read, type Annotations } from '../api/record.ts';
import { contains } from '../api/windows.ts';
import type { Notice } from './decision.ts';
import { isToCome, waitsForOn } from './pending.ts';
import type { SeedState } from './seed.ts';
import { describeSuspension, type AccountWishes, type Suspension } from './wishes.ts';

/** What becomes of a request, in words: one that waits or has no effect also gets an Event. */
export interface Note {
  readonly event?: 'RequestWaiting' | 'RequestHasNoEffect';
  readonly text: string;
}

/** One Event a request that waits or has no effect, when Ready's message first says so. */
export const noteEvents = (said: string, notes: readonly Note[]): readonly Notice[] =>
  notes.flatMap(({ event, text }) =>
    event && !said.includes(text) ? [{ type: 'Normal', reason: event, note: text }] : [],
  );

/** Where a request is looked for: the Secret as it is once the act is done. */
export interface Aftermath {
  readonly seed: SeedState;
  readonly annotations: Annotations;
  readonly isOff: boolean;
}

const noFactor = 'has no effect: second factor is off';

/** Undefined while the suspension is in force. */
export const suspensionNote = (suspension: Suspension, isOff: boolean, now: Instant): Note | undefined => {
  if (contains(suspension, now)) {
    return isOff ? { event: 'RequestHasNoEffect', text: `suspension ${noFactor}` } : undefined;
  }
  const text = describeSuspension(suspension, now);
  return isToCome(suspension.from, now) ? { event: 'RequestWaiting', text } : { text };
};

/** Undefined once the reset is due. */
export const waitingReset = (resetAt: Instant, now: Instant): Note | undefined =>
  isToCome(resetAt, now) ? { event: 'RequestWaiting', text: `reset due ${formatSeconds(resetAt)}` } : undefined;

/** A reset that is due where nobody is asked for a code. */
export const resetWhileOff = (resetAt: Instant): Note => ({
  event: 'RequestWaiting',
  text: `reset of ${formatSeconds(resetAt)} waits: second factor is off`,
});

/** There is no seed: a request from before it was erased is answered by that, a later one has nothing to void. */
const resetWithoutSeed = (resetAt: Instant, { annotations, isOff }: Aftermath): Note | undefined => {
  const erasedAt = parseSeconds(annotations[annotation.erasedAt] ?? '');
  if (erasedAt !== undefined && resetAt <= erasedAt) {
    return { text: `reset of ${formatSeconds(resetAt)} is done: no seed is left since ${formatSeconds(erasedAt)}` };
  }
  return isOff ? { event: 'RequestHasNoEffect', text: `reset ${noFactor}` } : undefined;
};

const ofReset = (resetAt: Instant, after: Aftermath, now: Instant): Note | undefined => {
  const { seed, isOff } = after;
  const waiting = waitingReset(resetAt, now);
  if (waiting) return waiting;
  if (seed.kind === 'none') return resetWithoutSeed(resetAt, after);
  if (seed.mintedAt === undefined) {
    return { event: 'RequestHasNoEffect', text: 'reset has no effect: nothing says when the seed was minted' };
  }
  if (seed.mintedAt >= resetAt) {
    const newer = formatMilliseconds(seed.mintedAt);
    return { text: `reset of ${formatSeconds(resetAt)} is done: the seed is newer, of ${newer}` };
  }
  return waitsForOn(resetAt, seed.mintedAt, isOff) ? resetWhileOff(resetAt) : undefined;
};

/** That an unlock is done: no field of the status says so, only this note in Ready's message. */
export const unlockDone = (at: Instant): { readonly note: Note; readonly isIn: (message: string) => boolean } => {
  const text = `unlock of ${formatSeconds(at)} is done`;
  return { note: { text }, isIn: (message) => message.includes(text) };
};

const ofUnlock = (unlockAt: Instant, { annotations }: Aftermath, now: Instant): Note | undefined => {
  if (isToCome(unlockAt, now)) return { event: 'RequestWaiting', text: `unlock due ${formatSeconds(unlockAt)}` };
  const isDone = unlockAt <= (read(annotations, annotation.unlockedAt) ?? -Infinity);
  return isDone ? unlockDone(unlockAt).note : undefined;
};

/** A lost seed stays lost while the second factor is off: nobody is refused for it, but somebody should know. */
const ofLoss = ({ seed, isOff }: Aftermath): Note | undefined => {
  if (!isOff || (seed.kind !== 'lost' && seed.kind !== 'enrollmentLost')) return undefined;
  const what = seed.kind === 'lost' ? 'seed' : 'enrolment';
  return { text: `the ${what} is lost: once the second factor is on, it takes a reset` };
};

/** One note a request that is not simply in force, and one for what is lost while the second factor is off. */
export const notesOn = (wishes: AccountWishes, after: Aftermath, now: Instant): readonly Note[] => {
  const { suspension, resetAt, unlockAt } = wishes;
  const notes = [
    suspension && suspensionNote(suspension, after.isOff, now),
    resetAt === undefined ? undefined : ofReset(resetAt, after, now),
    unlockAt === undefined ? undefined : ofUnlock(unlockAt, after, now),
    ofLoss(after),
  ];
  return notes.filter((note) => note !== undefined);
};
