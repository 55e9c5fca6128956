import type { ExchangePlatformSpec } from '../../../../src/api/generated/exchange-platform.ts';
import type { MailAccountStatus, MailAccountTwoFactor } from '../../../../src/api/generated/mail-account.ts';
import { secretType } from '../../../../src/api/names.ts';
import type { Annotations, SecretRecord } from '../../../../src/api/record.ts';
import type { SecretAct } from '../../../../src/core/decision.ts';
import type { AccountFacts, PlatformFacts, SecretFacts } from '../../../../src/core/facts.ts';
import { account, platform } from '../given.ts';
import { secretAfter } from '../applied.ts';

/** A Secret with its data: a seed is a number here, so that two can be told apart. */
export interface StoredSecret {
  readonly facts: SecretFacts;
  readonly seed: number | undefined;
}

/** One consistent sight of everything: what a watch cache holds, at best. */
export interface View {
  readonly accounts: readonly AccountFacts[];
  readonly platform: PlatformFacts | undefined;
  readonly secret: StoredSecret | undefined;
}

export type TwoFactorOfPlatform = ExchangePlatformSpec['twoFactor'];

/** An API server that holds one platform, the accounts of one address and their Secret, with compare-and-swap. */
export class Server {
  now: number;
  #version = 100;
  #seeds = 0;
  #view: View = { accounts: [], platform: undefined, secret: undefined };
  backup: StoredSecret | undefined;
  /** Writes by the operator since it was last set to 0. */
  writes = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** How many were ever minted. */
  get seeds(): number {
    return this.#seeds;
  }

  get view(): View {
    return this.#view;
  }

  get record(): SecretRecord | undefined {
    const secret = this.#view.secret;
    return secret && { type: secretType, annotations: secret.facts.annotations };
  }

  putPlatform(twoFactor: TwoFactorOfPlatform): void {
    const before = this.#view.platform;
    const generation = (before?.generation ?? 0) + 1;
    const facts = platform(twoFactor, {
      generation,
      resourceVersion: this.#nextVersion(),
      status: before?.status ?? {},
    });
    this.#view = { ...this.#view, platform: { ...facts, spec: { ...facts.spec, twoFactor } } };
  }

  deletePlatform(): void {
    this.#view = { ...this.#view, platform: undefined };
  }

  /** `undefined`: as a person applies it without spec.twoFactor. */
  putAccount(name: string, twoFactor: MailAccountTwoFactor | undefined): void {
    const before = this.#view.accounts.find((each) => each.name === name);
    const fresh = { name, uid: `uid-of-${name}-${this.now}`, createdAt: new Date(this.now).toISOString() };
    const generation = (before?.generation ?? 0) + 1;
    const { createdAt, uid, status } = before ?? { ...fresh, status: { observedGeneration: -1 } };
    const facts = account(twoFactor, {
      name,
      uid,
      createdAt,
      status,
      generation,
      resourceVersion: this.#nextVersion(),
    });
    this.#view = { ...this.#view, accounts: [...this.#others(name), facts] };
  }

  deleteAccount(name: string): void {
    this.#view = { ...this.#view, accounts: this.#others(name) };
  }

  /** By hand, by a backup tool, or by the login: whoever may. */
  putSecret(secret: StoredSecret | undefined): void {
    const facts = secret && { ...secret.facts, resourceVersion: this.#nextVersion() };
    this.#view = { ...this.#view, secret: secret && facts && { facts, seed: secret.seed } };
  }

  annotateSecret(change: (annotations: Annotations) => Annotations): void {
    const { secret } = this.#view;
    if (secret)
      this.putSecret({ ...secret, facts: { ...secret.facts, annotations: change(secret.facts.annotations) } });
  }

  /** A write by the operator that saw this version, or that there was none. False: it is another by now. */
  actOnSecret(seen: SecretFacts | undefined, act: SecretAct): boolean {
    const { secret } = this.#view;
    if (seen?.resourceVersion !== secret?.facts.resourceVersion) return false;
    this.writes += 1;
    const facts = secretAfter(secret?.facts, act);
    const isMinted = 'seed' in act;
    const isKept = act.kind === 'annotate' || act.kind === 'orphan';
    const seed = isMinted ? (this.#seeds += 1) : isKept ? secret?.seed : undefined;
    this.putSecret(facts && { facts, seed });
    return true;
  }

  writeStatus({ name, resourceVersion }: AccountFacts, status: MailAccountStatus): boolean {
    const stored = this.#view.accounts.find((each) => each.name === name);
    if (stored?.resourceVersion !== resourceVersion) return false;
    this.writes += 1;
    this.putStatus(name, status);
    return true;
  }

  putStatus(name: string, status: MailAccountStatus): void {
    const accounts = this.#view.accounts.map((each) =>
      each.name === name ? { ...each, status, resourceVersion: this.#nextVersion() } : each,
    );
    this.#view = { ...this.#view, accounts };
  }

  #others(name: string): readonly AccountFacts[] {
    return this.#view.accounts.filter((each) => each.name !== name);
  }

  #nextVersion(): string {
    return `${(this.#version += 1)}`;
  }
}
