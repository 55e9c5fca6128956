import { createHash } from 'node:crypto';
import type { MailAccountStatus } from '../../src/api/generated/mail-account.ts';
import { annotation, type Annotations } from '../../src/api/record.ts';
import { platformLabel } from '../../src/api/names.ts';
import { conditionOf, type Condition } from '../../src/core/conditions.ts';
import { secondFactor, type Verdict } from '../../src/core/second-factor.ts';

/** An object as the API server gives it. */
export interface Seen {
  readonly kind?: string;
  readonly type?: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Annotations;
    readonly deletionTimestamp?: string;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: MailAccountStatus & { readonly accounts?: unknown };
}

/** An object in the words of a specification. */
export type View = Readonly<Record<string, unknown>>;

const said = (status: MailAccountStatus, type: string): string | undefined => {
  const condition: Condition | undefined = conditionOf(status, type);
  return condition && `${condition.status} ${condition.reason}`;
};

/** Of both our kinds; conditions as `True Reconciled`. */
const statusView = ({ metadata, status = {} }: Seen): View => ({
  current: status.observedGeneration === metadata.generation,
  phase: status.phase,
  ready: said(status, 'Ready'),
  message: conditionOf(status, 'Ready')?.message,
  enforced: said(status, 'Enforced'),
  enrolled: said(status, 'Enrolled'),
  reconciling: said(status, 'Reconciling'),
  stalled: said(status, 'Stalled'),
  secretName: status.secretName,
  seedMintedAt: status.seedMintedAt,
  enrolledAt: status.enrolledAt,
  suspendedUntil: status.suspendedUntil,
  lockedUntil: status.lockedUntil,
  accounts: status.accounts,
});

const verdictText = (verdict: Verdict): string => {
  switch (verdict.kind) {
    case 'none':
    case 'deny':
      return `${verdict.kind} ${verdict.reason}`;
    case 'enroll':
      return verdict.enrollmentCode.kind === 'none' ? 'enroll' : `enroll, code ${verdict.enrollmentCode.kind}`;
    case 'code':
      return 'code';
  }
};

/** Tells seeds apart without being one. */
const fingerprint = (seed: string): string => createHash('sha256').update(seed).digest('hex').slice(0, 12);

/** Annotations by their names in src/api/record.ts, and what a login meets now. */
const secretView = ({ type = '', metadata, data = {} }: Seen): View => {
  const annotations = metadata.annotations ?? {};
  const named = Object.entries(annotation).map(([name, key]) => [name, annotations[key]] as const);
  return {
    type,
    ...Object.fromEntries(named),
    platform: metadata.labels?.[platformLabel],
    seed: data['seed'] === undefined ? undefined : fingerprint(data['seed']),
    keys: Object.keys(data).sort(),
    login: verdictText(secondFactor({ type, annotations }, Date.now())),
  };
};

export const viewOf = (kind: string, seen: Seen): View => (kind === 'Secret' ? secretView(seen) : statusView(seen));

/** The object for a failure's text: without data, which may be a seed. */
export const withoutData = ({ data, ...rest }: Seen): object => ({
  ...rest,
  ...(data && { data: Object.keys(data) }),
});
