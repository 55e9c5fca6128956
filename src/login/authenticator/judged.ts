import type { AskingVerdict } from '../../core/login/gate.ts';
import { type Occasion, verdictAt } from '../../core/login/verdict-at.ts';
import type { Verdict } from '../../core/second-factor.ts';
import type { DespiteSuspension } from './authenticator.ts';
import { type LoginSecret, recordOf, type StoredSecret } from '../secrets/secret.ts';

/** A code is asked for: by a Secret, which has a seed. */
export interface WithCode<Secret extends LoginSecret = StoredSecret> extends DespiteSuspension {
  readonly kind: 'withCode';
  readonly secret: Secret;
  readonly verdict: AskingVerdict;
}

/** No code is asked for, or none would help. */
export interface WithoutCode extends DespiteSuspension {
  readonly kind: 'withoutCode';
  readonly verdict: Exclude<Verdict, AskingVerdict>;
}

/** What a login comes to, with the Secret wherever a code is asked for. */
export type Judged<Secret extends LoginSecret = StoredSecret> = WithoutCode | WithCode<Secret>;

export const judgedAt = <Secret extends LoginSecret>(
  secret: Secret | undefined,
  occasion: Occasion,
): Judged<Secret> => {
  if (!secret) return { kind: 'withoutCode', verdict: { kind: 'deny', reason: 'NoSecret' }, suspensionIgnored: false };
  const { verdict, suspensionIgnored } = verdictAt(recordOf(secret), occasion);
  if (verdict.kind === 'none' || verdict.kind === 'deny') return { kind: 'withoutCode', verdict, suspensionIgnored };
  return { kind: 'withCode', secret, verdict, suspensionIgnored };
};
