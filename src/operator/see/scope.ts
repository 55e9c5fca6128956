import { secretType, accountsResource, platformsResource } from '../../api/names.ts';
import type { PlatformFacts, SecretFacts, AccountFacts } from '../../core/facts.ts';
import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { Random } from '../../host/random.ts';
import type { Client } from '../../kube/client/client.ts';
import { createReflector } from '../../kube/reflector/reflector.ts';
import type { Reflector, ReflectorHandlers } from '../../kube/reflector/options.ts';
import type { KubeError } from '../../kube/client/errors.ts';
import { refOf, secretsResource, type Resource } from '../../kube/client/resource.ts';
import type { Tripwire } from '../../kube/client/tripwire.ts';
import { projectAccount } from '../../core/seen/account.ts';
import type { ExchangePlatform, MailAccount } from './objects.ts';
import { projectPlatform } from '../../core/seen/platform.ts';
import { projectSecret } from '../../core/seen/secret.ts';
import { remedyFor } from './remedy.ts';
import type { World } from './world.ts';

export interface ScopeOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly tripwire: Tripwire;
  readonly world: World;
  /** Absent: all namespaces. */
  readonly namespace: string | undefined;
  /** All three kinds are known, so decisions can be made: at the start, and again after each new reading of all. */
  readonly onReady: (scope: Scope) => void;
}

const kinds = ['platforms', 'accounts', 'secrets'] as const;
type Kind = (typeof kinds)[number];

const resources: Readonly<Record<Kind, Resource>> = {
  platforms: platformsResource,
  accounts: accountsResource,
  secrets: secretsResource,
};

/** The eyes on one namespace, or on all: three watches that keep the world up to date. */
export class Scope {
  readonly namespace: string | undefined;
  readonly reflectors: Readonly<Record<Kind, Reflector>>;
  readonly #options: ScopeOptions;
  readonly #synced = new Set<Kind>();

  constructor(options: ScopeOptions) {
    this.#options = options;
    this.namespace = options.namespace;
    const { client, clock, random, log, tripwire, namespace } = options;
    const shared = { client, clock, random, log, tripwire, ...(namespace !== undefined && { namespace }) };
    const watched = (kind: Kind) => ({
      resource: resources[kind],
      remedy: (error: KubeError) => remedyFor(resources[kind], namespace, error),
    });
    this.reflectors = {
      platforms: createReflector<PlatformFacts | undefined, ExchangePlatform>({
        ...shared,
        ...watched('platforms'),
        project: projectPlatform,
        handlers: this.#platformHandlers(),
      }),
      accounts: createReflector<AccountFacts | undefined, MailAccount>({
        ...shared,
        ...watched('accounts'),
        project: projectAccount,
        handlers: this.#accountHandlers(),
      }),
      secrets: createReflector<SecretFacts>({
        ...shared,
        ...watched('secrets'),
        fieldSelector: `type=${secretType}`,
        metadataOnly: true,
        project: projectSecret,
        handlers: this.#secretHandlers(),
      }),
    };
  }

  /** Whether decisions can be made: all three kinds were read whole. Short interruptions of a watch don't end it. */
  get isReady(): boolean {
    return this.#synced.size === kinds.length;
  }

  /** The API server lets something of it not be seen: the Role is missing, or the namespace itself. */
  get isForbidden(): boolean {
    return kinds.some((kind) => this.reflectors[kind].status().trouble?.kind === 'forbidden');
  }

  /** What stands in the way of deciding or of going on to see, and what helps, in words. */
  notReady(): readonly string[] {
    return kinds.flatMap((kind) => {
      const { trouble } = this.reflectors[kind].status();
      const remedy = trouble && remedyFor(resources[kind], this.namespace, trouble);
      if (this.#synced.has(kind) && remedy === undefined) return [];
      const said = [trouble?.text ?? 'not read yet', remedy].filter((text) => text !== undefined);
      return [`${kind} in ${this.namespace ?? 'all namespaces'}: ${said.join('; ')}`];
    });
  }

  covers(namespace: string): boolean {
    return this.namespace === undefined || this.namespace === namespace;
  }

  start(): void {
    for (const reflector of Object.values(this.reflectors)) reflector.start();
  }

  /** Not ready from now on until all three kinds have been read once more. */
  readAnew(): void {
    this.#synced.clear();
    for (const reflector of Object.values(this.reflectors)) reflector.readAnew();
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.reflectors).map((reflector) => reflector.stop()));
  }

  #syncHandlers(kind: Kind): Pick<ReflectorHandlers<unknown>, 'onSynced' | 'onStorageWentBack'> & object {
    return {
      onSynced: () => {
        const wasReady = this.isReady;
        this.#synced.add(kind);
        if (!this.isReady || wasReady) return;
        this.#tellReady();
        this.#options.onReady(this);
      },
      onStorageWentBack: () => this.#synced.delete(kind),
    };
  }

  #tellReady(): void {
    const sizes = Object.fromEntries(kinds.map((kind) => [kind, this.reflectors[kind].status().size]));
    const isEmpty = Object.values(sizes).every((size) => size === 0);
    // Whoever may read everything is not told that a namespace does not exist.
    const message = isEmpty ? "synced, and there is nothing yet: is the namespace's name right?" : 'synced';
    this.#options.log.info({ namespace: this.namespace ?? 'all', ...sizes }, message);
  }

  #platformHandlers(): ReflectorHandlers<PlatformFacts | undefined> {
    const { world } = this.#options;
    const lose = (key: string, version?: string): void => {
      const { namespace = '', name } = refOf(key);
      world.losePlatform(namespace, name, version);
    };
    return {
      ...this.#syncHandlers('platforms'),
      onUpsert: (key, facts, version) => (facts ? world.seePlatform(facts) : lose(key, version)),
      onDelete: lose,
    };
  }

  #accountHandlers(): ReflectorHandlers<AccountFacts | undefined> {
    const { world } = this.#options;
    return {
      ...this.#syncHandlers('accounts'),
      onUpsert: (key, facts, version) => (facts ? world.seeAccount(key, facts) : world.loseAccount(key, version)),
      onDelete: (key, version) => world.loseAccount(key, version),
    };
  }

  #secretHandlers(): ReflectorHandlers<SecretFacts> {
    const { world } = this.#options;
    return {
      ...this.#syncHandlers('secrets'),
      onUpsert: (key, facts) => world.seeSecret(key, facts),
      onDelete: (key, version) => world.loseSecret(key, version),
    };
  }
}
