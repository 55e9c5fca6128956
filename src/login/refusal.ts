/** Why a caller of the API is not known, in a word: for the log and a figure, as the answer does not tell strangers. */
export type RefusalReason =
  | 'NoToken'
  | 'NoJwt'
  | 'UnknownSubject'
  | 'WrongAudience'
  | 'Expired'
  | 'NotAuthenticated'
  | 'BadSignature'
  | 'BadClaim'
  | 'LivesTooLong';

export interface Refusal {
  readonly reason: RefusalReason;
  /** For the log: never the token. */
  readonly detail: string;
}
