import { accountsResource, secretNameFor } from '../../api/names.ts';
import { annotation } from '../../api/record.ts';
import { isUncertain, type KubeError } from '../../kube/client/errors.ts';
import { secretsResource, type KubeObject } from '../../kube/client/resource.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { MailAccount } from '../cluster/objects.ts';
import { sentenceOf, type Subject } from '../cluster/sentences.ts';
import type { Entry } from './entries.ts';
import { importedAccount, importedSecret, type Target } from './objects.ts';

/** One account to import. */
export interface Item {
  readonly entry: Entry;
  readonly name: string;
  /** There is an account of this address already. */
  readonly exists: boolean;
}

export interface Imported {
  /** `uncertain`: the answer got lost, or Ctrl-C came while it was under way. */
  readonly kind: 'done' | 'nothing' | 'failed' | 'uncertain';
  readonly item: Item;
  readonly says: string;
}

interface Failed {
  readonly kind: 'failed' | 'uncertain';
  readonly says: string;
}

/** Whether it was made now or there already, or why neither. */
type CreateResult = 'made' | 'there' | Failed;

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const failed = (says: string): Failed => ({ kind: 'failed', says });

const failedBy = async (cluster: Cluster, error: KubeError, about: Subject): Promise<Failed> => ({
  kind: isUncertain(error) ? 'uncertain' : 'failed',
  says: await sentenceOf(cluster, error, about),
});

/** One that is there with this seed, enrolled, is left as it is, so that an import can be repeated. */
const presentSecret = async (
  cluster: Cluster,
  { address, seed }: Entry,
  signal?: AbortSignal,
): Promise<CreateResult | 'none'> => {
  const [{ namespace }, name] = [cluster, secretNameFor(address) ?? ''];
  const present = await cluster.client.get<Secret>(secretsResource, { namespace, name }, signal && { signal });
  if (!present.ok && present.error.kind === 'notFound') return 'none';
  if (!present.ok) {
    const { kind, says } = await failedBy(cluster, present.error, { verbs: ['get'], resource: 'secrets', namespace });
    return { kind, says: `its Secret ${name} can't be read: ${says}` };
  }
  const { metadata, data } = present.value;
  const isEnrolled = metadata.annotations?.[annotation.enrolledAt] !== undefined;
  if (isEnrolled && data?.['seed'] === Buffer.from(seed).toString('base64')) return 'there';
  const what = isEnrolled ? 'another seed, which is enrolled' : 'a Secret already that is not enrolled';
  const way = `delete its account and ${name} first${isEnrolled ? ' if the one imported is right' : ', or let it enrol'}`;
  return failed(`its address has ${what}: ${way}`);
};

/** Whether an import would be refused because of the Secret that is there already: asked before anything is written. */
export const checkOne = async (cluster: Cluster, item: Item): Promise<Imported> => {
  const present = await presentSecret(cluster, item.entry);
  return typeof present === 'object' ? { ...present, item } : { kind: 'nothing', item, says: 'can be imported' };
};

const makeSecret = async (
  cluster: Cluster,
  entry: Entry,
  target: Target,
  signal: AbortSignal,
): Promise<CreateResult> => {
  const secret = importedSecret(entry, target, cluster.now());
  const answer = await cluster.client.create(secretsResource, secret, { signal });
  if (answer.ok) return 'made';
  const { kind } = answer.error;
  if (kind === 'alreadyExists' || kind === 'unknownOutcome') {
    const present = await presentSecret(cluster, entry, signal);
    if (present !== 'none') return present;
  }
  return failedBy(cluster, answer.error, { verbs: ['restore'], namespace: target.namespace });
};

const makeAccount = async (
  cluster: Cluster,
  { exists, name, entry }: Item,
  target: Target,
  signal: AbortSignal,
): Promise<CreateResult> => {
  const { namespace } = target;
  if (exists) return 'there';
  const account = importedAccount(name, entry.address, target);
  const answer = await cluster.client.create(accountsResource, account, { signal });
  if (answer.ok) return 'made';
  const { kind } = answer.error;
  if (kind === 'alreadyExists' || kind === 'unknownOutcome') {
    const present = await cluster.client.get<MailAccount>(accountsResource, { namespace, name }, { signal });
    if (present.ok && present.value.spec.address === entry.address) return 'made';
    if (present.ok)
      return failed(
        `its Secret is made, but MailAccount ${name} has another address (${present.value.spec.address}): create a MailAccount under another name`,
      );
  }
  return failedBy(cluster, answer.error, { verbs: ['create'], namespace, name });
};

/**
 * Makes the Secret, then the account that takes it: what is there already is left as it is.
 *
 * @param abandoned what is under way ends at once
 */
export const importOne = async (
  cluster: Cluster,
  item: Item,
  target: Target,
  abandoned: AbortSignal,
): Promise<Imported> => {
  const secret = await makeSecret(cluster, item.entry, target, abandoned);
  if (typeof secret === 'object') return { ...secret, item };
  const account = await makeAccount(cluster, item, target, abandoned);
  if (typeof account === 'object') return { ...account, item };
  return secret === 'made' || account === 'made'
    ? { kind: 'done', item, says: 'imported, enrolled' }
    : { kind: 'nothing', item, says: 'is enrolled already; its seed is left as it is' };
};
