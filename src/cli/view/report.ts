import { conditionOf } from '../../core/conditions.ts';
import { allNamespaces, listAccounts } from '../cluster/accounts.ts';
import { type ClusterOptions, withCluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { csvLine } from '../frame/csv.ts';
import { formOf } from '../frame/format.ts';
import { tableOf, type Column } from '../frame/table.ts';
import { say } from '../frame/terminal.ts';

export interface ReportOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly platform?: string;
  readonly output?: string;
}

const reasonOf = ({ status = {} }: Account, type: string): string | undefined => conditionOf(status, type)?.reason;

/** `yes`: a code, a QR code or a refusal stands between a password and the mailbox. */
const demanded = ({ status = {} }: Account): string => {
  const enforced = conditionOf(status, 'Enforced')?.status;
  if (enforced === undefined) return 'unknown';
  if (enforced === 'True') return 'yes';
  return status.phase === 'Suspended' ? 'suspended' : 'no';
};

/** Since when a QR code waits for somebody. */
const askedSince = ({ status = {} }: Account): string | undefined =>
  status.enrolledAt === undefined && demanded({ status } as Account) !== 'no' ? status.seedMintedAt : undefined;

const whySuspended = ({ spec, status }: Account): string | undefined => {
  if (status?.phase !== 'Suspended') return undefined;
  const own = spec.twoFactor?.suspension;
  return own ? (own.reason ?? 'no reason given') : "the platform's suspension";
};

const locked = ({ status }: Account): string | undefined =>
  status?.phase === 'Locked' ? (status.lockedUntil ?? 'until a reset') : undefined;

const problem = ({ status = {} }: Account): string | undefined => {
  const ready = conditionOf(status, 'Ready');
  return ready?.status === 'False' ? ready.reason : undefined;
};

const columns: readonly (Column<Account> & { readonly key: string })[] = [
  { key: 'namespace', title: 'NAMESPACE', of: ({ metadata }) => metadata.namespace },
  { key: 'account', title: 'ACCOUNT', of: ({ metadata }) => metadata.name },
  { key: 'address', title: 'ADDRESS', of: ({ spec }) => spec.address },
  { key: 'platform', title: 'PLATFORM', of: ({ spec }) => spec.platformRef.name },
  { key: 'demanded', title: 'DEMANDED', of: demanded, tone: (row) => (demanded(row) === 'yes' ? 'good' : 'attention') },
  { key: 'enrolledSince', title: 'ENROLLED SINCE', of: ({ status }) => status?.enrolledAt },
  { key: 'askedNotEnrolledSince', title: 'ASKED, NOT ENROLLED SINCE', of: askedSince },
  { key: 'suspendedUntil', title: 'SUSPENDED UNTIL', of: ({ status }) => status?.suspendedUntil },
  { key: 'suspendedWhy', title: 'SUSPENDED WHY', of: whySuspended },
  { key: 'lockedUntil', title: 'LOCKED UNTIL', of: locked },
  {
    key: 'offWhy',
    title: 'OFF WHY',
    of: (account) => (account.status?.phase === 'Off' ? reasonOf(account, 'Enforced') : undefined),
  },
  { key: 'problem', title: 'PROBLEM', of: problem, tone: () => 'bad' },
];

const dataOf = (account: Account): Readonly<Record<string, string | null>> =>
  Object.fromEntries(columns.map(({ key, of }) => [key, of(account) ?? null]));

/** What an auditor asks for, in one table; in CSV and JSON what is not there is empty. */
export const report = (options: ReportOptions): Promise<void> =>
  withCluster(options, async (cluster) => {
    const form = formOf(options.output, ['table', 'csv', 'json']);
    const namespace = options.allNamespaces ? allNamespaces : cluster.namespace;
    const accounts = await listAccounts(cluster, { namespace, platform: options.platform });
    if (form === 'json') say(JSON.stringify(accounts.map(dataOf), null, 2));
    else if (form === 'csv') {
      say(csvLine(columns.map(({ key }) => key)));
      for (const account of accounts) say(csvLine(columns.map(({ of }) => of(account) ?? '')));
    } else for (const line of tableOf(columns, accounts)) say(line);
  });
