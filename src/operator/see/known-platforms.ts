import type { ExchangePlatformStatus } from '../../api/generated/exchange-platform.ts';
import type { PlatformFacts } from '../../core/facts.ts';
import type { Doubts } from './doubts.ts';
import { Gone } from './gone.ts';
import { platformKeyOf } from './keys.ts';

/** The platforms by their keys. */
export class KnownPlatforms {
  readonly #platforms = new Map<string, PlatformFacts>();
  readonly #gone = new Gone();
  readonly #doubts: Doubts;

  constructor(doubts: Doubts) {
    this.#doubts = doubts;
  }

  get(key: string): PlatformFacts | undefined {
    return this.#platforms.get(key);
  }

  keys(): Iterable<string> {
    return this.#platforms.keys();
  }

  /** `newGeneration`: it came, or says something else. */
  see(key: string, facts: PlatformFacts): 'no news' | 'touched' | 'newGeneration' {
    const known = this.#platforms.get(key);
    const { resourceVersion } = facts;
    if (!this.#doubts.isNews(resourceVersion, known) || this.#gone.hides(key, resourceVersion)) return 'no news';
    this.#gone.forget(key);
    this.#platforms.set(key, facts);
    return known?.generation === facts.generation && known.uid === facts.uid ? 'touched' : 'newGeneration';
  }

  /** Answers whether that is news. */
  lose(key: string, version?: string): boolean {
    this.#gone.forget(key);
    const known = this.#platforms.get(key);
    if (!known || (version !== undefined && !this.#doubts.isNews(version, known))) return false;
    return this.#platforms.delete(key);
  }

  wrote(before: PlatformFacts, version: string, status: ExchangePlatformStatus): void {
    const key = platformKeyOf(before.namespace, before.name);
    if (this.#platforms.get(key) === before) this.#platforms.set(key, { ...before, resourceVersion: version, status });
  }

  /** A consistent read as of this version did not find it; answers whether that is news. */
  miss(key: string, version: string): boolean {
    const isNews = this.lose(key, version);
    if (isNews) this.#gone.note(key, version);
    return isNews;
  }

  /** Storage went back in time. */
  doubt(): void {
    for (const facts of this.#platforms.values()) this.#doubts.add(facts);
    this.#gone.clear();
  }
}
