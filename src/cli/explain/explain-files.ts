import { parseAllDocuments } from 'yaml';
import type { ExchangePlatformSpec } from '../../api/generated/exchange-platform.ts';
import type { MailAccountSpec } from '../../api/generated/mail-account.ts';
import { accountKind, apiVersion, platformKind, secretNameFor, secretType } from '../../api/names.ts';
import type { AccountFacts, Facts, PlatformFacts, SecretFacts } from '../../core/facts.ts';
import { fieldsOf } from '../../kube/fields.ts';
import { secretsResource } from '../../kube/resource.ts';
import { listAccounts, listPlatforms } from '../cluster/accounts.ts';
import type { Cluster } from '../cluster/connect.ts';
import { accountFacts, platformFacts, secretFacts, type Account } from '../cluster/objects.ts';
import { managerOf, ownersOf, requestFields } from '../cluster/ownership.ts';
import { Failure } from '../frame/failure.ts';
import { readSources } from '../frame/documents.ts';
import { printable, say, tell } from '../frame/terminal.ts';
import { assumedSecret } from './assume.ts';
import { effectsOn, summaryOf, type Effect } from './effects.ts';

interface Proposed {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly spec: unknown;
}

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** Our objects in these files; those of others are passed over. */
const readProposed = async (files: readonly string[], namespace: string): Promise<readonly Proposed[]> => {
  const proposed: Proposed[] = [];
  for (const { file, text } of await readSources(files)) {
    for (const document of parseAllDocuments(text)) {
      if ('errors' in document && document.errors.length > 0) {
        throw new Failure(
          `${file} is no YAML: ${document.errors[0]?.message ?? ''}; kubectl twofactor validate says more`,
        );
      }
      const object = fieldsOf(document.toJS());
      const items = object['kind'] === 'List' && Array.isArray(object['items']) ? object['items'] : [object];
      for (const item of items.map(fieldsOf)) {
        if (item['apiVersion'] !== apiVersion) continue;
        const metadata = fieldsOf(item['metadata']);
        proposed.push({
          kind: textOf(item['kind'], ''),
          namespace: textOf(metadata['namespace'], namespace),
          name: textOf(metadata['name'], ''),
          spec: item['spec'],
        });
      }
    }
  }
  return proposed;
};

/** One namespace as it is. */
interface Present {
  readonly accounts: readonly Account[];
  readonly platforms: ReadonlyMap<string, PlatformFacts>;
  readonly secrets: ReadonlyMap<string, SecretFacts> | undefined;
}

const readSecrets = async (cluster: Cluster, namespace: string): Promise<Present['secrets']> => {
  const fieldSelector = `type=${secretType}`;
  const answer = await cluster.client.list(secretsResource, { namespace, fieldSelector, metadataOnly: true });
  return answer.ok ? new Map(answer.value.items.map((item) => [item.metadata.name, secretFacts(item)])) : undefined;
};

const readPresent = async (cluster: Cluster, namespace: string): Promise<Present> => {
  const [accounts, platforms, secrets] = await Promise.all([
    listAccounts(cluster, { namespace }),
    listPlatforms(cluster, { namespace }),
    readSecrets(cluster, namespace),
  ]);
  return {
    accounts: accounts.filter(({ metadata }) => metadata.deletionTimestamp === undefined),
    platforms: new Map(platforms.map((platform) => [platform.metadata.name, platformFacts(platform)])),
    secrets,
  };
};

/** A file that says nothing of a request which the command line made leaves it: another manager owns it. */
const merged = (account: Account, spec: MailAccountSpec): MailAccountSpec => {
  const kept = requestFields.filter(
    (field) => account.spec.twoFactor?.[field] !== undefined && ownersOf(account, field).includes(managerOf[field]),
  );
  const ours = Object.fromEntries(kept.map((field) => [field, account.spec.twoFactor?.[field]]));
  return kept.length === 0 ? spec : { ...spec, twoFactor: { ...ours, ...spec.twoFactor } };
};

const newAccount = ({ namespace, name, spec }: Proposed): AccountFacts => ({
  namespace,
  name,
  uid: '',
  resourceVersion: '',
  generation: 1,
  createdAt: '9999',
  spec: spec as MailAccountSpec,
  status: {},
});

const newPlatform = ({ namespace, name, spec }: Proposed, present: PlatformFacts | undefined): PlatformFacts => ({
  namespace,
  name,
  uid: present?.uid ?? '',
  resourceVersion: present?.resourceVersion ?? '',
  generation: (present?.generation ?? 0) + 1,
  spec: spec as ExchangePlatformSpec,
  status: present?.status ?? {},
});

/** The accounts and platforms of a namespace before or after a change. */
interface Stage {
  readonly accounts: readonly AccountFacts[];
  readonly platforms: ReadonlyMap<string, PlatformFacts>;
}

const proposedStage = ({ accounts, platforms }: Present, proposed: readonly Proposed[]): Stage => {
  const specs = new Map(proposed.filter(({ kind }) => kind === accountKind).map((each) => [each.name, each]));
  const changed = accounts.map((account) => {
    const proposal = specs.get(account.metadata.name);
    specs.delete(account.metadata.name);
    const facts = accountFacts(account);
    return proposal ? { ...facts, spec: merged(account, proposal.spec as MailAccountSpec) } : facts;
  });
  const after = new Map(platforms);
  for (const each of proposed) {
    if (each.kind === platformKind) after.set(each.name, newPlatform(each, platforms.get(each.name)));
  }
  return { accounts: [...changed, ...[...specs.values()].map(newAccount)], platforms: after };
};

const addressOf = ({ spec }: AccountFacts): string => textOf(fieldsOf(spec)['address'], '');

const platformNameOf = ({ spec }: AccountFacts): string => textOf(fieldsOf(fieldsOf(spec)['platformRef'])['name'], '');

/** What each account's decision depends on, at one stage. */
const factsAt = ({ accounts, platforms }: Stage, present: Present): ReadonlyMap<string, Facts> => {
  const assumed = new Map(present.accounts.map((account) => [account.metadata.name, account]));
  const byAddress = Map.groupBy(accounts, addressOf);
  return new Map(
    accounts.map((account) => {
      const like = assumed.get(account.name);
      const secretName = secretNameFor(addressOf(account)) ?? '';
      const secret = present.secrets ? present.secrets.get(secretName) : like && assumedSecret(like);
      const rivals = (byAddress.get(addressOf(account)) ?? []).filter((each) => each !== account);
      return [account.name, { account, rivals, platform: platforms.get(platformNameOf(account)), secret }];
    }),
  );
};

const immutable = (before: AccountFacts, after: AccountFacts): string | undefined => {
  if (addressOf(before) !== addressOf(after)) return 'spec.address';
  return platformNameOf(before) === platformNameOf(after) ? undefined : 'spec.platformRef.name';
};

const effectsIn = (present: Present, proposed: readonly Proposed[], now: number): readonly Effect[] => {
  const before = factsAt({ accounts: present.accounts.map(accountFacts), platforms: present.platforms }, present);
  const after = factsAt(proposedStage(present, proposed), present);
  return [...after].flatMap(([name, facts]) => {
    const was = before.get(name);
    const field = was && immutable(was.account, facts.account);
    if (field !== undefined) {
      throw new Failure(`MailAccount ${name}: ${field} can't be changed; the API server refuses this file`);
    }
    return effectsOn(was, facts, now);
  });
};

/** What files would change, for whom, if they were applied now. */
export const explainFiles = async (
  cluster: Cluster,
  files: readonly string[],
  form: 'text' | 'json' | 'yaml',
): Promise<void> => {
  const proposed = await readProposed(files, cluster.namespace);
  if (proposed.length === 0) throw new Failure('there is no MailAccount and no ExchangePlatform in these files');
  const byNamespace = Map.groupBy(proposed, ({ namespace }) => namespace);
  const effects: Effect[] = [];
  for (const [namespace, ofNamespace] of byNamespace) {
    const present = await readPresent(cluster, namespace);
    if (!present.secrets)
      tell(`Secrets of ${namespace} are not readable with these rights: taken from the statuses instead.`);
    effects.push(...effectsIn(present, ofNamespace, cluster.now()));
  }
  if (form !== 'text') {
    const { documentOf } = await import('../frame/output.ts');
    say(documentOf({ summary: summaryOf(effects), effects }, form));
    return;
  }
  say(summaryOf(effects));
  for (const { namespace, account, text } of effects) say(`  ${namespace}/${account} ${printable(text)}`);
};
