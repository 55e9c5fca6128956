import { conditionOf } from '../../core/conditions.ts';
import { accountName, type Account } from '../cluster/objects.ts';
import type { Column } from '../frame/table.ts';
import { meetsNow, type Meets } from './meets.ts';

/** One account in a status, as people and pipelines read it. */
export interface AccountRow {
  readonly account: Account;
  readonly meets: Meets;
}

export const rowOf = (account: Account, now: number): AccountRow => ({ account, meets: meetsNow(account, now) });

/** The columns of `status`. */
export const accountColumns = (options: {
  readonly namespaces: boolean;
  readonly wide: boolean;
}): readonly Column<AccountRow>[] => {
  const columns: readonly (Column<AccountRow> & { readonly namespaces?: true })[] = [
    { title: 'NAMESPACE', of: ({ account }) => account.metadata.namespace, namespaces: true },
    { title: 'ACCOUNT', of: ({ account }) => account.metadata.name },
    { title: 'ADDRESS', of: ({ account }) => account.spec.address },
    { title: 'PLATFORM', of: ({ account }) => account.spec.platformRef.name },
    { title: 'LOGIN', of: ({ meets }) => meets.login, tone: ({ meets }) => meets.tone },
    { title: 'UNTIL', of: ({ meets }) => meets.until },
    { title: 'PHASE', of: ({ account }) => account.status?.phase, wide: true },
    { title: 'ENROLLED', of: ({ account }) => account.status?.enrolledAt, wide: true },
    { title: 'SECRET', of: ({ account }) => account.status?.secretName, wide: true },
    { title: 'READY', of: ({ account }) => conditionOf(account.status ?? {}, 'Ready')?.status, wide: true },
    { title: 'WHY', of: ({ meets }) => meets.why },
  ];
  return columns.filter(
    ({ wide, namespaces }) => (wide !== true || options.wide) && (namespaces !== true || options.namespaces),
  );
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
