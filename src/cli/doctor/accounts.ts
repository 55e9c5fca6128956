import { accountsPlural, group, secretNameFor, secretType } from '../../api/names.ts';
import { annotation, readRecord } from '../../api/record.ts';
import { conditionOf } from '../../core/conditions.ts';
import { secretsResource, type Stored } from '../../kube/resource.ts';
import { listAccounts } from '../cluster/accounts.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { may, whoAmI } from '../cluster/rights.ts';
import { failed, ok, unknown, warning, type Check } from './finding.ts';

const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete', 'suspend', 'reset', 'unlock', 'remove'];
/** Those of the operator, login services and backup tools: not for people. */
const powers = ['mint', 'verify', 'restore'];

/** What the caller may do in this namespace. */
export const checkRights = async (cluster: Cluster): Promise<readonly Check[]> => {
  const { namespace } = cluster;
  const all = [...verbs, ...powers];
  const answers = await Promise.all(
    all.map((verb) => may(cluster, { verb, group, resource: accountsPlural, namespace })),
  );
  const user = (await whoAmI(cluster)) ?? 'this identity';
  const held = all.filter((_, index) => answers[index] === true);
  const tooMuch = held.filter((verb) => powers.includes(verb));
  const says = `${user} may on mailaccounts in ${namespace}: ${held.join(', ') || 'nothing'}`;
  if (tooMuch.length > 0) {
    return [
      warning(
        'rights',
        `${says}; ${tooMuch.join(', ')} belong to the operator, login services and backup tools, not to people`,
      ),
    ];
  }
  return [
    held.includes('list') ? ok('rights', says) : failed('rights', `${says}; an administrator binds exchange2fa-reader`),
  ];
};

/** What is wrong with one Secret of ours, or nothing. */
const brokenSecret = ({ metadata }: Stored): string | undefined => {
  const annotations = metadata.annotations ?? {};
  const read = readRecord({ type: secretType, annotations });
  if ('annotation' in read)
    return `annotation ${read.annotation} can't be trusted: mend or restore it, or reset the account`;
  const address = annotations[annotation.address];
  if (secretNameFor(address) !== metadata.name)
    return `its name is not that of its address (${address ?? 'none'}): restore or delete it`;
  return undefined;
};

const checkSecrets = async (cluster: Cluster): Promise<readonly Check[]> => {
  const { namespace } = cluster;
  const about = 'Secrets';
  const fieldSelector = `type=${secretType}`;
  const answer = await cluster.client.list(secretsResource, { namespace, fieldSelector, metadataOnly: true });
  if (!answer.ok)
    return [unknown(about, `can't be listed with these rights in ${namespace} (only metadata would be read)`)];
  const broken = answer.value.items.flatMap((item): Check[] => {
    const why = brokenSecret(item);
    return why === undefined ? [] : [failed(`Secret ${item.metadata.name}`, why)];
  });
  return broken.length > 0 ? broken : [ok(about, `${answer.value.items.length} keep the contract`)];
};

const cures: Readonly<Record<string, (account: Account) => string>> = {
  SeedLost: ({ metadata }) => `restore its Secret, or kubectl twofactor reset ${metadata.name}`,
  SecretInvalid: ({ metadata }) => `restore its Secret, or kubectl twofactor reset ${metadata.name}`,
  EnrollmentExpired: ({ metadata }) => `kubectl twofactor reset ${metadata.name}`,
  PlatformNotFound: ({ spec }) =>
    `create the ExchangePlatform ${spec.platformRef.name}, or make the account anew for another`,
  AddressInUse: () => 'delete one of the two accounts of this address',
  SecretNameTaken: ({ status }) => `delete or rename the Secret ${status?.secretName ?? 'that has its name'}`,
  SuspensionTooLong: ({ metadata }) => `kubectl twofactor resume ${metadata.name}, then suspend for less`,
  WriteFailed: () => "see its message: a right, a quota or a policy is in the operator's way",
};

const reasonOf = ({ status = {} }: Account): string => {
  const ready = conditionOf(status, 'Ready');
  return (ready?.status === 'False' ? ready.reason : conditionOf(status, 'Enforced')?.reason) ?? 'unknown';
};

const checkAccount = (account: Account): readonly Check[] => {
  const { metadata, status = {} } = account;
  const about = `account ${metadata.name}`;
  const reason = reasonOf(account);
  const cure = cures[reason]?.(account) ?? 'kubectl twofactor explain says why';
  if (status.phase === undefined)
    return [failed(about, 'the operator has never looked at it: is this namespace named to it?')];
  if (status.phase === 'Blocked') return [failed(about, `is refused at login (${reason}): ${cure}`)];
  if (status.phase === 'Locked') {
    const way = status.lockedUntil === undefined ? 'reset' : 'unlock';
    return [
      warning(
        about,
        `is locked: somebody may be guessing; change the password, then kubectl twofactor ${way} ${metadata.name}`,
      ),
    ];
  }
  if (conditionOf(status, 'Ready')?.status === 'False') return [warning(about, `${reason}: ${cure}`)];
  const isBehind = (status.observedGeneration ?? 0) < (metadata.generation ?? 0);
  return isBehind ? [warning(about, 'a change is not yet taken up by the operator')] : [];
};

/** Secrets that break the contract, accounts that are refused, and what to do. */
export const checkAccounts = async (cluster: Cluster): Promise<readonly Check[]> => {
  const accounts = await listAccounts(cluster, { namespace: cluster.namespace });
  const checks = accounts.flatMap(checkAccount);
  const secrets = await checkSecrets(cluster);
  if (checks.length > 0) return [...secrets, ...checks];
  return [...secrets, ok('accounts', `${accounts.length} in ${cluster.namespace}, none refused`)];
};
