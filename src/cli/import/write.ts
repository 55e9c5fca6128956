import { accountsResource, secretNameFor } from '../../api/names.ts';
import { annotation } from '../../api/record.ts';
import { secretsResource, type KubeObject } from '../../kube/client/resource.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { MailAccount } from '../cluster/objects.ts';
import { sentenceOf } from '../cluster/sentences.ts';
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
  readonly kind: 'done' | 'nothing' | 'failed';
  readonly item: Item;
  readonly says: string;
}

/** Whether it was made now or there already, or why neither. */
type CreateResult = 'made' | 'there' | { readonly failure: string };

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** One that is there with this seed, enrolled, is left as it is, so that an import can be repeated. */
const presentSecret = async (cluster: Cluster, { address, seed }: Entry): Promise<CreateResult | 'none'> => {
  const [{ namespace }, name] = [cluster, secretNameFor(address) ?? ''];
  const present = await cluster.client.get<Secret>(secretsResource, { namespace, name });
  if (!present.ok && present.error.kind === 'notFound') return 'none';
  if (!present.ok) {
    const why = await sentenceOf(cluster, present.error, { verbs: ['get'], resource: 'secrets', namespace });
    return { failure: `its Secret ${name} can't be read: ${why}` };
  }
  const { metadata, data } = present.value;
  const isEnrolled = metadata.annotations?.[annotation.enrolledAt] !== undefined;
  if (isEnrolled && data?.['seed'] === Buffer.from(seed).toString('base64')) return 'there';
  const what = isEnrolled ? 'another seed, which is enrolled' : 'a Secret already that is not enrolled';
  const way = `delete its account and ${name} first${isEnrolled ? ' if the one imported is right' : ', or let it enrol'}`;
  return { failure: `its address has ${what}: ${way}` };
};

/** Whether an import would be refused because of the Secret that is there already: asked before anything is written. */
export const checkOne = async (cluster: Cluster, item: Item): Promise<Imported> => {
  const present = await presentSecret(cluster, item.entry);
  return typeof present === 'object'
    ? { kind: 'failed', item, says: present.failure }
    : { kind: 'nothing', item, says: 'can be imported' };
};

const makeSecret = async (cluster: Cluster, entry: Entry, target: Target): Promise<CreateResult> => {
  const answer = await cluster.client.create(secretsResource, importedSecret(entry, target, cluster.now()));
  if (answer.ok) return 'made';
  const { kind } = answer.error;
  if (kind === 'alreadyExists' || kind === 'unknownOutcome') {
    const present = await presentSecret(cluster, entry);
    if (present !== 'none') return present;
  }
  return { failure: await sentenceOf(cluster, answer.error, { verbs: ['restore'], namespace: target.namespace }) };
};

const makeAccount = async (cluster: Cluster, item: Item, target: Target): Promise<CreateResult> => {
  const { namespace } = target;
  const { name, entry } = item;
  if (item.exists) return 'there';
  const answer = await cluster.client.create(accountsResource, importedAccount(name, entry.address, target));
  if (answer.ok) return 'made';
  const { kind } = answer.error;
  if (kind === 'alreadyExists' || kind === 'unknownOutcome') {
    const present = await cluster.client.get<MailAccount>(accountsResource, { namespace, name });
    if (present.ok && present.value.spec.address === entry.address) return 'made';
    if (present.ok)
      return {
        failure: `its Secret is made, but MailAccount ${name} has another address (${present.value.spec.address}): create a MailAccount under another name`,
      };
  }
  return { failure: await sentenceOf(cluster, answer.error, { verbs: ['create'], namespace, name }) };
};

/** Makes the Secret, then the account that takes it: what is there already is left as it is. */
export const importOne = async (cluster: Cluster, item: Item, target: Target): Promise<Imported> => {
  const secret = await makeSecret(cluster, item.entry, target);
  if (typeof secret === 'object') return { kind: 'failed', item, says: secret.failure };
  const account = await makeAccount(cluster, item, target);
  if (typeof account === 'object') return { kind: 'failed', item, says: account.failure };
  return secret === 'made' || account === 'made'
    ? { kind: 'done', item, says: 'imported, enrolled' }
    : { kind: 'nothing', item, says: 'is enrolled already; its seed is left as it is' };
};
