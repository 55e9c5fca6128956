import { formatSeconds, type Instant } from '../../api/instants.ts';
import { conditionOf } from '../../core/conditions.ts';
import { meetsNow, type Meets } from '../cluster/meets.ts';
import { accountName, type Account } from '../cluster/objects.ts';
import type { Column } from '../frame/table.ts';

/** One account in a status, as people and pipelines read it. */
export interface AccountRow {
  readonly account: Account;
  readonly meets: Meets;
  readonly seenAt: Instant;
}

export const rowOf = (account: Account, now: Instant): AccountRow => ({
  account,
  meets: meetsNow(account, now),
  seenAt: now,
});

/** Which columns there are beside those of every status. */
interface ColumnOptions {
  readonly namespaces: boolean;
  readonly wide: boolean;
  /** Rows come one after the other, each with its time. */
  readonly watched: boolean;
}

/** The columns of `status`. */
export const accountColumns = (options: ColumnOptions): readonly Column<AccountRow>[] => {
  const columns: readonly (Column<AccountRow> & { readonly only?: keyof ColumnOptions })[] = [
    { title: 'SEEN', of: ({ seenAt }) => formatSeconds(seenAt), only: 'watched' },
    { title: 'NAMESPACE', of: ({ account }) => account.metadata.namespace, only: 'namespaces' },
    { title: 'ACCOUNT', of: ({ account }) => account.metadata.name },
    { title: 'ADDRESS', of: ({ account }) => account.spec.address },
    { title: 'PLATFORM', of: ({ account }) => account.spec.platformRef.name },
    { title: 'LOGIN', of: ({ meets }) => meets.login, tone: ({ meets }) => meets.tone },
    { title: 'UNTIL', of: ({ meets }) => meets.until },
    { title: 'PHASE', of: ({ account }) => account.status?.phase, only: 'wide' },
    { title: 'ENROLLED', of: ({ account }) => account.status?.enrolledAt, only: 'wide' },
    { title: 'SECRET', of: ({ account }) => account.status?.secretName, only: 'wide' },
    { title: 'READY', of: ({ account }) => conditionOf(account.status ?? {}, 'Ready')?.status, only: 'wide' },
    { title: 'WHY', of: ({ meets }) => meets.why },
  ];
  return columns.filter(({ only }) => only === undefined || options[only]);
};

/** The same as data. */
export const accountData = ({ account, meets }: AccountRow): Readonly<Record<string, unknown>> => {
  const { metadata, spec, status = {} } = account;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    address: spec.address,
    platform: spec.platformRef.name,
    login: meets.login,
    until: meets.until ?? null,
    why: meets.why,
    phase: status.phase ?? null,
    enrolledAt: status.enrolledAt ?? null,
    ready: conditionOf(status, 'Ready')?.status ?? null,
    reason: conditionOf(status, 'Ready')?.reason ?? null,
  };
};

export const accountNameOf = ({ account }: AccountRow): string => accountName(account.metadata.name);
