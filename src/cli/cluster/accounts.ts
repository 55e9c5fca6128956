import { platformsPlural, accountsResource, platformsResource } from '../../api/names.ts';
import { escapeSelector } from '../../kube/field-selector.ts';
import { Failure } from '../frame/failure.ts';
import { nearest } from '../frame/nearest.ts';
import type { Cluster } from './connect.ts';
import type { Account, ExchangePlatform, MailAccount, Platform } from './objects.ts';
import { listAll } from './list-all.ts';
import { failureOf } from './sentences.ts';

/** Every namespace, where one is asked for. */
export const allNamespaces = '';

/** Which accounts; with no selector all of the namespace. */
export interface Selection {
  readonly namespace: string;
  readonly platform?: string | undefined;
  readonly phase?: string | undefined;
  readonly address?: string | undefined;
}

const selectorOf = ({ platform, phase, address }: Selection): string | undefined => {
  const parts = [
    ...(platform === undefined ? [] : [`spec.platformRef.name=${escapeSelector(platform)}`]),
    ...(phase === undefined ? [] : [`status.phase=${phase}`]),
    ...(address === undefined ? [] : [`spec.address=${escapeSelector(address)}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(',');
};

const namespaceOf = ({ namespace }: Pick<Selection, 'namespace'>): { readonly namespace?: string } =>
  namespace === allNamespaces ? {} : { namespace };

export const listAccounts = async (cluster: Cluster, selection: Selection): Promise<readonly Account[]> => {
  const fieldSelector = selectorOf(selection);
  const answer = await listAll<MailAccount>(cluster, accountsResource, {
    ...namespaceOf(selection),
    ...(fieldSelector !== undefined && { fieldSelector }),
  });
  if (answer.ok) return answer.value;
  throw await failureOf(cluster, answer.error, { verbs: ['list'], namespace: selection.namespace });
};

export const listPlatforms = async (
  cluster: Cluster,
  selection: Pick<Selection, 'namespace'>,
): Promise<readonly Platform[]> => {
  const answer = await cluster.client.list<ExchangePlatform>(platformsResource, namespaceOf(selection));
  if (answer.ok) return answer.value.items;
  const { namespace } = selection;
  throw await failureOf(cluster, answer.error, { verbs: ['list'], resource: platformsPlural, namespace });
};

const noPlatform = (name: string, namespace: string, platforms: readonly Platform[]): Failure => {
  const names = [...new Set(platforms.map(({ metadata }) => metadata.name))].slice(0, 10);
  const there = names.length === 0 ? 'is none' : `${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
  const where = namespace === allNamespaces ? 'any namespace' : `namespace ${namespace}`;
  return new Failure(`there is no ExchangePlatform ${name} in ${where}; there ${there}`);
};

/** The platform of this name, or a failure that names those that there are. */
export const findPlatform = async (cluster: Cluster, name: string): Promise<Platform> => {
  const { namespace } = cluster;
  const answer = await cluster.client.get<ExchangePlatform>(platformsResource, { namespace, name });
  if (answer.ok) return answer.value;
  if (answer.error.kind !== 'notFound') {
    throw await failureOf(cluster, answer.error, { verbs: ['get'], resource: platformsPlural, namespace, name });
  }
  throw noPlatform(name, namespace, await listPlatforms(cluster, { namespace }));
};

/** A failure where no account is of a platform because there is no such platform: somebody may have mistyped. */
export const requireKnown = async (
  cluster: Cluster,
  { namespace, platform }: Pick<Selection, 'namespace' | 'platform'>,
  accounts: readonly Account[],
): Promise<void> => {
  if (platform === undefined || accounts.length > 0) return;
  const platforms = await listPlatforms(cluster, { namespace });
  if (platforms.some(({ metadata }) => metadata.name === platform)) return;
  throw noPlatform(platform, namespace, platforms);
};

/** What somebody typed as an account: an address, or a name as kubectl prints it. */
const wordOf = (typed: string): { readonly name: string } | { readonly address: string } => {
  const word = typed.trim();
  return word.includes('@') ? { address: word.toLowerCase() } : { name: word.replace(/^[a-z.0-9]+\//, '') };
};

/** By what an account may have been meant: its name, or its address where the whole local part was typed. */
const candidateOf = (word: string, { metadata, spec }: Account): string => {
  const isLocalPart = spec.address.startsWith(`${word.toLowerCase()}@`) && !metadata.name.startsWith(word);
  return word.includes('@') || isLocalPart ? spec.address : metadata.name;
};

/** Names the nearest: somebody may have mistyped. */
const unknownAccount = (typed: string, namespace: string, accounts: readonly Account[]): Failure => {
  const [word = ''] = Object.values(wordOf(typed));
  const candidates = accounts.map((account) => candidateOf(word, account));
  const near = nearest(word, candidates);
  const hint =
    near.length > 0 ? `is ${near.join(' or ')} meant?` : 'kubectl twofactor status lists those that there are';
  return new Failure(`there is no MailAccount ${typed} in namespace ${namespace}; ${hint}`);
};

const onlyOne = (typed: string, found: readonly Account[]): Account | undefined => {
  if (found.length < 2) return found[0];
  const names = found.map(({ metadata }) => metadata.name).join(', ');
  throw new Failure(`${typed} is the address of ${found.length} MailAccounts: name one of ${names}`);
};

const findOne = async (cluster: Cluster, typed: string): Promise<Account> => {
  const { namespace } = cluster;
  const word = wordOf(typed);
  if ('address' in word) {
    const found = onlyOne(typed, await listAccounts(cluster, { namespace, address: word.address }));
    if (found) return found;
  } else {
    const answer = await cluster.client.get<MailAccount>(accountsResource, { namespace, name: word.name });
    if (answer.ok) return answer.value;
    if (answer.error.kind !== 'notFound') {
      throw await failureOf(cluster, answer.error, { namespace, name: word.name, verbs: ['get'] });
    }
  }
  throw unknownAccount(typed, namespace, await listAccounts(cluster, { namespace }));
};

const findMany = async (cluster: Cluster, typed: readonly string[]): Promise<readonly Account[]> => {
  const { namespace } = cluster;
  const all = await listAccounts(cluster, { namespace });
  const byName = new Map(all.map((account) => [account.metadata.name, account]));
  const byAddress = Map.groupBy(all, ({ spec }) => spec.address);
  return typed.map((each) => {
    const word = wordOf(each);
    const found = 'name' in word ? byName.get(word.name) : onlyOne(each, byAddress.get(word.address) ?? []);
    if (!found) throw unknownAccount(each, namespace, all);
    return found;
  });
};

/** Up to so many are asked for one by one; for more, one list is cheaper. */
const fewWords = 8;

/** The accounts that were named, each once; a failure names what there is not. */
export const findAccounts = async (cluster: Cluster, typed: readonly string[]): Promise<readonly Account[]> => {
  const found =
    typed.length <= fewWords
      ? await Promise.all(typed.map((each) => findOne(cluster, each)))
      : await findMany(cluster, typed);
  return [...new Map(found.map((account) => [account.metadata.uid, account])).values()];
};
