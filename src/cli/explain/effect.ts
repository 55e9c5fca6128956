import type { accountKind, platformKind } from '../../api/names.ts';

export type EffectKind =
  | 'newQr'
  | 'suspended'
  | 'suspensionRefused'
  | 'suspensionEnded'
  | 'suspensionWithdrawn'
  | 'off'
  | 'on'
  | 'codeNeeded'
  | 'blocked'
  | 'letIn'
  | 'created';

/** What a change to a file does to one login, or to a platform's own request. */
export interface Effect {
  readonly kind: EffectKind;
  readonly namespace: string;
  readonly object: typeof accountKind | typeof platformKind;
  readonly name: string;
  readonly text: string;
  /** Of a suspension that is refused. */
  readonly hours?: number;
}

/** What becomes different, before it is said of whom. */
export type Change = Pick<Effect, 'kind' | 'text' | 'hours'>;
