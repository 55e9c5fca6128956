import type { KubeError } from '../client/errors.ts';

/**
 * What a reflector is about to do: read the whole set as it is now (a consistent read), or as it is not earlier than the
 * latest version known; watch on from that version; or first make sure that storage is not behind it.
 */
export type Stage = 'readNow' | 'readLatest' | 'check' | 'watch';

/** What came of it. */
export type Happening =
  /** The whole set was read. */
  | { readonly what: 'complete' }
  /** Storage is where it was, or further. */
  | { readonly what: 'checked' }
  /** The server ended the stream, after a while or with events. */
  | { readonly what: 'ended' }
  /** The server ended the stream at once and without an event. */
  | { readonly what: 'endedAtOnce' }
  /** The connection was lost in the middle, or no byte came for too long. */
  | { readonly what: 'cut' | 'silent' }
  /** Something that is not a watch event. */
  | { readonly what: 'malformed' }
  /** A bookmark below what had been seen before the watch began. */
  | { readonly what: 'behind' }
  /** Storage went back. */
  | { readonly what: 'wentBack' }
  | { readonly what: 'error'; readonly error: KubeError };

export interface Transition {
  readonly stage: Stage;
  /** Whether to wait first, longer after each failure in a row. */
  readonly backOff: boolean;
}

const afterError = (stage: Stage, error: KubeError): Stage => {
  const reading = stage === 'readNow' || stage === 'readLatest';
  // 404 does not mean that all objects were deleted: only a later complete reading says what vanished.
  if (error.kind === 'notFound' || error.kind === 'unknownResource') return 'readNow';
  if (error.kind === 'gone') return reading ? 'readNow' : 'readLatest';
  if (reading) return error.kind === 'versionTooLarge' ? 'readNow' : stage;
  // A server that cannot be asked for the version of one object will not be able the next time either.
  if (stage === 'check' && (error.kind === 'invalid' || error.kind === 'unexpected')) return 'watch';
  // Not reached at all: what answers next may be a server over a restored storage that has come further than this one was.
  if (error.kind === 'unavailable') return error.status === 0 ? 'readLatest' : 'check';
  return error.kind === 'versionTooLarge' ? 'check' : stage;
};

/** Where to go after what happened at a stage: every stage, every happening. */
export const transitionAfter = (stage: Stage, happening: Happening): Transition => {
  switch (happening.what) {
    case 'complete':
    case 'checked':
      return { stage: 'watch', backOff: false };
    case 'ended':
      // Before the initial set was whole it is no success.
      return { stage, backOff: stage !== 'watch' };
    case 'endedAtOnce':
    case 'malformed':
      return { stage, backOff: true };
    case 'cut':
    case 'behind':
      return { stage: stage === 'watch' ? 'check' : stage, backOff: true };
    case 'silent':
      return { stage: stage === 'watch' ? 'readLatest' : stage, backOff: true };
    case 'wentBack':
      // An alarm reads all anew at once; this is for the quiet minute after one.
      return { stage: 'readNow', backOff: true };
    case 'error':
      return { stage: afterError(stage, happening.error), backOff: true };
  }
};
