import type { MailAccountStatus } from '../../api/generated/mail-account.ts';
import type { ExchangePlatformStatus } from '../../api/generated/exchange-platform.ts';
import type { AccountFacts, PlatformFacts, SecretFacts } from '../../core/facts.ts';
import { projectAccountStatus } from '../../core/seen/account.ts';
import { intern } from '../../core/seen/intern.ts';
import { Doubts } from './doubts.ts';
import { Gone } from './gone.ts';
import { accountKeyOf, mailboxKeyOf, platformKeyOf } from './keys.ts';
import { KnownPlatforms } from './known-platforms.ts';
import { Tallies } from './tallies.ts';
import type { Tally } from './tally.ts';

/** An account and what this process did about it. */
interface Account {
  facts: AccountFacts;
  readonly mailboxKey: string;
  readonly platformKey: string;
  decidedIn: number | undefined;
}

/** Everything of one address in one namespace. */
interface Mailbox {
  accounts: readonly Account[];
  secret: SecretFacts | undefined;
}

/** Told of every change that a decision may depend on. */
export interface WorldListener {
  /** @param version of the object that was seen; undefined if one is gone and nobody said at which version */
  mailboxChanged(key: string, version: string | undefined): void;
  /** The mailbox is as this process itself has just written it. */
  mailboxWritten(key: string, version: string): void;
  /** `isNewGeneration`: came, went or says something else, so every account of it is to be decided again. */
  platformChanged(key: string, isNewGeneration: boolean): void;
}

/** All that this process knows: a few facts of each object, and who belongs to whom. */
export class World {
  readonly #listener: WorldListener;
  readonly #accounts = new Map<string, Account>();
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #doubts = new Doubts();
  readonly #platforms = new KnownPlatforms(this.#doubts);
  readonly #tallies = new Tallies();
  readonly #gone = new Gone();

  constructor(listener: WorldListener) {
    this.#listener = listener;
  }

  accountsOf(mailboxKey: string): readonly AccountFacts[] {
    return this.#mailboxes.get(mailboxKey)?.accounts.map(({ facts }) => facts) ?? [];
  }

  account(key: string): AccountFacts | undefined {
    return this.#accounts.get(key)?.facts;
  }

  hasMailbox(key: string): boolean {
    return this.#mailboxes.has(key);
  }

  secret(mailboxKey: string): SecretFacts | undefined {
    return this.#mailboxes.get(mailboxKey)?.secret;
  }

  platform(key: string): PlatformFacts | undefined {
    return this.#platforms.get(key);
  }

  tally(platformKey: string): Tally | undefined {
    return this.#tallies.get(platformKey);
  }

  mailboxKeys(): Iterable<string> {
    return this.#mailboxes.keys();
  }

  platformKeys(): Iterable<string> {
    return this.#platforms.keys();
  }

  tallies(): Iterable<readonly [string, Tally]> {
    return this.#tallies.all();
  }

  accounts(): Iterable<AccountFacts> {
    return this.#accounts.values().map(({ facts }) => facts);
  }

  /** The mailboxes to decide again when a platform changes: of its accounts, and the Secrets that such left behind. */
  *mailboxesOfPlatform(namespace: string, name: string): Iterable<string> {
    for (const [key, { accounts, secret }] of this.#mailboxes) {
      if (!key.startsWith(`${namespace}/`)) continue;
      const isOfPlatform =
        accounts.length > 0
          ? accounts.some(({ facts }) => facts.spec.platformRef.name === name)
          : secret?.platformLabel === name;
      if (isOfPlatform) yield key;
    }
  }

  /** An account as read or watched; an older sight of it is none. The key is kept: one text for whoever tells of it and for us. */
  seeAccount(key: string, facts: AccountFacts): void {
    const known = this.#accounts.get(key);
    const { resourceVersion } = facts;
    if (!this.#doubts.isNews(resourceVersion, known?.facts) || this.#gone.hides(key, resourceVersion)) return;
    this.#gone.forget(key);
    const mailboxKey = known?.facts.spec.address === facts.spec.address ? known.mailboxKey : mailboxKeyOf(facts);
    if (known?.mailboxKey === mailboxKey && known.facts.uid === facts.uid) {
      this.#recount(known, () => (known.facts = facts));
    } else {
      if (known) this.#removeAccount(key, known);
      const platformKey = intern(platformKeyOf(facts.namespace, facts.spec.platformRef.name));
      this.#addAccount(key, { facts, mailboxKey, platformKey, decidedIn: undefined });
    }
    this.#listener.mailboxChanged(mailboxKey, resourceVersion);
  }

  /** A consistent read as of this version did not find it. */
  missAccount(key: string, version: string): void {
    if (this.loseAccount(key, version)) this.#gone.note(key, version);
  }

  /**
   * Answers whether that is news.
   *
   * @param version of the deletion, where it is known
   */
  loseAccount(key: string, version?: string): boolean {
    this.#gone.forget(key);
    const known = this.#accounts.get(key);
    if (!known || (version !== undefined && !this.#doubts.isNews(version, known.facts))) return false;
    this.#removeAccount(key, known);
    this.#listener.mailboxChanged(known.mailboxKey, version);
    return true;
  }

  seeSecret(mailboxKey: string, facts: SecretFacts): void {
    const mailbox = this.#mailboxOf(mailboxKey);
    if (!this.#doubts.isNews(facts.resourceVersion, mailbox.secret)) return;
    mailbox.secret = facts;
    this.#listener.mailboxChanged(mailboxKey, facts.resourceVersion);
  }

  loseSecret(mailboxKey: string, version?: string): void {
    const mailbox = this.#mailboxes.get(mailboxKey);
    if (!mailbox?.secret || (version !== undefined && !this.#doubts.isNews(version, mailbox.secret))) return;
    mailbox.secret = undefined;
    this.#dropIfEmpty(mailboxKey, mailbox);
    this.#listener.mailboxChanged(mailboxKey, version);
  }

  seePlatform(facts: PlatformFacts): void {
    const key = platformKeyOf(facts.namespace, facts.name);
    const news = this.#platforms.see(key, facts);
    if (news === 'no news') return;
    if (news === 'newGeneration') this.#tallies.beginRound(key);
    this.#listener.platformChanged(key, news === 'newGeneration');
  }

  /** A consistent read as of this version did not find it. */
  missPlatform(namespace: string, name: string, version: string): void {
    const key = platformKeyOf(namespace, name);
    if (this.#platforms.miss(key, version)) this.#platformWent(key);
  }

  losePlatform(namespace: string, name: string, version?: string): void {
    const key = platformKeyOf(namespace, name);
    if (this.#platforms.lose(key, version)) this.#platformWent(key);
  }

  /** Our own write is known before the watch tells of it, so it is no news then. */
  wroteStatus(before: AccountFacts, version: string, status: MailAccountStatus): void {
    const known = this.#accounts.get(accountKeyOf(before));
    if (known) this.#listener.mailboxWritten(known.mailboxKey, version);
    if (known?.facts !== before) return;
    // Kept as it would be read: the accounts decided in this second share what is said of them.
    const kept = projectAccountStatus(status);
    this.#recount(known, () => (known.facts = { ...before, resourceVersion: version, status: kept }));
  }

  wrotePlatformStatus(before: PlatformFacts, version: string, status: ExchangePlatformStatus): void {
    this.#platforms.wrote(before, version, status);
  }

  /** @param after undefined once it is deleted */
  wroteSecret(mailboxKey: string, before: SecretFacts | undefined, after: SecretFacts | undefined): void {
    if (after) this.#listener.mailboxWritten(mailboxKey, after.resourceVersion);
    const mailbox = this.#mailboxOf(mailboxKey);
    if (mailbox.secret === before) mailbox.secret = after;
    this.#dropIfEmpty(mailboxKey, mailbox);
  }

  /** The account was decided in this round of its platform. */
  decided(key: string, round: number | undefined): void {
    const known = this.#accounts.get(key);
    if (known) this.#recount(known, () => (known.decidedIn = round));
  }

  /** Storage went back in time: whatever is read next is news. */
  forgetVersions(): void {
    for (const { facts } of this.#accounts.values()) this.#doubts.add(facts);
    for (const { secret } of this.#mailboxes.values()) if (secret) this.#doubts.add(secret);
    this.#platforms.doubt();
    this.#gone.clear();
  }

  #platformWent(key: string): void {
    this.#tallies.endRound(key);
    this.#listener.platformChanged(key, true);
  }

  #addAccount(key: string, account: Account): void {
    this.#accounts.set(key, account);
    const mailbox = this.#mailboxOf(account.mailboxKey);
    // An array that grows, by push or spread, keeps room for sixteen more, and nearly all hold one.
    mailbox.accounts = mailbox.accounts.concat(account);
    this.#tallies.add(account);
  }

  #removeAccount(key: string, account: Account): void {
    this.#accounts.delete(key);
    const mailbox = this.#mailboxOf(account.mailboxKey);
    mailbox.accounts = mailbox.accounts.filter((other) => other !== account);
    this.#dropIfEmpty(account.mailboxKey, mailbox);
    this.#tallies.remove(account);
    this.#listener.platformChanged(account.platformKey, false);
  }

  #recount(account: Account, change: () => void): void {
    this.#tallies.remove(account);
    change();
    this.#tallies.add(account);
  }

  #mailboxOf(key: string): Mailbox {
    let mailbox = this.#mailboxes.get(key);
    if (!mailbox) this.#mailboxes.set(key, (mailbox = { accounts: [], secret: undefined }));
    return mailbox;
  }

  #dropIfEmpty(key: string, { accounts, secret }: Mailbox): void {
    if (accounts.length === 0 && !secret) this.#mailboxes.delete(key);
  }
}
