import type { Annotations } from '../../api/record.ts';
import { sleep } from '../../host/clock.ts';
import { Backoff, requestBackoff } from '../../kube/backoff.ts';
import type { Parts } from './parts.ts';
import { usualRetrySeconds } from '../retry-after.ts';
import type { StoredSecret } from '../secrets/secret.ts';
import type { Unavailable } from '../secrets/secret-store.ts';
import type { Subject } from '../secrets/subject.ts';

/** What follows from a Secret: an answer, or one that holds once something is written. */
export type Decision<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | {
      readonly kind: 'write';
      readonly secret: StoredSecret;
      readonly write: Annotations;
      readonly answer: () => Answer | Promise<Answer>;
    };

/** Decides about the Secret as it was just read. `lost`: what was sent last, if nobody knows whether it was written. */
export type Decide<Answer> = (
  secret: StoredSecret | undefined,
  lost: Annotations | undefined,
) => Promise<Decision<Answer>>;

/** A person waits; past this, trying again is theirs. */
const longestMs = 12_000;
/** Other replicas write too: step out of each other's way. */
const conflictMs = 20;

type Write<Answer> = Extract<Decision<Answer>, { readonly kind: 'write' }>;

/** Nothing is settled yet: begin another round. */
interface Unsettled<Answer> {
  readonly kind: 'again';
  readonly isConflict: boolean;
  /** A write of which nobody knows, or knew for a while, whether it happened: who "wrote first" may have been we. */
  readonly lost?: Write<Answer>;
  /** A write that the API server would not take, and from when. */
  readonly refused?: { readonly resourceVersion: string; readonly otherwise: Unavailable };
}

/** How one round ended. */
type RoundResult<Answer> = { readonly kind: 'settled'; readonly answer: Answer | Unavailable } | Unsettled<Answer>;

/** One read, one decision, at most one write. */
const oneRound = async <Answer>(
  { store }: Parts,
  subject: Subject,
  decide: Decide<Answer>,
  { lost, refused }: Unsettled<Answer>,
): Promise<RoundResult<Answer>> => {
  const settled = (answer: Answer | Unavailable): RoundResult<Answer> => ({ kind: 'settled', answer });
  const found = await store.read(subject);
  if (found.kind === 'unavailable') return settled(found);
  const version = found.secret?.metadata.resourceVersion;
  if (refused && refused.resourceVersion === version) return settled(refused.otherwise);
  const isUnwritten = lost !== undefined && lost.secret.metadata.resourceVersion === version;
  const decision = isUnwritten ? lost : await decide(found.secret, lost?.write);
  if (decision.kind === 'answer') return settled(decision.answer);
  const written = await store.write(decision.secret, decision.write);
  switch (written.kind) {
    case 'written':
      return settled(await decision.answer());
    case 'unavailable':
      return settled(written);
    case 'conflict':
      return { kind: 'again', isConflict: true, ...(lost && { lost }) };
    case 'unknown':
      return { kind: 'again', isConflict: false, lost: decision };
    case 'refused': {
      const { resourceVersion } = decision.secret.metadata;
      return { kind: 'again', isConflict: false, refused: { resourceVersion, otherwise: written.otherwise } };
    }
  }
};

/**
 * Reads, decides, and writes by compare-and-swap, again from the start where somebody else wrote first. A write with
 * unknown outcome is looked for: at the same resourceVersion it did not happen, and the same write is sent again; at
 * another one it is decided anew, by what `decide` finds of its own.
 */
export const untilSettled = async <Answer>(
  parts: Parts,
  subject: Subject,
  decide: Decide<Answer>,
): Promise<Answer | Unavailable> => {
  const { clock, random, log, turns } = parts;
  const end = clock.monotonic() + longestMs;
  let last: Unsettled<Answer> = { kind: 'again', isConflict: false };
  let backoff: Backoff | undefined;
  let endTurn: (() => void) | undefined;
  try {
    while (clock.monotonic() < end) {
      const round = await oneRound(parts, subject, decide, last);
      if (round.kind === 'settled') return round.answer;
      last = round;
      if (round.isConflict) {
        // Many guesses at one account would conflict with each other again and again.
        endTurn ??= await turns.take(`${subject.namespace}/${subject.address.toLowerCase()}`);
        await sleep(clock, random.fraction() * conflictMs);
      } else {
        // The first time at once: mostly it is the answer alone that was lost.
        if (backoff) await sleep(clock, backoff.next());
        backoff ??= new Backoff(random, requestBackoff);
      }
    }
  } finally {
    endTurn?.();
  }
  log.warn({ namespace: subject.namespace }, 'given up: the Secret could not be written in time');
  return { kind: 'unavailable', retryAfterSeconds: last.lost ? usualRetrySeconds : 1 };
};
