import type { ExchangePlatformSpec } from '../../api/generated/exchange-platform.ts';
import type { MailAccountSpec } from '../../api/generated/mail-account.ts';
import { accountKind, platformKind, secretNameFor, secretType } from '../../api/names.ts';
import type { AccountFacts, Facts, PlatformFacts, SecretFacts } from '../../core/facts.ts';
import { projectAccount } from '../../core/seen/account.ts';
import { projectPlatform } from '../../core/seen/platform.ts';
import { projectSecret } from '../../core/seen/secret.ts';
import { secretsResource } from '../../kube/client/resource.ts';
import { listAccounts, listPlatforms } from '../cluster/accounts.ts';
import type { Cluster } from '../cluster/connect.ts';
import { listAll } from '../cluster/list-all.ts';
import type { Account, Platform } from '../cluster/objects.ts';
import { managerOf, ownersOf, requestFields } from '../cluster/ownership.ts';
import { failureOf } from '../cluster/sentences.ts';
import type { ExplainForm } from '../frame/choices.ts';
import { Failure } from '../frame/failure.ts';
import { printable, say, tell } from '../frame/terminal.ts';
import { assumedAmong, assumedSetbacks } from './assume.ts';
import type { Effect } from './effect.ts';
import { effectsOn } from './effects-on-login.ts';
import { readProposed, type Proposed } from './proposed.ts';
import { effectsOnPlatform } from './refused-suspension.ts';
import { summaryOf } from './summary.ts';

/** One namespace as it is. */
interface Present {
  readonly accounts: readonly Account[];
  readonly platforms: readonly Platform[];
  readonly secrets: ReadonlyMap<string, SecretFacts> | undefined;
}

/** By name, as metadata only; undefined where reading is not permitted. */
export const readSecrets = async (cluster: Cluster, namespace: string): Promise<Present['secrets']> => {
  const fieldSelector = `type=${secretType}`;
  const answer = await listAll(cluster, secretsResource, { namespace, fieldSelector, metadataOnly: true });
  if (answer.ok) return new Map(answer.value.map((item) => [item.metadata.name, projectSecret(item)]));
  if (answer.error.kind === 'forbidden') return undefined;
  throw await failureOf(cluster, answer.error, { verbs: ['list'], resource: 'secrets', namespace });
};

const readPresent = async (cluster: Cluster, namespace: string): Promise<Present> => {
  const [accounts, platforms, secrets] = await Promise.all([
    listAccounts(cluster, { namespace }),
    listPlatforms(cluster, { namespace }),
    readSecrets(cluster, namespace),
  ]);
  return { accounts, platforms, secrets };
};

/** What is being deleted goes, whatever is applied to it meanwhile. */
const refuseDying = ({ accounts, platforms }: Present, { isAccount, name }: Proposed): void => {
  const present = (isAccount ? accounts : platforms).find(({ metadata }) => metadata.name === name);
  if (present?.metadata.deletionTimestamp === undefined) return;
  const kind = isAccount ? accountKind : platformKind;
  throw new Failure(`${kind} ${name} is being deleted: what these files say of it can only be applied once it is gone`);
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

const presentStage = ({ accounts, platforms }: Present): Stage => ({
  accounts: accounts.flatMap((account) => projectAccount(account) ?? []),
  platforms: new Map(platforms.flatMap((platform) => projectPlatform(platform) ?? []).map((each) => [each.name, each])),
});

const proposedStage = ({ accounts }: Present, before: Stage, proposed: readonly Proposed[]): Stage => {
  const specs = new Map(proposed.filter(({ isAccount }) => isAccount).map((each) => [each.name, each]));
  const byName = new Map(accounts.map((account) => [account.metadata.name, account]));
  const changed = before.accounts.map((facts) => {
    const [proposal, account] = [specs.get(facts.name), byName.get(facts.name)];
    specs.delete(facts.name);
    return proposal && account ? { ...facts, spec: merged(account, proposal.spec as MailAccountSpec) } : facts;
  });
  const platforms = new Map(before.platforms);
  for (const each of proposed.filter(({ isAccount }) => !isAccount))
    platforms.set(each.name, newPlatform(each, before.platforms.get(each.name)));
  return { accounts: [...changed, ...[...specs.values()].map(newAccount)], platforms };
};

/** What each account's decision depends on, at one stage. */
const factsAt = ({ accounts, platforms }: Stage, present: Present): ReadonlyMap<string, Facts> => {
  const byName = new Map(present.accounts.map((account) => [account.metadata.name, account]));
  const byAddress = Map.groupBy(accounts, ({ spec }) => spec.address);
  return new Map(
    accounts.map((account) => {
      const { address, platformRef } = account.spec;
      const rivals = (byAddress.get(address) ?? []).filter((each) => each !== account);
      const secret = present.secrets
        ? present.secrets.get(secretNameFor(address) ?? '')
        : assumedAmong([account, ...rivals].flatMap(({ name }) => byName.get(name) ?? []));
      return [account.name, { account, rivals, platform: platforms.get(platformRef.name), secret }];
    }),
  );
};

const immutable = ({ spec: before }: AccountFacts, { spec: after }: AccountFacts): string | undefined => {
  if (before.address !== after.address) return 'spec.address';
  return before.platformRef.name === after.platformRef.name ? undefined : 'spec.platformRef.name';
};

const isSame = (before: Facts, after: Facts): boolean =>
  before.account.spec === after.account.spec &&
  before.platform === after.platform &&
  before.rivals.length === after.rivals.length;

const effectsIn = (present: Present, proposed: readonly Proposed[], now: number): readonly Effect[] => {
  for (const each of proposed) refuseDying(present, each);
  const [stage, byName] = [presentStage(present), new Map(present.accounts.map((each) => [each.metadata.name, each]))];
  const staged = proposedStage(present, stage, proposed);
  const [before, after] = [factsAt(stage, present), factsAt(staged, present)];
  const ofPlatforms = [...staged.platforms].flatMap(([name, platform]) =>
    effectsOnPlatform(stage.platforms.get(name), platform, now),
  );
  const ofAccounts = [...after].flatMap(([name, facts]) => {
    const was = before.get(name);
    if (was && isSame(was, facts)) return [];
    const field = was && immutable(was.account, facts.account);
    if (field !== undefined)
      throw new Failure(`MailAccount ${name}: ${field} can't be changed; the API server refuses this file`);
    const account = byName.get(name);
    return effectsOn(was && { ...was, ...(account && assumedSetbacks(account)) }, facts, now);
  });
  return [...ofPlatforms, ...ofAccounts];
};

/** What files would change, for whom, if they were applied now. */
export const explainFiles = async (cluster: Cluster, files: readonly string[], form: ExplainForm): Promise<void> => {
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
  for (const { namespace, name, text } of effects) say(`  ${namespace}/${name} ${printable(text)}`);
};
