/** When to try again if nothing better is known: a server that fails is not pressed. */
export const usualRetrySeconds = 5;

/** What the header Retry-After says of a wait: whole seconds, one at least. */
export const retryAfter = (waitMs: number): number => Math.max(1, Math.ceil(waitMs / 1_000));
