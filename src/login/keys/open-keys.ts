import { formatSeconds } from '../../api/instants.ts';
import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import { readKeys } from './key-files.ts';
import { isToCome } from './key-ring.ts';
import type { Key, KeyPurpose, KeyRing, Keys, KeyStore } from './keys.ts';

const rereadMs = 30_000;
const soonestMs = 1_000;

/** Which keys there are and which one is active, by name; never a key. */
const namesOf = (keys: Keys): Readonly<Record<KeyPurpose, { readonly active: string; readonly all: string[] }>> => {
  const of = ({ active, all }: KeyRing) => ({ active: active.kid, all: all.map(({ kid }) => kid) });
  const { signing, session, device, attempt } = keys;
  return { signing: of(signing), session: of(session), device: of(device), attempt: of(attempt) };
};

const allOf = ({ signing, session, device, attempt }: Keys): readonly Key[] =>
  [signing, session, device, attempt].flatMap(({ all }): readonly Key[] => all);

const toComeText =
  'this key checks, and makes nothing before its date has come, unless no other is known everywhere; if the date is a mistake, name the file after the day on which it was made';

/** Tells which keys there are, as often as that changes. */
const teller = (clock: Clock, log: Log): ((keys: Keys) => void) => {
  let told = '';
  return (keys) => {
    const names = namesOf(keys);
    const text = JSON.stringify(names);
    if (text === told) return;
    told = text;
    log.info({ keys: names }, 'keys');
    const nowMs = clock.now();
    for (const key of allOf(keys))
      if (isToCome(key, nowMs)) log.warn({ key: key.kid, now: formatSeconds(nowMs) }, toComeText);
  };
};

/** A kubelet writes all files anew when one is added: what this process has seen before is no news. */
const ager = (clock: Clock): ((kid: string, writtenMs: number) => number) => {
  const seenSinceMs = new Map<string, number>();
  return (kid, writtenMs) => {
    const nowMs = clock.monotonic();
    const sinceMs = seenSinceMs.get(kid) ?? nowMs;
    seenSinceMs.set(kid, sinceMs);
    return Math.max(clock.now() - writtenMs, nowMs - sinceMs);
  };
};

/** Keys that are read again and again. What can't be read is logged, and what was read before stays. */
class KeptKeys implements KeyStore {
  readonly reads = { succeeded: 1, failed: 0 };
  readonly #read: () => Promise<Keys>;
  readonly #clock: Clock;
  readonly #log: Log;
  #keys: Keys;
  #readAtMs: number;
  #cancel = (): void => {};

  constructor(first: Keys, read: () => Promise<Keys>, clock: Clock, log: Log) {
    this.#keys = first;
    this.#read = read;
    this.#clock = clock;
    this.#log = log;
    this.#readAtMs = clock.monotonic();
    this.#readLater();
  }

  current(): Keys {
    return this.#keys;
  }

  async find<Purpose extends KeyPurpose>(purpose: Purpose, kid: string): Promise<Keys[Purpose]['active'] | undefined> {
    const known = this.#known(purpose, kid);
    const isTooSoon = this.#clock.monotonic() - this.#readAtMs < soonestMs;
    if (known || !kid.startsWith(`${purpose}-`) || isTooSoon) return known;
    await this.#readAgain();
    return this.#known(purpose, kid);
  }

  close(): void {
    this.#cancel();
  }

  #known<Purpose extends KeyPurpose>(purpose: Purpose, kid: string): Keys[Purpose]['active'] | undefined {
    const all: readonly Keys[Purpose]['active'][] = this.#keys[purpose].all;
    return all.find((each) => each.kid === kid);
  }

  #readLater(): void {
    this.#cancel = this.#clock.after(rereadMs, () => void this.#readAgain().then(() => this.#readLater()));
  }

  async #readAgain(): Promise<void> {
    this.#readAtMs = this.#clock.monotonic();
    try {
      this.#keys = await this.#read();
      this.reads.succeeded += 1;
    } catch (error) {
      this.reads.failed += 1;
      const message = error instanceof Error ? error.message : 'unknown';
      this.#log.error({ error: message }, 'keys kept: cannot read them anew');
    }
  }
}

/**
 * Opens a directory of keys and keeps up with it: rotation is adding a file, and later removing the old one.
 *
 * @throws KeyError if the directory has no good key for each purpose to begin with
 */
export const openKeys = async (options: {
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<KeyStore> => {
  const { directory, clock, log } = options;
  const [ageOf, tell] = [ager(clock), teller(clock, log)];
  const read = async (): Promise<Keys> => {
    const keys = await readKeys(directory, clock.now(), ageOf);
    tell(keys);
    return keys;
  };
  return new KeptKeys(await read(), read, clock, log);
};
