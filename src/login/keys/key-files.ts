import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ringOf } from './key-ring.ts';
import { type Key, KeyError, keyPurposes, type KeyPurpose, type KeyRing, type Keys, type SigningKey } from './keys.ts';

const secretBytes = 32;

/** The newest becomes active, so what has no date, as a copy that an editor or a person left, must not pass for it. */
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

/** Node's messages name the file and what is wrong with it, never its content. */
const unreadable = (directory: string, error: Error): Error => {
  if (error instanceof KeyError) return error;
  const isNone = 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
  return new KeyError(
    isNone
      ? `${directory}: a directory with a file ${keyPurposes.join('-DATE, ')}-DATE is expected; ${error.message}`
      : `the keys cannot be read: ${error.message}`,
  );
};

/**
 * Reads the keys of a directory. The newest is the last by name, as names carry a date.
 *
 * @param ageOf for how long a key has been there, by its name and when its file was written (Unix milliseconds)
 */
export const readKeys = async (
  directory: string,
  nowMs: number,
  ageOf: (kid: string, writtenMs: number) => number,
): Promise<Keys> => {
  const files = await filesOf(directory).catch((error: unknown) => {
    if (!(error instanceof Error)) throw error;
    throw unreadable(directory, error);
  });
  const of = <K extends Key>(purpose: KeyPurpose, make: (kid: string, text: string) => K): KeyRing<K> =>
    ringOf(
      purpose,
      files
        .filter(({ kid }) => kid.startsWith(`${purpose}-`))
        .map(({ kid, text, writtenMs }) => ({ key: make(kid, text), ageMs: ageOf(kid, writtenMs) })),
      nowMs,
    );
  return {
    signing: of('signing', signingKey),
    session: of('session', secretKey),
    device: of('device', secretKey),
    attempt: of('attempt', secretKey),
  };
};
