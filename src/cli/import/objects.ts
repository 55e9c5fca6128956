import { createHash } from 'node:crypto';
import { formatMilliseconds, formatSeconds, hourMs, type Instant } from '../../api/instants.ts';
import { accountKind, apiVersion, platformLabel, secretNameFor, secretType } from '../../api/names.ts';
import { annotation } from '../../api/record.ts';
import { stepAt } from '../../totp/code.ts';
import { secretData } from '../../totp/secret-data.ts';
import type { KubeObject } from '../../kube/client/resource.ts';
import type { MailAccount } from '../cluster/objects.ts';
import type { Entry } from './entries.ts';

/** Where the seeds go. */
export interface Target {
  readonly namespace: string;
  readonly platform: string;
  readonly issuer: string;
  readonly retainDeletedHours: number;
}

interface ImportedSecret extends KubeObject {
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

/**
 * The Secret of an existing seed, as if its account had been deleted: refused at login until the account takes it back, and
 * erased if none does. It is enrolled, and codes up to the import are spent.
 */
export const importedSecret = (
  entry: Entry,
  { namespace, platform, issuer, retainDeletedHours }: Target,
  now: Instant,
): ImportedSecret => {
  const { address, seed, algorithm, digits, periodSeconds } = entry;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace,
      name: secretNameFor(address) ?? '',
      labels: { [platformLabel]: platform },
      annotations: {
        [annotation.address]: address,
        [annotation.secondFactor]: 'required',
        [annotation.mintedAt]: formatMilliseconds(now),
        [annotation.enrolledAt]: formatSeconds(now),
        [annotation.lastStep]: String(stepAt(periodSeconds, now)),
        [annotation.orphanedAt]: formatSeconds(now),
        [annotation.eraseAfter]: formatSeconds(now + retainDeletedHours * hourMs),
      },
    },
    type: secretType,
    data: secretData(seed, { issuer, address, algorithm, digits, periodSeconds }),
  };
};

/** A name for the account of an address: the address itself as far as names allow, with a hash where another has it. */
export const nameFor = (address: string, taken: ReadonlySet<string>): string => {
  const plain = address
    .replace('@', '.')
    .replace(/[^a-z0-9.-]/g, '-')
    .slice(0, 200)
    .replace(/^[.-]+|[.-]+$/g, '')
    .replace(/[.-]*\.[.-]*/g, '.');
  if (!taken.has(plain)) return plain;
  return `${plain}-${createHash('sha256').update(address).digest('hex').slice(0, 8)}`;
};

export const importedAccount = (
  name: string,
  address: string,
  { namespace, platform }: Pick<Target, 'namespace' | 'platform'>,
): MailAccount => ({
  apiVersion,
  kind: accountKind,
  metadata: { name, namespace },
  spec: { platformRef: { name: platform }, address },
});
