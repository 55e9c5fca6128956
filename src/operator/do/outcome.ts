import type { RefusedWrite } from '../../core/facts.ts';
import { denialInWords, type KubeError } from '../../kube/client/errors.ts';

/** What became of a write, as far as the next step depends on it. */
export type WriteOutcome<Done> =
  | { readonly kind: 'done'; readonly value: Done }
  /** In vain, or perhaps done after all: read again before deciding. */
  | { readonly kind: 'lookAgain'; readonly error: KubeError }
  /** The same write would be refused again. */
  | { readonly kind: 'refused'; readonly status: RefusedWrite['status']; readonly field: string }
  /** Nothing was written; the same may work later. */
  | { readonly kind: 'failed'; readonly error: KubeError; readonly retryAfterMs: number }
  /** This process may no longer write. */
  | { readonly kind: 'aborted' };

const forbiddenFields = {
  permission: 'the operator lacks the permission',
  quota: 'a quota of the namespace is used up',
  namespaceTerminating: 'the namespace is being deleted',
} as const;

const forbiddenField = (error: KubeError & { kind: 'forbidden' }): string =>
  error.because === 'denied' ? denialInWords(error.denial) : forbiddenFields[error.because];

/** Names the field, rule or right that was missing; never the server's own words, which may echo values. */
const invalidField = (error: KubeError & { kind: 'invalid' }): string => {
  if (error.denial) return denialInWords(error.denial);
  const fields = error.causes.map(({ field }) => field).filter((field) => field !== '');
  return fields.length === 0 ? 'no field was named' : fields.join(', ');
};

/** Reads an error of the client as the end of a write. */
export const outcomeOf = (error: KubeError): WriteOutcome<never> => {
  switch (error.kind) {
    case 'conflict':
    case 'alreadyExists':
    case 'notFound':
    case 'unknownOutcome':
    case 'gone':
    case 'versionTooLarge':
      return { kind: 'lookAgain', error };
    case 'forbidden':
      return { kind: 'refused', status: 403, field: forbiddenField(error) };
    case 'invalid':
      return { kind: 'refused', status: error.status, field: invalidField(error) };
    case 'tooManyRequests':
      return { kind: 'failed', error, retryAfterMs: error.retryAfterMs };
    case 'unavailable':
      return { kind: 'failed', error, retryAfterMs: error.retryAfterMs ?? 0 };
    case 'unknownResource':
    case 'unauthorized':
    case 'malformed':
    case 'unexpected':
      return { kind: 'failed', error, retryAfterMs: 0 };
    case 'aborted':
      return { kind: 'aborted' };
  }
};
