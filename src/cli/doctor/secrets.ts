import { parseSeconds } from '../../api/instants.ts';
import { isSecretName, secretNameFor, secretType } from '../../api/names.ts';
import { annotation, isOrphaned, readRecord, secondFactorValues, type Annotations } from '../../api/record.ts';
import { secretsResource, type Stored } from '../../kube/client/resource.ts';
import type { Cluster } from '../cluster/connect.ts';
import { listAll } from '../cluster/list-all.ts';
import { failed, ok, unread, warning, type Check } from './finding.ts';

/** The Secrets of a namespace, as metadata only: ours by name, and those of another type. */
export interface Secrets {
  readonly ours: ReadonlyMap<string, Stored>;
  readonly others: readonly Stored[];
}

const about = 'Secrets';

type Listed = { readonly items: readonly Stored[] } | { readonly check: Check };

const listWhere = async (cluster: Cluster, fieldSelector: string): Promise<Listed> => {
  const { namespace } = cluster;
  const answer = await listAll(cluster, secretsResource, { namespace, fieldSelector, metadataOnly: true });
  if (answer.ok) return { items: answer.value };
  return { check: unread(about, answer.error, `list secrets in ${namespace}; only metadata is asked for`) };
};

/** The Secrets, or what kept them from being read. */
export const readSecrets = async (cluster: Cluster): Promise<Secrets | Check> => {
  const [ours, others] = await Promise.all([
    listWhere(cluster, `type=${secretType}`),
    listWhere(cluster, `type!=${secretType}`),
  ]);
  if ('check' in ours) return ours.check;
  if ('check' in others) return others.check;
  return { ours: new Map(ours.items.map((item) => [item.metadata.name, item])), others: others.items };
};

/** What the annotations contradict, or nothing. */
const contradiction = (annotations: Annotations): string | undefined => {
  const { [annotation.secondFactor]: says, [annotation.eraseAfter]: eraseAfter } = annotations;
  if (!secondFactorValues.some((value) => value === says))
    return `annotation ${annotation.secondFactor} is ${says ?? 'missing'}: every login is refused until the operator writes it`;
  if (annotations[annotation.mintedAt] !== undefined && annotations[annotation.erasedAt] !== undefined)
    return `it says both ${annotation.mintedAt} and ${annotation.erasedAt}: restore it, or reset the account`;
  if (eraseAfter !== undefined && parseSeconds(eraseAfter) === undefined)
    return `annotation ${annotation.eraseAfter} is no instant, so it is never deleted: take the annotation away`;
  return undefined;
};

/** What is wrong with one Secret of ours, or nothing. */
const brokenSecret = ({ metadata }: Stored, addresses: ReadonlySet<string> | undefined): string | undefined => {
  const annotations = metadata.annotations ?? {};
  const record = { type: secretType, annotations };
  const read = readRecord(record);
  if ('annotation' in read)
    return `annotation ${read.annotation} can't be trusted: mend or restore it, or reset the account`;
  const address = annotations[annotation.address];
  if (secretNameFor(address) !== metadata.name)
    return `its name is not that of its address (${address ?? 'none'}): restore it, or delete it, which takes the verb mint`;
  const isForgotten = addresses && !isOrphaned(record) && !addresses.has(address ?? '');
  if (isForgotten) return `no account has its address ${address ?? ''}, and the operator has not said so: is it alive?`;
  return contradiction(annotations);
};

/**
 * Secrets that break the contract.
 *
 * @param addresses of the accounts; undefined where they are not known
 */
export const checkSecrets = (
  secrets: Secrets | Check,
  addresses: ReadonlySet<string> | undefined,
): readonly Check[] => {
  if ('state' in secrets) return [secrets];
  const ours = [...secrets.ours.values()];
  const broken = ours.flatMap((item): Check[] => {
    const why = brokenSecret(item, addresses);
    return why === undefined ? [] : [failed(`Secret ${item.metadata.name}`, why)];
  });
  const inTheWay = secrets.others
    .filter(({ metadata }) => isSecretName(metadata.name))
    .map(({ metadata }) =>
      warning(`Secret ${metadata.name}`, `has a name kept for Secrets of type ${secretType}: delete or rename it`),
    );
  if (broken.length + inTheWay.length > 0) return [...broken, ...inTheWay];
  const kept = ours.filter(({ metadata }) => metadata.annotations?.[annotation.orphanedAt] !== undefined).length;
  const orphans = kept === 0 ? '' : `, ${kept} of them for accounts that are deleted`;
  return [ok(about, `${ours.length} keep the contract${orphans}`)];
};
