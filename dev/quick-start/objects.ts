import type { ExchangePlatformStatus } from '../../src/api/generated/exchange-platform.ts';
import type { MailAccountSpec, MailAccountStatus } from '../../src/api/generated/mail-account.ts';
import { accountsResource, group, platformsResource, secretNameFor } from '../../src/api/names.ts';
import { phases, type Phase } from '../../src/api/phases.ts';
import type { Annotations } from '../../src/api/record.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { orThrow, type Result } from '../../src/kube/client/errors.ts';
import { type KubeObject, secretsResource, type Stored } from '../../src/kube/client/resource.ts';
import { until } from './until.ts';

export interface Account extends KubeObject {
  readonly spec: MailAccountSpec;
  readonly status?: MailAccountStatus;
}

export interface Platform extends KubeObject {
  readonly status?: ExchangePlatformStatus;
}

/** How long the operator may take; it takes milliseconds, and the platform's counts ten seconds at most. */
const timeoutMs = 30_000;

/** Whether the operator has said what it found at the object's present generation. */
const isObserved = ({
  metadata,
  status,
}: KubeObject & { readonly status?: { readonly observedGeneration?: number } }) =>
  status?.observedGeneration === metadata.generation;

/** What the API server has of one namespace, as the administrator sees it. */
export class Objects {
  readonly #client: Client;
  readonly #namespace: string;
  readonly #signal: AbortSignal;

  constructor(client: Client, namespace: string, signal: AbortSignal) {
    this.#client = client;
    this.#namespace = namespace;
    this.#signal = signal;
  }

  async accounts(): Promise<readonly Stored<Account>[]> {
    return orThrow(await this.#client.list<Account>(accountsResource, { namespace: this.#namespace })).items;
  }

  async platforms(): Promise<readonly Stored<Platform>[]> {
    return orThrow(await this.#client.list<Platform>(platformsResource, { namespace: this.#namespace })).items;
  }

  /** Waits until an account is in a phase at its present generation, and meets whatever else is asked. */
  async account(name: string, phase: Phase, also: (account: Account) => boolean = () => true): Promise<Account> {
    let last = 'nothing';
    return until(
      `${name} is ${phase}`,
      async () => {
        const ref = { namespace: this.#namespace, name };
        const account = orThrow(await this.#client.get<Account>(accountsResource, ref));
        last = isObserved(account) ? (account.status?.phase ?? 'no phase') : 'an older generation';
        return isObserved(account) && account.status?.phase === phase && also(account) ? account : undefined;
      },
      { timeoutMs, signal: this.#signal, seen: () => last },
    );
  }

  /** Waits until the operator has decided about every account as it is now. */
  async observed(): Promise<void> {
    const look = async () => (await this.accounts()).every(isObserved) || undefined;
    await until('every account is at its generation', look, { timeoutMs, signal: this.#signal });
  }

  /** Waits until every object is at its generation, and the platforms' counts are those of their accounts. */
  async settled(): Promise<void> {
    await until(
      'every object is at its generation',
      async () => {
        const [accounts, platforms] = await Promise.all([this.accounts(), this.platforms()]);
        const counted = platforms.every((platform) => countsOf(platform) === countsIn(accounts, platform));
        return ([...accounts, ...platforms].every(isObserved) && counted) || undefined;
      },
      { timeoutMs, signal: this.#signal },
    );
  }

  /** The annotations of an account's Secret, without our prefix; never its data. */
  async secretAnnotations(address: string): Promise<Annotations> {
    const ref = { namespace: this.#namespace, name: secretNameFor(address) ?? '' };
    const found: Result<KubeObject> = await this.#client.get(secretsResource, ref, { metadataOnly: true });
    if (!found.ok && found.error.kind === 'notFound') return {};
    const prefix = `${group}/`;
    const entries = Object.entries(orThrow(found).metadata.annotations ?? {}).filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]));
  }
}

function countsOf({ status }: Platform): string {
  return phases.map((phase) => status?.accounts?.[phase.toLowerCase() as Lowercase<Phase>]).join();
}

function countsIn(accounts: readonly Account[], { metadata }: Platform): string {
  const own = accounts.filter(({ spec }) => spec.platformRef.name === metadata.name);
  return phases.map((phase) => own.filter(({ status }) => status?.phase === phase).length).join();
}
