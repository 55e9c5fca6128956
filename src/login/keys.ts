import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { InputError } from '../host/options.ts';

/** What keys are for: the first part of a file's name, as in `signing-2026-11-25`. */
const keyPurposes = ['signing', 'session', 'device', 'attempt'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** One key. `kid` is the file's name. */
export interface Key {
  readonly kid: string;
  /** Signing: the private key (P-256, for ES256). Others: 32 secret bytes. */
  readonly key: KeyObject;
}

export interface SigningKey extends Key {
  /** For the JWKS: public members with `kid`, `alg` and `use`. */
  readonly publicJwk: PublicJwk;
}

export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

/** The keys of one purpose: one makes, all check. */
export interface KeyRing<K extends Key = Key> {
  /** The newest that every replica and relying party knows by now. */
  readonly making: K;
  /** Newest first. */
  readonly all: readonly K[];
}

export interface Keys {
  /** id_tokens, ES256. */
  readonly signing: KeyRing<SigningKey>;
  /** Encrypts page sessions (A256GCM). */
  readonly session: KeyRing;
  /** MACs device tokens (HMAC-SHA-256). */
  readonly device: KeyRing;
  /** Makes attempt ids (HMAC-SHA-256). */
  readonly attempt: KeyRing;
}

/** A directory of keys that may gain and lose files while the process runs. */
export interface KeyStore {
  current(): Keys;
  /** The key of that name, for checking what it made; the directory is read again if it is not known, at most once a second. */
  find<Purpose extends KeyPurpose>(purpose: Purpose, kid: string): Promise<Keys[Purpose]['making'] | undefined>;
  close(): void;
}

/** A file that is no key; the message says which, what it must be and how to make it. Never what it contains. */
export class KeyError extends InputError {
  override readonly name = 'KeyError';
}

const rereadMs = 30_000;
/**
 * A key makes nothing before its file is so old: until then another replica may lack the file (a kubelet brings it within
 * two minutes, and it is read within half a minute), or a relying party's copy of our public keys may.
 */
const knownEverywhereMs = 600_000;
const soonestMs = 1_000;
const secretBytes = 32;

/** The newest makes, so what has no date, as a copy that an editor or a person left, must not pass for it. */
const fileName = /^(signing|session|device|attempt)-\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(-[1-9]|[a-z])?$/;

const signingKey = (kid: string, text: string): SigningKey => {
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    throw new KeyError(
      `${kid}: not a private key in PEM; make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`,
    );
  }
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) {
    throw new KeyError(`${kid}: a signing key is on the curve P-256, for ES256`);
  }
  return { kid, key, publicJwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } };
};

const secretKey = (kid: string, text: string): Key => {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== secretBytes) {
    throw new KeyError(`${kid}: not ${secretBytes} bytes in base64; make one: openssl rand -base64 ${secretBytes}`);
  }
  return { kid, key: createSecretKey(bytes) };
};

/**
 * Where no key is old enough, as in a new replica, the one before the newest is known best.
 *
 * @param keys newest first
 */
const ringOf = <K extends Key>(
  purpose: KeyPurpose,
  keys: readonly { readonly key: K; readonly ageMs: number }[],
): KeyRing<K> => {
  const { key: making } = keys.find(({ ageMs }) => ageMs >= knownEverywhereMs) ?? keys[1] ?? keys[0] ?? {};
  if (!making) throw new KeyError(`no key for ${purpose}: a file ${purpose}-DATE is missing`);
  return { making, all: keys.map(({ key }) => key) };
};

interface KeyFile {
  readonly kid: string;
  readonly text: string;
  readonly writtenMs: number;
}

/** The files of a directory by name, newest first. */
const filesOf = async (directory: string): Promise<readonly KeyFile[]> => {
  // A mounted Secret has `..data` and the like beside its files.
  const names = (await readdir(directory))
    .filter((name) => !name.startsWith('.'))
    .toSorted()
    .toReversed();
  const stranger = names.find((name) => !fileName.test(name));
  if (stranger !== undefined) {
    throw new KeyError(
      `${stranger}: not the name of a key; names are ${keyPurposes.join('-, ')}- and a date, as in signing-2026-11-25; the second of a day is signing-2026-11-25-2`,
    );
  }
  return Promise.all(
    names.map(async (kid) => {
      const file = join(directory, kid);
      return { kid, text: await readFile(file, 'utf8'), writtenMs: (await stat(file)).mtimeMs };
    }),
  );
};

/**
 * Reads the keys of a directory. The newest is the last by name, as names carry a date.
 *
 * @param ageOf for how long a key has been there, by its name and when its file was written (Unix milliseconds)
 */
export const readKeys = async (directory: string, ageOf: (kid: string, writtenMs: number) => number): Promise<Keys> => {
  const files = await filesOf(directory).catch((error: unknown) => {
    // Node's messages name the file and what is wrong with it, never its content.
    if (!(error instanceof Error) || error instanceof KeyError) throw error;
    throw new KeyError(`the keys cannot be read: ${error.message}`);
  });
  const of = <K extends Key>(purpose: KeyPurpose, make: (kid: string, text: string) => K): KeyRing<K> =>
    ringOf(
      purpose,
      files
        .filter(({ kid }) => kid.startsWith(`${purpose}-`))
        .map(({ kid, text, writtenMs }) => ({ key: make(kid, text), ageMs: ageOf(kid, writtenMs) })),
    );
  return {
    signing: of('signing', signingKey),
    session: of('session', secretKey),
    device: of('device', secretKey),
    attempt: of('attempt', secretKey),
  };
};

/** Which keys there are and which one makes, by name; never a key. */
const namesOf = (keys: Keys): Readonly<Record<KeyPurpose, { readonly makes: string; readonly all: string[] }>> => {
  const of = ({ making, all }: KeyRing) => ({ makes: making.kid, all: all.map(({ kid }) => kid) });
  const { signing, session, device, attempt } = keys;
  return { signing: of(signing), session: of(session), device: of(device), attempt: of(attempt) };
};

/** Tells which keys there are, as often as that changes. */
const teller = (log: Log): ((keys: Keys) => void) => {
  let told = '';
  return (keys) => {
    const names = namesOf(keys);
    const text = JSON.stringify(names);
    if (text === told) return;
    told = text;
    log.info({ keys: names }, 'keys');
  };
};

/**
 * Opens a directory of keys and keeps up with it: rotation is adding a file, and later removing the old one. What can't
 * be read later is logged, and the keys that were read before stay.
 *
 * @throws KeyError if the directory has no good key for each purpose to begin with
 */
export const openKeys = async (options: {
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<KeyStore> => {
  const { directory, clock, log } = options;
  const seenSinceMs = new Map<string, number>();
  // A kubelet writes all files anew when one is added: what this process has seen before is no news.
  const ageOf = (kid: string, writtenMs: number): number => {
    const nowMs = clock.monotonic();
    const sinceMs = seenSinceMs.get(kid) ?? nowMs;
    seenSinceMs.set(kid, sinceMs);
    return Math.max(clock.now() - writtenMs, nowMs - sinceMs);
  };
  const tell = teller(log);
  let keys = await readKeys(directory, ageOf);
  tell(keys);
  let readAtMs = clock.monotonic();
  let cancel = (): void => {};
  const reread = async (): Promise<void> => {
    readAtMs = clock.monotonic();
    try {
      keys = await readKeys(directory, ageOf);
      tell(keys);
    } catch (error) {
      log.error({ error: error instanceof Error ? error.message : 'unknown' }, 'keys kept: cannot read them anew');
    }
  };
  const again = (): void => {
    cancel = clock.after(rereadMs, () => void reread().then(again));
  };
  again();
  const known = <Purpose extends KeyPurpose>(purpose: Purpose, kid: string) =>
    (keys[purpose].all as readonly Keys[Purpose]['making'][]).find((each) => each.kid === kid);
  return {
    current: () => keys,
    find: async (purpose, kid) => {
      const found = known(purpose, kid);
      if (found || !kid.startsWith(`${purpose}-`) || clock.monotonic() - readAtMs < soonestMs) return found;
      await reread();
      return known(purpose, kid);
    },
    close: () => cancel(),
  };
};
