import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { makeKeys, secretKey } from '../../../../dev/login/keys.ts';
import type { Log, LogFields } from '../../../../src/host/log.ts';
import type { Clock } from '../../../../src/host/clock.ts';
import { systemRandom } from '../../../../src/host/random.ts';
import { type LoginConfig, parseConfig } from '../../../../src/login/config/config.ts';
import type { KeyPurpose, Keys, KeyStore } from '../../../../src/login/keys/keys.ts';
import type { PublicKey } from '../../../../src/login/keys/public-key.ts';
import { createLoginProgram, type LoginProgram } from '../../../../src/login/program.ts';
import { dataOf } from '../tables/codes.ts';
import { annotations, now, type Short } from '../tables/record.ts';
import { MemoryServer, type Token } from './memory-server.ts';

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
  /** Time passes, and the clock on the wall does not move. */
  skip(ms: number): void {
    this.#skippedMs += ms;
  }
  after(delayMs: number, wake: () => void): () => void {
    const immediate = setImmediate(() => {
      this.#skippedMs += delayMs;
      wake();
    });
    return () => clearImmediate(immediate);
  }
}

/** Keys in memory; `rotate` adds a newer one. */
export class TestKeys implements KeyStore {
  readonly reads = { succeeded: 1, failed: 0 };
  #keys = makeKeys();

  current(): Keys {
    return this.#keys;
  }

  find<Purpose extends KeyPurpose>(purpose: Purpose, kid: string): Promise<Keys[Purpose]['active'] | undefined> {
    const all: readonly Keys[Purpose]['active'][] = this.#keys[purpose].all;
    return Promise.resolve(all.find((each) => each.kid === kid));
  }

  rotate(purpose: 'session' | 'device' | 'attempt'): void {
    const { all } = this.#keys[purpose];
    const key = secretKey(`${purpose}-${all.length + 1}`);
    this.#keys = { ...this.#keys, [purpose]: { active: key, all: [key, ...all] } };
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

/** Shaped like the tokens of ServiceAccounts; whether it is genuine only the API server can tell. */
export const tokenOf = (user: string, audience: string, signature = 'c2lnbmVk'): string =>
  [{ alg: 'RS256' }, { sub: user, aud: [audience] }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat(signature)
    .join('.');

const issued = (account: string, audience: string) => {
  const user = `system:serviceaccount:mail:${account}`;
  return { token: tokenOf(user, audience), user, audiences: [audience] };
};

/** Those that the API server knows, by the names that tests give them. */
export const tokens: Readonly<Record<string, { readonly token: string } & Token>> = {
  'gateway-token': issued('gateway', 'exchange2fa-login'),
  'observer-token': issued('observer', 'exchange2fa-login'),
  'stranger-token': issued('other', 'exchange2fa-login'),
  'default-token': issued('gateway', 'https://kubernetes'),
};

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
  for (const { token, ...known } of Object.values(tokens)) server.tokens.set(token, known);
  const machine = { transport: server, clock, random: systemRandom, log, auditLog: log };
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
