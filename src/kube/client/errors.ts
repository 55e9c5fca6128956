/** One field that the server refused. `message` is left out where it may echo a value, as with Secrets. */
export interface InvalidCause {
  readonly field: string;
  readonly reason: string;
  readonly message?: string;
}

/** What denied a request at admission, by name: what a policy or a webhook says may be anything. */
export interface Denial {
  readonly by: 'policy' | 'webhook';
  readonly name: string;
}

export const denialInWords = ({ by, name }: Denial): string => `admission ${by} ${name}`;

/** Why the server said 403: a right is missing, a quota is used up, the namespace is being deleted, or it was denied. */
export type Forbidden =
  | { readonly because: 'permission' | 'quota' | 'namespaceTerminating' }
  | { readonly because: 'denied'; readonly denial: Denial };

type Kinds =
  /** The server knows the resource, but not this object (or this namespace). */
  | { readonly kind: 'notFound' }
  /** `404 page not found`: the server does not serve the resource at all; its CRD is missing. */
  | { readonly kind: 'unknownResource' }
  /** A precondition (resourceVersion, uid, field manager) did not hold: nothing was written. */
  | { readonly kind: 'conflict'; readonly fields: readonly string[] }
  | { readonly kind: 'alreadyExists' }
  /** 410: the resourceVersion or continue token asked for is no longer kept. */
  | { readonly kind: 'gone' }
  /** The server has not come to the resourceVersion asked for, and perhaps never will; `current` is where it is. */
  | { readonly kind: 'versionTooLarge'; readonly current?: string }
  /** The server did not run the request. */
  | { readonly kind: 'tooManyRequests'; readonly retryAfterMs: number }
  | ({ readonly kind: 'forbidden' } & Forbidden)
  /** The same request fails again. 400 is what a webhook's denial is unless it says otherwise. */
  | {
      readonly kind: 'invalid';
      readonly status: 400 | 422;
      readonly causes: readonly InvalidCause[];
      readonly denial?: Denial;
    }
  | { readonly kind: 'unauthorized' }
  /** Not reached, or not able to answer: nothing was written. `status` is 0 without an HTTP answer. */
  | { readonly kind: 'unavailable'; readonly status: number; readonly retryAfterMs?: number }
  /** A write was sent and may or may not have happened: look again before deciding. */
  | { readonly kind: 'unknownOutcome'; readonly status: number }
  /** The answer to a read is not what the API promises (HTML from a proxy, a truncated body). */
  | { readonly kind: 'malformed' }
  /** The caller's own signal ended the request; a write may have happened. */
  | { readonly kind: 'aborted' }
  /** Any other HTTP status. */
  | { readonly kind: 'unexpected'; readonly status: number };

/**
 * What can go wrong with a request, as a value to decide on. `text` is for logs and conditions: it names the request, the
 * status and the fields, never a value that was sent or the server's own words about it.
 */
export type KubeError = Kinds & { readonly text: string };

/** Whether a write that ended so may have happened all the same. */
export const isUncertain = ({ kind }: KubeError): boolean => kind === 'aborted' || kind === 'unknownOutcome';

/** Every request ends in one of these; only a programming error throws. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: KubeError };

export const success = <T>(value: T): Result<T> => ({ ok: true, value });

export const failure = (error: KubeError): Result<never> => ({ ok: false, error });

/** A KubeError as an exception, for callers that have nothing to decide. */
export class KubeFailure extends Error {
  override readonly name = 'KubeFailure';
  readonly error: KubeError;

  constructor(error: KubeError) {
    super(error.text);
    this.error = error;
  }
}

/** The value, or a thrown KubeFailure: for scripts, and where any failure ends the caller's work. */
export const orThrow = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new KubeFailure(result.error);
};
