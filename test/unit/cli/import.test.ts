import { describe, expect, test } from 'vitest';
import type { ImportFormat } from '../../../src/cli/frame/choices.ts';
import { readEntries } from '../../../src/cli/import/entries.ts';
import { addressCheck } from '../../../src/cli/import/import.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import { importedSecret, nameFor } from '../../../src/cli/import/objects.ts';
import { checkOne, importOne } from '../../../src/cli/import/write.ts';
import { failure, success } from '../../../src/kube/client/errors.ts';
import { isSecrets, type Resource } from '../../../src/kube/client/resource.ts';
import { secondFactor } from '../../../src/core/second-factor.ts';
import { codeAt } from '../../../src/totp/code.ts';
import { now } from '../core/given.ts';

/** 160 bits, and the same in hex: RFC 6238's test key. */
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const hex = Buffer.from('12345678901234567890').toString('hex');

const isAddress = await addressCheck();
const read = (format: ImportFormat, text: string, domain?: string) =>
  readEntries([{ file: 'seeds', text }], { format, domain, isAddress });

describe('an existing seed', () => {
  test.each<readonly [string, ImportFormat, string, object]>([
    [
      'of a URI',
      'otpauth',
      `otpauth://totp/Old%20Mail:Anna@Example.com?secret=${seed}&issuer=Old`,
      { address: 'anna@example.com', seed, algorithm: 'SHA1', digits: 6, periodSeconds: 30 },
    ],
    [
      'of a URI with everything',
      'otpauth',
      `otpauth://totp/anna@example.com?secret=${seed.toLowerCase()}&algorithm=SHA256&digits=8&period=60`,
      { seed, algorithm: 'SHA256', digits: 8, periodSeconds: 60 },
    ],
    [
      'of users.oath',
      'oath',
      `HOTP/T30/6 anna@example.com - ${hex}`,
      { address: 'anna@example.com', seed, digits: 6, periodSeconds: 30 },
    ],
    [
      'of users.oath with a domain',
      'oath',
      `HOTP/T60/8\tanna\t-\t${hex}\t0`,
      { address: 'anna@example.com', seed, digits: 8, periodSeconds: 60 },
    ],
    [
      'of CSV',
      'csv',
      `address,seed\nanna@example.com,"${seed}"`,
      { address: 'anna@example.com', seed, algorithm: 'SHA1' },
    ],
    [
      'of CSV with everything',
      'csv',
      `anna@example.com,${seed}====,sha-512,8,60`,
      { seed, algorithm: 'SHA512', digits: 8, periodSeconds: 60 },
    ],
    ['after a comment', 'csv', `# old\n\nanna@example.com,${seed}`, { place: 'seeds:3' }],
  ])('%s', (_, format, text, wanted) => {
    expect(read(format, text, 'example.com')).toMatchObject({ entries: [wanted], problems: [] });
  });

  test.each<readonly [string, ImportFormat, string, string]>([
    ['no line of the format', 'otpauth', 'hello', 'this is no line of the format otpauth'],
    ['HOTP with a counter', 'oath', `HOTP anna - ${hex}`, 'this is HOTP, codes by a counter: only TOTP'],
    ['a URI with a counter', 'otpauth', `otpauth://hotp/a@b.c?secret=${seed}&counter=1`, 'this is HOTP'],
    ['a user without a domain', 'oath', `HOTP/T30 anna - ${hex}`, 'the address is no mail address: name its --domain'],
    ['a label that is no URI', 'otpauth', `otpauth://totp/100%@b.c?secret=${seed}`, 'the address is no mail address'],
    ['an address that the CRD refuses', 'csv', `a..b@c.d,${seed}`, 'the address is no mail address'],
    ['no seed', 'otpauth', 'otpauth://totp/a@b.c', "the seed of a@b.c can't be read"],
    ['a seed that is no base32', 'csv', 'a@b.c,S3CR3T!', "the seed of a@b.c can't be read"],
    ['a short seed', 'csv', 'a@b.c,GEZDGNBVGY3TQOJQ', 'the seed of a@b.c has 80 bits: 128 to 512 are taken'],
    ['a long seed', 'oath', `HOTP/T30 a@b.c - ${'00'.repeat(65)}`, 'the seed of a@b.c has 520 bits'],
    ['seven digits', 'oath', `HOTP/T30/7 a@b.c - ${hex}`, 'the digits of a@b.c are not supported: 6 or 8'],
    ['a period of 90 s', 'csv', `a@b.c,${seed},SHA1,6,90`, 'the period of a@b.c is not supported: 30 or 60 s'],
    ['an unknown hash', 'csv', `a@b.c,${seed},MD5`, 'the algorithm of a@b.c is not known'],
    ['a seed in the column of the address', 'csv', `${seed},a@b.c`, 'the address is no mail address'],
    ['a seed in the column of the hash', 'csv', `a@b.c,${seed},${seed}`, 'the algorithm of a@b.c is not known'],
    [
      'a seed in the column of the digits',
      'csv',
      `a@b.c,${seed},SHA1,${seed}`,
      'the digits of a@b.c are not supported',
    ],
    ['an address twice', 'csv', `a@b.c,${seed}\nA@b.c,${seed}`, 'a@b.c is there already, at seeds:1'],
  ])('is refused: %s', (_, format, text, message) => {
    const { problems } = read(format, text);
    expect(problems.map((problem) => problem.message).join()).toContain(message);
    expect(JSON.stringify(problems)).not.toMatch(/S3CR3T|gezdgn|GEZDGN|3132333435/);
  });
});

describe('the Secret of an import', () => {
  const [entry] = read('csv', `anna@example.com,${seed},SHA1,8`).entries;
  const target = { namespace: 'mail', platform: 'hosted', issuer: 'Example Mail', retainDeletedHours: 720 };
  const secret = importedSecret(entry!, target, now);
  const annotations = secret.metadata.annotations ?? {};

  test('is refused until an account takes it back, then enrolled', () => {
    expect(secondFactor({ type: secret.type, annotations }, now)).toMatchObject({ kind: 'deny', reason: 'Orphaned' });
    const taken = Object.fromEntries(
      Object.entries(annotations).filter(([key]) => !/orphaned-at|erase-after/.test(key)),
    );
    expect(secondFactor({ type: secret.type, annotations: taken }, now)).toEqual({ kind: 'code' });
    expect(annotations).toMatchObject({
      'exchange2fa.io/minted-at': '2026-11-25T12:00:00.000Z',
      'exchange2fa.io/erase-after': '2026-12-25T12:00:00Z',
    });
  });

  test('holds the seed as the phone has it', () => {
    const found = Buffer.from(secret.data['seed'] ?? '', 'base64').toString();
    // RFC 6238, appendix B: 59 s
    expect(codeAt(found, { algorithm: 'SHA1', digits: 8, periodSeconds: 30 }, 59_000)).toBe('94287082');
  });
});

describe('the name of an imported account', () => {
  test.each([
    ['anna@example.com', 'anna.example.com'],
    ["o'brien+x@example.com", 'o-brien-x.example.com'],
    ['_a_@b.c', 'a.b.c'],
    ['taken@b.c', 'taken.b.c-'],
    [`${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(16)}.e.f`, 'aaa'],
  ])('of %s begins with %s', (address, begin) => {
    const name = nameFor(address, new Set(['taken.b.c']));
    expect(name.startsWith(begin)).toBe(true);
    expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
  });
});

describe('the Secret that an address has already', () => {
  const [entry] = read('csv', `anna@example.com,${seed}`).entries;
  const item = { entry: entry!, name: 'anna.example.com', exists: false };
  const enrolled = { 'exchange2fa.io/enrolled-at': '2026-01-01T00:00:00Z' };
  const secret = (text: string, annotations = {}) =>
    success({ metadata: { name: 's', annotations }, data: { seed: Buffer.from(text).toString('base64') } });
  const other = seed.replace('GEZ', 'HEZ');

  test.each([
    ['none', failure({ kind: 'notFound', text: '' }), 'nothing', /can be imported/],
    ['this seed, enrolled', secret(seed, enrolled), 'nothing', /can be imported/],
    ['another seed', secret(other, enrolled), 'failed', /has another seed, which is enrolled/],
    ['a seed that waits for a scan', secret(other), 'failed', /a Secret already that is not enrolled/],
    ['one that cannot be read', failure({ kind: 'unavailable', status: 503, text: 'away' }), 'failed', /can't be read/],
  ])('is looked at before anything is written: %s', async (_, answer, kind, says) => {
    const cluster = { client: { get: () => Promise.resolve(answer) }, namespace: 'mail' } as unknown as Cluster;
    const checked = await checkOne(cluster, item);
    expect(checked.kind).toBe(kind);
    expect(checked.says).toMatch(says);
    expect(checked.says).not.toMatch(/EZDGNBV/);
  });
});

describe('an account of the same name that comes in between', () => {
  const [entry] = read('csv', `anna@example.com,${seed}`).entries;
  const target = { namespace: 'mail', platform: 'hosted', issuer: 'Example Mail', retainDeletedHours: 720 };
  /** A cluster that takes the Secret, and has this account already. */
  const withAccount = (address: string): Cluster => {
    const taken = failure({ kind: 'alreadyExists', text: '' });
    const client = {
      create: (resource: Resource) => Promise.resolve(isSecrets(resource) ? success({}) : taken),
      get: () => Promise.resolve(success({ metadata: { name: 'anna.example.com' }, spec: { address } })),
    };
    return { client, namespace: 'mail', now: () => now } as unknown as Cluster;
  };

  test.each([
    ['anna@example.com', 'done', /imported/],
    ['ben@example.com', 'failed', /MailAccount anna\.example\.com has another address \(ben@example\.com\)/],
  ])('with the address %s: %s', async (address, kind, says) => {
    const item = { entry: entry!, name: 'anna.example.com', exists: false };
    const imported = await importOne(withAccount(address), item, target, new AbortController().signal);
    expect(imported.kind).toBe(kind);
    expect(imported.says).toMatch(says);
  });
});
