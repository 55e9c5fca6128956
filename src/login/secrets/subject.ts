/** An account as a login service knows it. The relying party decides the namespace, never the person. */
export interface Subject {
  readonly namespace: string;
  /** The login, in any case; what is not printable ASCII has no Secret and is refused. */
  readonly address: string;
}
