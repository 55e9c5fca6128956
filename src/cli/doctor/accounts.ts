import { formatSeconds, type Instant } from '../../api/instants.ts';
import { secretNameFor, secretType } from '../../api/names.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { Problem } from '../../core/problems.ts';
import { secondFactor, type Verdict } from '../../core/second-factor.ts';
import { isBehind, type Account } from '../cluster/objects.ts';
import { failed, ok, warning, type Check } from './finding.ts';
import type { Secrets } from './secrets.ts';

const restoreOrReset = ({ metadata }: Account): string =>
  `restore its Secret, or kubectl twofactor reset ${metadata.name}`;

/** Why an account is not as its spec asks, or is refused; a lock is told of apart. */
type Ailment = Problem['reason'] | Exclude<Extract<Verdict, { kind: 'deny' }>['reason'], 'Locked'>;

const cures: Readonly<Record<Ailment, (account: Account) => string>> = {
  SpecInvalid: () => 'mend the field that its message names',
  SeedLost: restoreOrReset,
  SecretInvalid: restoreOrReset,
  Refused: restoreOrReset,
  EnrollmentExpired: ({ metadata }) => `kubectl twofactor reset ${metadata.name}`,
  PlatformNotFound: ({ spec }) =>
    `create the ExchangePlatform ${spec.platformRef.name}, or make the account anew for another`,
  AddressInUse: () => 'delete one of the two accounts of this address',
  SecretNameTaken: ({ spec }) => `delete or rename the Secret ${secretNameFor(spec.address) ?? 'that has its name'}`,
  SuspensionTooLong: ({ metadata }) => `kubectl twofactor resume ${metadata.name}, then suspend for less`,
  WriteFailed: () => "see its message: a right, a quota or a policy is in the operator's way",
  StorageWentBack: () => 'see its message; once storage is known to be right, restart the operator',
  NoSecret: () => 'the operator makes its Secret: is it alive, and is this namespace named to it?',
  Orphaned: () => 'the operator gives it back to its account: is it alive?',
};

/** The status may be of an operator that knows other reasons. */
const isAilment = (reason: string): reason is Ailment => Object.hasOwn(cures, reason);

const cureOf = (account: Account, reason: string): string =>
  isAilment(reason) ? cures[reason](account) : `kubectl twofactor explain ${account.metadata.name} says why`;

/** Why the operator refuses it, where it says so; the login's own reason otherwise. */
const refusedAccount = (account: Account, reason: string): Check => {
  const { metadata, status = {} } = account;
  const ready = conditionOf(status, 'Ready');
  const why = ready?.status === 'False' ? ready.reason : reason;
  const what = why === 'AddressInUse' ? 'decides nothing, as another has its address' : 'is refused at login';
  return failed(`account ${metadata.name}`, `${what} (${why}): ${cureOf(account, why)}`);
};

const lockedAccount = ({ metadata }: Account, until: string | undefined): Check => {
  const [end, way] = until === undefined ? ['for good', 'reset'] : [`until ${until}`, 'unlock'];
  const says = `is locked ${end}: somebody may be guessing; change the password, then kubectl twofactor ${way} ${metadata.name}`;
  return warning(`account ${metadata.name}`, says);
};

/** What a login meets by the Secret itself, whatever the status says: the operator may be dead. */
const byVerdict = (account: Account, verdict: Verdict): Check | undefined => {
  const { name } = account.metadata;
  if (verdict.kind === 'enroll' && verdict.enrollmentCode.kind === 'notIssued')
    return warning(`account ${name}`, `can't enrol: no valid enrolment code is issued; kubectl twofactor code ${name}`);
  if (verdict.kind !== 'deny') return undefined;
  if (verdict.reason !== 'Locked') return refusedAccount(account, verdict.reason);
  return lockedAccount(account, verdict.until === undefined ? undefined : formatSeconds(verdict.until));
};

/** The same by what the operator wrote, for who may not read Secrets. */
const byStatus = (account: Account): Check | undefined => {
  const { status = {} } = account;
  if (status.phase === 'Blocked') return refusedAccount(account, conditionOf(status, 'Enforced')?.reason ?? 'unknown');
  return status.phase === 'Locked' ? lockedAccount(account, status.lockedUntil) : undefined;
};

/** What is wrong though nobody is kept out. */
const besides = (account: Account): Check | undefined => {
  const { metadata, status = {} } = account;
  const about = `account ${metadata.name}`;
  const ready = conditionOf(status, 'Ready');
  if (ready?.status === 'False') return warning(about, `${ready.reason}: ${cureOf(account, ready.reason)}`);
  return isBehind(account) ? warning(about, 'a change is not yet taken up by the operator') : undefined;
};

const checkAccount = (account: Account, secrets: Secrets | undefined, now: Instant): Check | undefined => {
  const { metadata, spec, status = {} } = account;
  if (status.phase === undefined)
    return failed(
      `account ${metadata.name}`,
      'the operator has never looked at it: is it alive, and is this namespace named to it?',
    );
  // a rival's Secret is not this account's: only the status tells
  if (!secrets || conditionOf(status, 'Ready')?.reason === 'AddressInUse') return byStatus(account) ?? besides(account);
  const secret = secrets.ours.get(secretNameFor(spec.address) ?? '');
  const record = secret && { type: secretType, annotations: secret.metadata.annotations ?? {} };
  return byVerdict(account, secondFactor(record, now)) ?? besides(account);
};

/** Mailboxes that are refused, and what to do. */
export const checkAccounts = (
  accounts: readonly Account[],
  secrets: Secrets | undefined,
  { namespace, now }: { readonly namespace: string; readonly now: Instant },
): readonly Check[] => {
  const checks = accounts.flatMap((account) => checkAccount(account, secrets, now) ?? []);
  return checks.length > 0 ? checks : [ok('accounts', `${accounts.length} in ${namespace}, none refused`)];
};
