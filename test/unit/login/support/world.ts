import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Log, type LogFields } from '../../../../src/host/log.ts';
import { type Clock } from '../../../../src/host/clock.ts';
import { systemRandom } from '../../../../src/host/random.ts';
import { type LoginConfig, parseConfig, type PublicKey } from '../../../../src/login/config.ts';
import { type Key, type KeyPurpose, type Keys, type KeyStore, type SigningKey } from '../../../../src/login/keys.ts';
import { createLoginProgram, type LoginProgram } from '../../../../src/login/program.ts';
import { dataOf } from '../tables/codes.ts';
import { annotations, now, type Short } from '../tables/record.ts';
import { MemoryServer } from './memory-server.ts';

/** A clock that a test sets; whoever waits is woken at once, and finds that the time has passed. */
class TestClock implements Clock {
  nowMs = now;
  #skippedMs = 0;
  now(): number {
    return this.nowMs;
  }
  monotonic(): number {
    return performance.now() + this.#skippedMs;
  }
  after(delayMs: number, wake: () => void): () => void {
    const immediate = setImmediate(() => {
      this.#skippedMs += delayMs;
      wake();
    });
    return () => clearImmediate(immediate);
  }
}

const signingKey = (kid: string): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const key = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return { kid, key, publicJwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } };
};

const secretKey = (kid: string): Key => ({ kid, key: createSecretKey(systemRandom.bytes(32)) });

/** Keys in memory; `rotate` adds a newer one. */
class TestKeys implements KeyStore {
  #keys: Keys;

  constructor() {
    const ring = (purpose: KeyPurpose) => {
      const key = secretKey(`${purpose}-1`);
      return { newest: key, all: [key] };
    };
    const signing = signingKey('signing-1');
    this.#keys = {
      signing: { newest: signing, all: [signing] },
      session: ring('session'),
      device: ring('device'),
      attempt: ring('attempt'),
    };
  }

  current(): Keys {
    return this.#keys;
  }

  find<Purpose extends KeyPurpose>(purpose: Purpose, kid: string): Promise<Keys[Purpose]['newest'] | undefined> {
    const all: readonly Keys[Purpose]['newest'][] = this.#keys[purpose].all;
    return Promise.resolve(all.find((each) => each.kid === kid));
  }

  rotate(purpose: 'session' | 'device' | 'attempt'): void {
    const { all } = this.#keys[purpose];
    const key = secretKey(`${purpose}-${all.length + 1}`);
    this.#keys = { ...this.#keys, [purpose]: { newest: key, all: [key, ...all] } };
  }

  close(): void {
    // Nothing runs.
  }
}

/** Keeps what is logged. */
export class KeptLog implements Log {
  readonly lines: { readonly level: string; readonly fields: LogFields; readonly message: string }[] = [];
  debug = (fields: LogFields, message: string): void => void this.lines.push({ level: 'debug', fields, message });
  info = (fields: LogFields, message: string): void => void this.lines.push({ level: 'info', fields, message });
  warn = (fields: LogFields, message: string): void => void this.lines.push({ level: 'warn', fields, message });
  error = (fields: LogFields, message: string): void => void this.lines.push({ level: 'error', fields, message });
}

/** What `private_key_jwt` is signed with. */
export const callerKey: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const publicKeyOf = (key: KeyObject): PublicKey => {
  const { kty, crv, x, y } = createPublicKey(key.export({ format: 'pem', type: 'pkcs8' })).export({ format: 'jwk' });
  return { kty, crv, x, y } as PublicKey;
};

/** Three callers: a gateway with a ServiceAccount that may all, a webmail that observes, and one with a key. */
export const testConfig: LoginConfig = parseConfig(
  JSON.stringify({
    issuer: 'https://login.example.com',
    apiCallers: [
      {
        name: 'gateway',
        serviceAccount: { namespace: 'mail', name: 'gateway' },
        namespace: 'tenant',
        scopes: ['verify', 'enroll'],
        requestsPerMinute: 100_000,
        mode: 'enforce',
      },
      {
        name: 'observer',
        serviceAccount: { namespace: 'mail', name: 'observer' },
        namespace: 'tenant',
        mailDomains: ['example.com'],
        scopes: ['verify'],
        requestsPerMinute: 100_000,
        mode: 'observe',
      },
      {
        name: 'outside',
        keys: [publicKeyOf(callerKey)],
        namespace: 'tenant',
        mailDomains: ['example.com'],
        scopes: ['verify'],
        requestsPerMinute: 5,
        mode: 'enforce',
      },
    ],
  }),
);

export const address = 'anna@example.com';

/** Some replicas of the login service before one API server. */
export interface World {
  readonly server: MemoryServer;
  readonly clock: TestClock;
  readonly keys: TestKeys;
  readonly log: KeptLog;
  readonly replicas: readonly LoginProgram[];
  /** Puts the Secret of an account there; annotations by the part of their name after the prefix. */
  given(short: Short, of?: string): void;
}

export const createWorld = async (replicas = 1, config = testConfig): Promise<World> => {
  const [server, clock, keys, log] = [new MemoryServer(), new TestClock(), new TestKeys(), new KeptLog()];
  server.nowMs = () => clock.nowMs;
  server.tokens.set('gateway-token', { user: 'system:serviceaccount:mail:gateway', audiences: ['exchange2fa-login'] });
  server.tokens.set('observer-token', {
    user: 'system:serviceaccount:mail:observer',
    audiences: ['exchange2fa-login'],
  });
  server.tokens.set('stranger-token', { user: 'system:serviceaccount:mail:other', audiences: ['exchange2fa-login'] });
  server.tokens.set('default-token', { user: 'system:serviceaccount:mail:gateway', audiences: ['https://kubernetes'] });
  const machine = { transport: server, clock, random: systemRandom, log };
  const programs = await Promise.all(Array.from({ length: replicas }, () => createLoginProgram(config, keys, machine)));
  const data = dataOf({ name: '', typed: '', expected: { answer: 'replayed' } });
  return {
    server,
    clock,
    keys,
    log,
    replicas: programs,
    given: (short, of = address) => server.put(of, annotations(short), data),
  };
};
