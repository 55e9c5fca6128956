import { randomUUID } from 'node:crypto';
import { failuresKept, formatFailures, noFailures, type Failures } from '../../src/api/failures.ts';
import { formatSeconds } from '../../src/api/instants.ts';
import { secretNameFor } from '../../src/api/names.ts';
import { annotation, read, type Annotations, type SecretRecord } from '../../src/api/record.ts';
import { secondFactor, type Verdict } from '../../src/core/second-factor.ts';
import { type Clock } from '../../src/host/clock.ts';
import { type Client } from '../../src/kube/client.ts';
import { orThrow, type Result } from '../../src/kube/errors.ts';
import { secretsResource, type KubeObject, type Stored } from '../../src/kube/resource.ts';
import { readSeedData, type SeedData } from '../../src/login/secret.ts';
import { acceptedStep, codeAt } from '../../src/totp/code.ts';
import { sentenceOf } from './sentence.ts';

export interface StandInOptions {
  /** Acts with an identity that may get and patch Secrets and holds `verify` on mailaccounts. */
  readonly client: Client;
  readonly clock: Pick<Clock, 'now'>;
  readonly namespace: string;
}

/** What a login meets at an instant. */
interface Meeting {
  readonly verdict: Verdict;
  /** The same for a person. */
  readonly sentence: string;
}

/**
 * Stands in for a login service, for development and tests: it does to the Secret what the contract lets a login do.
 * The methods throw where a login would refuse, with what it meets.
 */
export interface StandInLogin {
  /** Shows the QR code: says what is in it, and notes the first time. */
  showQr(address: string): Promise<string>;
  /** Scans the QR code and types the first code, as a phone computes it. */
  enrol(address: string): Promise<void>;
  /** Types the code that the enrolled phone shows now; refused if it was accepted before. */
  typeCode(address: string): Promise<void>;
  /** Types so many wrong codes in an unknown browser, all at this second: no wait between them is kept. */
  wrongCodes(address: string, count: number): Promise<void>;
  meets(address: string): Promise<Meeting>;
}

interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** What a login does with the Secret that it has read: what it writes, and why it refuses afterwards, if it does. */
interface Act {
  readonly write?: Readonly<Record<string, string>>;
  readonly refusal?: string;
}

/** More than the operator and other logins ever write at once. */
const attempts = 10;

export function createStandInLogin(options: StandInOptions): StandInLogin {
  const { clock } = options;
  return {
    showQr: async (address) => {
      let uri = '';
      await change(options, address, (secret) => {
        expectVerdict(secret, clock.now(), 'enroll');
        const isFirst = annotationsOf(secret)[annotation.firstShownAt] === undefined;
        return withSeed(secret, ({ otpauthUri }) => {
          uri = otpauthUri;
          return isFirst ? { write: { [annotation.firstShownAt]: formatSeconds(clock.now()) } } : {};
        });
      });
      return uri;
    },
    enrol: (address) =>
      change(options, address, (secret) => {
        expectVerdict(secret, clock.now(), 'enroll');
        return rightCode(secret, clock.now(), { [annotation.enrolledAt]: formatSeconds(clock.now()) });
      }),
    typeCode: (address) =>
      change(options, address, (secret) => {
        expectVerdict(secret, clock.now(), 'code');
        return rightCode(secret, clock.now());
      }),
    wrongCodes: (address, count) =>
      change(options, address, (secret) => {
        expectVerdict(secret, clock.now(), 'enroll', 'code');
        const failures = formatFailures(moreFailures(failuresOf(secret), count, clock.now()));
        return { write: { [annotation.failures]: failures, [annotation.attempt]: randomUUID() } };
      }),
    meets: async (address) => {
      const verdict = secondFactor(recordOf(await find(options, address)), clock.now());
      return { verdict, sentence: sentenceOf(verdict) };
    },
  };
}

/** Reads, decides and writes in one compare-and-swap, again from the start if somebody else wrote meanwhile. */
async function change(
  options: StandInOptions,
  address: string,
  decide: (secret: Secret | undefined) => Act,
): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const secret = await find(options, address);
    const { write, refusal } = decide(secret);
    const written = secret === undefined || write === undefined || (await annotate(options, secret, write));
    if (written && refusal !== undefined) throw new Error(`the login: ${refusal}`);
    if (written) return;
  }
  throw new Error(`the Secret of ${address} changed ${attempts} times while it was being written`);
}

/** Whether it was written: not, if somebody else wrote since the Secret was read. */
async function annotate(
  { client, namespace }: StandInOptions,
  { metadata: { name, resourceVersion } }: Stored<Secret>,
  annotations: Readonly<Record<string, string>>,
): Promise<boolean> {
  const patch = { metadata: { resourceVersion, annotations } };
  const written = await client.mergePatch(secretsResource, { namespace, name }, patch);
  if (!written.ok && written.error.kind === 'conflict') return false;
  orThrow(written);
  return true;
}

async function find({ client, namespace }: StandInOptions, address: string): Promise<Stored<Secret> | undefined> {
  const name = secretNameFor(address);
  if (name === undefined) return undefined;
  const found: Result<Stored<Secret>> = await client.get<Secret>(secretsResource, { namespace, name });
  return !found.ok && found.error.kind === 'notFound' ? undefined : orThrow(found);
}

const annotationsOf = (secret: Secret | undefined): Annotations => secret?.metadata.annotations ?? {};

const recordOf = (secret: Secret | undefined): SecretRecord | undefined =>
  secret && { type: secret.type ?? '', annotations: annotationsOf(secret) };

const failuresOf = (secret: Secret | undefined): Failures =>
  read(annotationsOf(secret), annotation.failures) ?? noFailures;

/** Throws with what the login meets instead, if it is none of these or must wait. */
function expectVerdict(secret: Secret | undefined, now: number, ...kinds: Verdict['kind'][]): void {
  const verdict = secondFactor(recordOf(secret), now);
  const mayGoOn = kinds.includes(verdict.kind) && !('notBefore' in verdict);
  const needsCode = verdict.kind === 'enroll' && verdict.enrollmentCode.kind !== 'none';
  if (!mayGoOn || needsCode) throw new Error(`the login: ${sentenceOf(verdict)}`);
}

/** Data that cannot be read are said to be so, for the operator, which never sees them. */
function withSeed(secret: Secret | undefined, use: (seedData: SeedData) => Act): Act {
  const seedData = readSeedData(secret?.data);
  if (seedData !== undefined) return use(seedData);
  const mintedAt = annotationsOf(secret)[annotation.mintedAt] ?? '';
  return { write: { [annotation.dataInvalid]: mintedAt }, refusal: 'the data of the Secret cannot be read' };
}

function rightCode(secret: Secret | undefined, now: number, first: Readonly<Record<string, string>> = {}): Act {
  return withSeed(secret, ({ seed, parameters }) => {
    const lastStep = read(annotationsOf(secret), annotation.lastStep);
    const step = acceptedStep(seed, parameters, { code: codeAt(seed, parameters, now), unixMs: now, lastStep });
    if (step === undefined) return { refusal: 'this code was accepted before' };
    return {
      write: {
        ...first,
        [annotation.lastStep]: `${step}`,
        [annotation.failures]: formatFailures({ ...failuresOf(secret), row: 0 }),
        [annotation.attempt]: randomUUID(),
      },
    };
  });
}

function moreFailures({ row, unknown, known }: Failures, count: number, now: number): Failures {
  const seconds = Math.floor(now / 1000);
  const fresh = Array.from({ length: Math.min(count, failuresKept) }, () => seconds);
  return { row: row + count, unknown: [...unknown, ...fresh].slice(-failuresKept), known };
}
