import type { Instant } from '../../api/instants.ts';
import type { Phase } from '../../api/phases.ts';
import { conditionOf } from '../../core/conditions.ts';
import { allNamespaces, listAccounts, requireKnown } from '../cluster/accounts.ts';
import { type ClusterOptions, withCluster } from '../cluster/connect.ts';
import { hasEnded, isOutdated, outdated, suspendedBy } from '../cluster/meets.ts';
import type { Account } from '../cluster/objects.ts';
import type { ReportForm } from '../frame/choices.ts';
import { csvLine } from '../frame/csv.ts';
import { tableOf, type Column } from '../frame/table.ts';
import { say } from '../frame/terminal.ts';

export interface ReportOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly platform?: string;
  readonly output?: ReportForm;
}

/** An account at the instant of the report: what has ended by then is not told. */
interface Reported {
  readonly account: Account;
  readonly now: Instant;
}

const reasonOf = ({ status = {} }: Account, type: string): string | undefined => conditionOf(status, type)?.reason;

const isIn = ({ account: { status }, now }: Reported, phase: Phase): boolean =>
  status?.phase === phase &&
  !hasEnded(phase === 'Suspended' ? status.suspendedUntil : phase === 'Locked' ? status.lockedUntil : undefined, now);

/** `yes`: a code, a QR code or a refusal stands between a password and the mailbox. */
const demanded = (row: Reported): string => {
  const { status = {} } = row.account;
  const enforced = conditionOf(status, 'Enforced')?.status;
  if (enforced === undefined) return 'unknown';
  if (enforced === 'True' || (status.phase === 'Suspended' && !isIn(row, 'Suspended'))) return 'yes';
  return status.phase === 'Suspended' ? 'suspended' : 'no';
};

/** Since when a QR code waits for somebody. */
const askedSince = (row: Reported): string | undefined => {
  const { status = {} } = row.account;
  return status.enrolledAt === undefined && demanded(row) !== 'no' ? status.seedMintedAt : undefined;
};

const suspendedWhy = (row: Reported): string | undefined => {
  if (!isIn(row, 'Suspended')) return undefined;
  const by = suspendedBy(row.account, row.now);
  if (by.who === 'account') return by.reason ?? 'no reason given';
  return by.who === 'platform' ? "the platform's suspension" : outdated;
};

const locked = (row: Reported): string | undefined =>
  isIn(row, 'Locked') ? (row.account.status?.lockedUntil ?? 'until a reset') : undefined;

const problem = ({ account }: Reported): string | undefined => {
  const ready = conditionOf(account.status ?? {}, 'Ready');
  const said = [...(ready?.status === 'False' ? [ready.reason] : []), ...(isOutdated(account) ? [outdated] : [])];
  return said.length > 0 ? said.join('; ') : undefined;
};

const columns: readonly (Column<Reported> & { readonly key: string })[] = [
  { key: 'namespace', title: 'NAMESPACE', of: ({ account }) => account.metadata.namespace },
  { key: 'account', title: 'ACCOUNT', of: ({ account }) => account.metadata.name },
  { key: 'address', title: 'ADDRESS', of: ({ account }) => account.spec.address },
  { key: 'platform', title: 'PLATFORM', of: ({ account }) => account.spec.platformRef.name },
  { key: 'demanded', title: 'DEMANDED', of: demanded, tone: (row) => (demanded(row) === 'yes' ? 'good' : 'attention') },
  { key: 'enrolledSince', title: 'ENROLLED SINCE', of: ({ account }) => account.status?.enrolledAt },
  { key: 'askedNotEnrolledSince', title: 'ASKED, NOT ENROLLED SINCE', of: askedSince },
  {
    key: 'suspendedUntil',
    title: 'SUSPENDED UNTIL',
    of: (row) => (isIn(row, 'Suspended') ? row.account.status?.suspendedUntil : undefined),
  },
  { key: 'suspendedWhy', title: 'SUSPENDED WHY', of: suspendedWhy },
  { key: 'lockedUntil', title: 'LOCKED UNTIL', of: locked },
  {
    key: 'offWhy',
    title: 'OFF WHY',
    of: ({ account }) => (account.status?.phase === 'Off' ? reasonOf(account, 'Enforced') : undefined),
  },
  { key: 'problem', title: 'PROBLEM', of: problem, tone: () => 'bad' },
];

/** The cells of one account, by column. */
export const reportOf = (row: Reported): Readonly<Record<string, string | null>> =>
  Object.fromEntries(columns.map(({ key, of }) => [key, of(row) ?? null]));

/** What an auditor asks for, in one table; in CSV and JSON what is not there is empty. */
export const report = (options: ReportOptions): Promise<void> =>
  withCluster(options, async (cluster) => {
    const form = options.output ?? 'table';
    const namespace = options.allNamespaces ? allNamespaces : cluster.namespace;
    const selection = { namespace, platform: options.platform };
    const accounts = await listAccounts(cluster, selection);
    await requireKnown(cluster, selection, accounts);
    const now = cluster.now();
    const rows = accounts.map((account) => ({ account, now }));
    if (form === 'json') say(JSON.stringify(rows.map(reportOf), null, 2));
    else if (form === 'csv') {
      say(csvLine(columns.map(({ key }) => key)));
      for (const row of rows) say(csvLine(columns.map(({ of }) => of(row) ?? '')));
    } else for (const line of tableOf(columns, rows)) say(line);
  });
