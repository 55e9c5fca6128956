import type { SecretRecord } from '../api/record.ts';
import type { Note } from './notes.ts';
import type { Problem } from './problems.ts';
import type { SeedState } from './seed.ts';

/** Why no second factor is asked for where the record says `off`. */
export type OffReason = 'Removed' | 'PlatformDisabled' | 'DisabledByDefault';

/** The Secret is another's: it says nothing of this account's seed, and what the status remembers stands. */
interface AnothersSeed {
  readonly kind: 'anothers';
}

/** What the status is made from, beside the account itself. */
export interface Findings {
  /** What a login will read once the act is done; undefined: nothing, or nothing that is this account's. */
  readonly record: SecretRecord | undefined;
  /** The seed as it is once the act is done. */
  readonly seed: SeedState | AnothersSeed;
  /** In order: Ready names the first. */
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** Undefined while the platform is unknown: then the last reason stands. */
  readonly offReason: OffReason | undefined;
  /** Of the account's Secret; undefined where it holds none: it is another's, or the address has none. */
  readonly secretName: string | undefined;
}
