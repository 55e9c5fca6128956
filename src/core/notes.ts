import { formatMilliseconds, formatSeconds, type Instant } from '../api/instants.ts';
import { annotation, read, type Annotations } from '../api/record.ts';
import { contains } from '../api/windows.ts';
import type { SeedState } from './seed.ts';
import { describeSuspension, type AccountWishes } from './wishes.ts';

/** What becomes of a request, in words: one that waits or has no effect also gets an Event. */
export interface Note {
  readonly event?: 'RequestWaiting' | 'RequestHasNoEffect';
  readonly text: string;
}

/** Where a request is looked for: the Secret as it is once the act is done. */
export interface Aftermath {
  readonly seed: SeedState;
  readonly annotations: Annotations;
  readonly isOff: boolean;
}

const noFactor = 'has no effect: second factor is off';

const ofSuspension = ({ suspension }: AccountWishes, isOff: boolean, now: Instant): Note | undefined => {
  if (!suspension) return undefined;
  if (contains(suspension, now)) {
    return isOff ? { event: 'RequestHasNoEffect', text: `suspension ${noFactor}` } : undefined;
  }
  const text = describeSuspension(suspension, now);
  return now < suspension.from ? { event: 'RequestWaiting', text } : { text };
};

const ofReset = ({ resetAt }: AccountWishes, { seed, isOff }: Aftermath, now: Instant): Note | undefined => {
  if (resetAt === undefined) return undefined;
  const at = formatSeconds(resetAt);
  if (now < resetAt) return { event: 'RequestWaiting', text: `reset due ${at}` };
  if (seed.kind === 'none') return isOff ? { event: 'RequestHasNoEffect', text: `reset ${noFactor}` } : undefined;
  if (seed.mintedAt === undefined) {
    return { event: 'RequestHasNoEffect', text: 'reset has no effect: nothing says when the seed was minted' };
  }
  if (seed.mintedAt >= resetAt) {
    return { text: `reset of ${at} is done: the seed is newer, of ${formatMilliseconds(seed.mintedAt)}` };
  }
  return isOff ? { event: 'RequestWaiting', text: `reset of ${at} waits: second factor is off` } : undefined;
};

const ofUnlock = ({ unlockAt }: AccountWishes, { annotations }: Aftermath, now: Instant): Note | undefined => {
  if (unlockAt === undefined) return undefined;
  const at = formatSeconds(unlockAt);
  if (now < unlockAt) return { event: 'RequestWaiting', text: `unlock due ${at}` };
  const isDone = unlockAt <= (read(annotations, annotation.unlockedAt) ?? -Infinity);
  return isDone ? { text: `unlock of ${at} is done` } : undefined;
};

/** One note a request that is not simply in force. */
export const notesOn = (wishes: AccountWishes, after: Aftermath, now: Instant): readonly Note[] =>
  [ofSuspension(wishes, after.isOff, now), ofReset(wishes, after, now), ofUnlock(wishes, after, now)].filter(
    (note) => note !== undefined,
  );

/** A lost seed stays lost while the second factor is off: nobody is refused for it, but somebody should know. */
export const lostWhileOff = ({ seed, isOff }: Aftermath): readonly Note[] =>
  isOff && (seed.kind === 'lost' || seed.kind === 'enrollmentLost')
    ? [
        {
          text: `the ${seed.kind === 'lost' ? 'seed' : 'enrolment'} is lost: once the second factor is on, it takes a reset`,
        },
      ]
    : [];
