import { randomUUID } from 'node:crypto';
import { failuresKept, formatFailures, noFailures, type Failures } from '../../src/api/failures.ts';
import { annotation, read } from '../../src/api/record.ts';
import { secondFactor, type Verdict } from '../../src/core/second-factor.ts';
import type { Clock } from '../../src/host/clock.ts';
import { silentLog } from '../../src/host/log.ts';
import { systemRandom } from '../../src/host/random.ts';
import type { Client } from '../../src/kube/client/client.ts';
import type { Asker, CodeVerdict } from '../../src/login/authenticator/authenticator.ts';
import { showEnrollment } from '../../src/login/authenticator/enrollment.ts';
import type { Parts } from '../../src/login/authenticator/parts.ts';
import { readSeedData, recordOf, type SeedData, type StoredSecret } from '../../src/login/secrets/secret.ts';
import { SecretStore } from '../../src/login/secrets/secret-store.ts';
import { untilSettled } from '../../src/login/authenticator/settle.ts';
import { Turns } from '../../src/login/authenticator/turns.ts';
import { verify } from '../../src/login/authenticator/verification.ts';
import { codeAt } from '../../src/totp/code.ts';
import { makeKeys } from './keys.ts';
import { sentenceOf } from './sentence.ts';

export interface StandInOptions {
  /** Acts with an identity that may get and patch Secrets and holds `verify` on mailaccounts. */
  readonly client: Client;
  readonly clock: Clock;
  readonly namespace: string;
}

/** What a login meets at an instant. */
interface Met {
  readonly verdict: Verdict;
  /** The same for a person. */
  readonly sentence: string;
}

/**
 * A person with a phone at the login service's own authenticator, without its pages: for development and tests. The
 * methods throw where the login refuses, with what it meets.
 */
export interface StandInLogin {
  /** Shows the QR code: says what is in it, and notes the first time. */
  showQr(address: string): Promise<string>;
  /** Types the first code, as a phone that has scanned the QR code computes it. */
  enrol(address: string): Promise<void>;
  /** Types the code that the enrolled phone shows now; refused if it was accepted before. */
  typeCode(address: string): Promise<void>;
  /** Counts so many wrong codes of an unknown browser, all of this second: no wait between them is kept. */
  wrongCodes(address: string, count: number): Promise<void>;
  meets(address: string): Promise<Met>;
  /** What a phone that has scanned the present seed knows. */
  seedOf(address: string): Promise<SeedData>;
}

const asker: Asker = { relyingParty: 'stand-in', mode: 'enforce' };

export function createStandInLogin({ client, clock, namespace }: StandInOptions): StandInLogin {
  const keys = makeKeys();
  const parts: Parts = {
    store: new SecretStore(client, silentLog),
    turns: new Turns(),
    keys: { current: () => keys, find: () => Promise.resolve(undefined) },
    serverClock: { isTrusted: true },
    clock,
    random: systemRandom,
    log: silentLog,
  };
  const subject = (address: string) => ({ namespace, address });

  const find = async (address: string): Promise<StoredSecret | undefined> => {
    const found = await parts.store.read(subject(address));
    if (found.kind === 'unavailable') throw new Error('the login: the API server does not answer');
    return found.secret;
  };
  const meets = (secret: StoredSecret | undefined): Met => {
    const verdict = secondFactor(secret && recordOf(secret), clock.now());
    return { verdict, sentence: sentenceOf(verdict) };
  };
  /** Types the phone's present code where the login meets this; where there is no seed, the login is to say so. */
  const type = async (address: string, kind: 'enroll' | 'code'): Promise<void> => {
    const secret = await find(address);
    expectToMeet(meets(secret), kind);
    const seedData = readSeedData(secret?.data);
    const code = seedData ? codeAt(seedData.seed, seedData.parameters, clock.now()) : '000000';
    expectAccepted(await verify(parts, subject(address), asker, { code }));
  };

  return {
    showQr: async (address) => {
      expectToMeet(meets(await find(address)), 'enroll');
      const shown = await showEnrollment(parts, subject(address), asker, {});
      if (shown.kind !== 'shown') throw new Error(`the login: ${shown.kind}`);
      return shown.otpauthUri;
    },
    enrol: (address) => type(address, 'enroll'),
    typeCode: (address) => type(address, 'code'),
    wrongCodes: async (address, count) => {
      const counted = await untilSettled<'counted'>(parts, subject(address), (secret) => {
        expectToMeet(meets(secret), 'enroll', 'code');
        if (!secret) throw new Error('met without a Secret');
        const before = read(secret.metadata.annotations ?? {}, annotation.failures) ?? noFailures;
        const failures = formatFailures(moreFailures(before, count, clock.now()));
        const write = { [annotation.failures]: failures, [annotation.attempt]: randomUUID() };
        return Promise.resolve({ kind: 'write', secret, write, answer: () => 'counted' });
      });
      if (counted !== 'counted') throw new Error('the login: the API server does not answer');
    },
    meets: async (address) => meets(await find(address)),
    seedOf: async (address) => {
      const seedData = readSeedData((await find(address))?.data);
      if (!seedData) throw new Error(`${address} has no seed`);
      return seedData;
    },
  };
}

/** Throws with what the login meets instead, if it is none of these or must wait. */
function expectToMeet({ verdict, sentence }: Met, ...kinds: Verdict['kind'][]): void {
  const mayGoOn = kinds.includes(verdict.kind) && !('notBefore' in verdict);
  const needsCode = verdict.kind === 'enroll' && verdict.enrollmentCode.kind !== 'none';
  if (!mayGoOn || needsCode) throw new Error(`the login: ${sentence}`);
}

function expectAccepted(verdict: CodeVerdict): void {
  if (verdict.kind === 'accepted') return;
  if (verdict.kind === 'replayed') throw new Error('the login: this code was accepted before');
  if (verdict.kind === 'deny' && verdict.reason === 'SecretInvalid')
    throw new Error('the login: the data of the Secret cannot be read');
  throw new Error(`the login: ${verdict.kind}`);
}

function moreFailures({ row, unknown, known }: Failures, count: number, now: number): Failures {
  const seconds = Math.floor(now / 1000);
  const fresh = Array.from({ length: Math.min(count, failuresKept) }, () => seconds);
  return { row: row + count, unknown: [...unknown, ...fresh].slice(-failuresKept), known };
}
