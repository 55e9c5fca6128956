import {
  accountsPlural,
  group,
  platformsPlural,
  secretNameFor,
  secretType,
  accountsResource,
  platformsResource,
} from '../../api/names.ts';
import type { Client } from '../../kube/client/client.ts';
import { success, type Result } from '../../kube/client/errors.ts';
import { readPages } from '../../kube/client/read-pages.ts';
import { escapeSelector } from '../../kube/field-selector.ts';
import { crdsResource, type ObjectRef, secretsResource } from '../../kube/client/resource.ts';
import { projectAccount } from '../../core/seen/account.ts';
import { accountKeyOf, secretRefOf } from './keys.ts';
import type { ExchangePlatform, MailAccount } from './objects.ts';
import { projectPlatform } from '../../core/seen/platform.ts';
import { projectSecret } from '../../core/seen/secret.ts';
import type { World } from './world.ts';

/**
 * Consistent reads, for where the watch may be late: before what can't be undone, and after a write in vain. What they
 * find goes into the world like everything else. Each is a list, as its version tells what is not there *since when*.
 */
export interface Look {
  readonly client: Client;
  readonly world: World;
  /** Ends what is being read. */
  readonly reading: AbortSignal;
}

/** Lists accounts into the world; answers with those that were there, and the version of the list. */
const listAccounts = async (
  { client, world, reading: signal }: Look,
  namespace: string,
  fieldSelector?: string,
): Promise<Result<{ readonly found: ReadonlySet<string>; readonly version: string }>> => {
  const found = new Set<string>();
  const how = { namespace, signal, ...(fieldSelector !== undefined && { fieldSelector }) };
  const read = await readPages<MailAccount>(client, accountsResource, how, (account) => {
    const facts = projectAccount(account);
    if (!facts) return;
    const key = accountKeyOf(facts);
    found.add(key);
    world.seeAccount(key, facts);
  });
  return read.ok ? success({ found, version: read.value }) : read;
};

const loseAllBut = (world: World, keys: Iterable<string>, found: ReadonlySet<string>, version: string): void => {
  for (const key of keys) if (!found.has(key)) world.missAccount(key, version);
};

/** One account by its name. */
export const lookAtAccount = async (look: Look, { namespace = '', name }: ObjectRef): Promise<Result<void>> => {
  const read = await listAccounts(look, namespace, `metadata.name=${name}`);
  if (!read.ok) return read;
  loseAllBut(look.world, [accountKeyOf({ namespace, name })], read.value.found, read.value.version);
  return success(undefined);
};

/**
 * Whoever has the address of a mailbox now.
 *
 * @param said the address as an account or the Secret says it; where that is not the mailbox's, all accounts are read
 */
export const lookForAccounts = async (
  look: Look,
  mailboxKey: string,
  said: string | undefined,
): Promise<Result<void>> => {
  const { namespace, name } = secretRefOf(mailboxKey);
  const { world } = look;
  const isKnown = said !== undefined && secretNameFor(said) === name;
  const selector = isKnown ? `spec.address=${escapeSelector(said.toLowerCase())}` : undefined;
  const read = await listAccounts(look, namespace, selector);
  if (!read.ok) return read;
  loseAllBut(world, world.accountsOf(mailboxKey).map(accountKeyOf), read.value.found, read.value.version);
  return success(undefined);
};

export const lookAtPlatform = async (look: Look, namespace: string, name: string): Promise<Result<void>> => {
  const { client, world, reading: signal } = look;
  const fieldSelector = `metadata.name=${name}`;
  const page = await client.list<ExchangePlatform>(platformsResource, { namespace, fieldSelector, signal });
  if (!page.ok) return page;
  const [platform] = page.value.items;
  const facts = platform && projectPlatform(platform);
  if (facts) world.seePlatform(facts);
  else world.missPlatform(namespace, name, page.value.resourceVersion);
  return success(undefined);
};

/** The Secret of a mailbox, and whether anything at all has its name. */
export const lookAtSecret = async (
  { client, world, reading: signal }: Look,
  mailboxKey: string,
): Promise<Result<'ours' | 'foreign' | 'none'>> => {
  const { namespace, name } = secretRefOf(mailboxKey);
  const named = `metadata.name=${name}`;
  const how = { namespace, signal, metadataOnly: true };
  const ours = await client.list(secretsResource, { ...how, fieldSelector: `${named},type=${secretType}` });
  if (!ours.ok) return ours;
  const [secret] = ours.value.items;
  if (secret) {
    world.seeSecret(mailboxKey, projectSecret(secret));
    return success('ours');
  }
  world.loseSecret(mailboxKey, ours.value.resourceVersion);
  const any = await client.list(secretsResource, { ...how, fieldSelector: named });
  return any.ok ? success(any.value.items.length > 0 ? 'foreign' : 'none') : any;
};

const crdNames = [`${accountsPlural}.${group}`, `${platformsPlural}.${group}`];

/**
 * Whether both kinds are here to stay. While a CRD is being deleted its objects vanish one by one as if somebody had
 * deleted each of them.
 */
export const crdsStand = async ({ client, reading: signal }: Look): Promise<Result<boolean>> => {
  for (const name of crdNames) {
    const crd = await client.get(crdsResource, { name }, { metadataOnly: true, signal });
    if (!crd.ok) return crd.error.kind === 'notFound' ? success(false) : crd;
    if (crd.value.metadata.deletionTimestamp !== undefined) return success(false);
  }
  return success(true);
};
