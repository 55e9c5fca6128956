import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hashEnrollmentCode } from '../../../src/api/enrollment-code.ts';
import { ask } from '../../support/api-request.ts';
import {
  accountObject,
  accountsPath,
  applyAsGit,
  applyObjects,
  type Caller,
  CliStage,
  enrol,
  guess,
  platformObject,
  tenant,
  untilPhase,
} from './stage.ts';

let stage: CliStage;

const people = ['anna', 'ben', 'carl', 'dora', 'emil'];

beforeAll(async () => {
  stage = await CliStage.prepare();
  await applyObjects([
    platformObject('mail', { state: 'Enabled', accountDefault: 'Enabled', maxSuspensionHours: 72 }),
    platformObject('dark', { state: 'Disabled' }),
    ...people.map((name) => accountObject(name, 'mail')),
    accountObject('gus', 'dark'),
    accountObject('xenia', 'nowhere'),
    { ...accountObject('eq', 'mail'), spec: { platformRef: { name: 'mail' }, address: 'a=b@example.com' } },
  ]);
  await applyAsGit([
    accountObject('gitta', 'mail', { reset: { requestedAt: '2026-01-01T00:00:00Z' }, state: 'Enabled' }),
  ]);
  for (const name of people) await untilPhase(name, 'Enrolling');
  await untilPhase('gus', 'Off');
  await enrol('anna');
  await untilPhase('anna', 'Enforced');
});

afterAll(() => stage.end());

interface Factor {
  readonly [field: string]: unknown;
  readonly suspension?: { readonly requestedAt: string; readonly hours: number; readonly reason?: string };
  readonly enrollmentCode?: { readonly hash: string };
}

const read = async (name: string) => {
  const { body } = await ask({ method: 'GET', path: `${accountsPath}/${name}` });
  return { factor: (body['spec'] as { readonly twoFactor?: Factor }).twoFactor ?? {}, metadata: body.metadata ?? {} };
};

const managersOf = async (name: string): Promise<readonly string[]> => {
  const { metadata } = await read(name);
  const entries = metadata['managedFields'] as readonly { readonly manager: string; readonly subresource?: string }[];
  const ofSpec = entries.filter(({ subresource }) => subresource === undefined);
  return ofSpec.map(({ manager }) => manager).filter((manager) => manager !== 'kubectl-client-side-apply');
};

/** One command, who types it, how it ends, and what it says. */
type Row = readonly [who: Caller, args: readonly string[], code: number, says: RegExp];

const check = async ([who, args, code, says]: Row): Promise<void> => {
  const result = await stage.run(who, args);
  expect(`${result.stdout}${result.stderr}`).toMatch(says);
  expect(result.code).toBe(code);
};

describe('what goes well, one after the other', () => {
  test.each<Row>([
    [
      'helpdesk',
      ['suspend', 'anna', '--hours', '4', '--reason', 'ticket 1', '--wait'],
      0,
      /anna in force: no code is asked for until/,
    ],
    [
      'helpdesk',
      ['reset', 'anna', '--wait', '--timeout', '20s'],
      0,
      /anna reset, requested .*\n.*in force: a new seed was minted; once the suspension is over/,
    ],
    ['reader', ['status', 'anna@example.com'], 0, /anna +anna@example.com +mail +no code +20.*suspended: ticket 1/],
    ['helpdesk', ['resume', 'anna', '--wait'], 0, /anna in force/],
    ['helpdesk', ['unlock', 'a=b@example.com'], 0, /eq unlocked/],
    ['helpdesk', ['resume', 'anna'], 0, /anna: is not suspended/],
    ['helpdesk', ['unlock', 'anna', '--wait'], 0, /wrong codes up to now do not count/],
    ['admin', ['remove', 'ben', '--wait'], 0, /ben in force: the seed is erased/],
    ['admin', ['remove', 'ben'], 0, /ben: is removed already/],
    ['admin', ['enable', 'ben', '--wait'], 0, /ben in force: the second factor is on: Enrolling/],
    [
      'helpdesk',
      ['suspend', 'carl', '--hours', '1', '--from', '2199-01-01T00:00:00Z', '--wait'],
      0,
      /taken up; it takes effect 2199/,
    ],
    [
      'helpdesk',
      ['suspend', 'carl', '--hours', '1'],
      1,
      /takes the place of what was asked for: of carl the suspension from 2199-01-01T00:00:00Z until .*repeat it with --yes/,
    ],
    [
      'helpdesk',
      ['suspend', 'carl', '--hours', '2', '--from', '2198-01-01T00:00:00Z', '--yes'],
      0,
      /carl suspended from 2198.*, in place of the suspension from 2199-01-01T00:00:00Z until 2199-01-01T01:00:00Z/,
    ],
    ['helpdesk', ['resume', 'carl'], 0, /carl resumed/],
    ['helpdesk', ['code', 'carl', '--wait'], 0, /code ([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4} +valid until/],
    ['helpdesk', ['reset', 'carl', '--with-code'], 0, /carl@example.com +code/],
  ])('%s: %j', (...row) => check(row));

  test('one field manager for each request, and none begins with kubectl', async () => {
    expect((await managersOf('carl')).toSorted()).toEqual(['exchange2fa-enrollment-code', 'exchange2fa-reset']);
    expect((await managersOf('anna')).toSorted()).toEqual(['exchange2fa-reset', 'exchange2fa-unlock']);
  });

  test('a code that was shown is the one whose hash was sent', async () => {
    const { stdout } = await stage.run('helpdesk', ['code', 'dora']);
    const code = /code (\S+)/.exec(stdout)?.[1]?.replaceAll('-', '') ?? '';
    const { factor } = await read('dora');
    const [, salt = ''] = factor.enrollmentCode?.hash.split(':') ?? [];
    expect(factor.enrollmentCode?.hash).toBe(hashEnrollmentCode(code, { bytes: () => Buffer.from(salt, 'hex') }));
    expect(JSON.stringify(factor)).not.toContain(code);
  });
});

describe('what is refused, in one sentence', () => {
  test.each<Row>([
    [
      'reader',
      ['suspend', 'dora', '--hours', '1'],
      1,
      /lacks the verb patch and suspend on mailaccounts in namespace policies.*--clusterrole=exchange2fa-helpdesk --serviceaccount=policies:reader/,
    ],
    ['helpdesk', ['remove', 'dora'], 1, /lacks the verb remove on mailaccounts.*--clusterrole=exchange2fa-admin/],
    ['reader', ['status', '-A'], 1, /lacks the verb list on \w+ in all namespaces.*clusterrolebinding/],
    ['helpdesk', ['suspend', 'dora', '--hours', '73'], 1, /73 h is over the maximum of its platform, 72 h/],
    [
      'helpdesk',
      ['suspend', 'dorra', '--hours', '1'],
      1,
      /no MailAccount dorra in namespace policies; is dora meant\?/,
    ],
    ['helpdesk', ['suspend', 'dora@exmaple.com', '--hours', '1'], 1, /is dora@example.com meant\?/],
    [
      'helpdesk',
      ['suspend', '--platform', 'male', '--all', '--hours', '1', '--yes'],
      1,
      /no ExchangePlatform male.*there are dark, mail/,
    ],
    [
      'helpdesk',
      ['suspend', '--platform', 'mail', '--all', '--hours', '1'],
      1,
      /suspend for 1 h.*of \d accounts of platform mail.*repeat it with --yes/,
    ],
    [
      'reader',
      ['report', '--platform', 'male'],
      1,
      /no ExchangePlatform male in namespace policies; there are dark, mail/,
    ],
    ['reader', ['status', '--platform', 'male'], 1, /no ExchangePlatform male/],
    ['reader', ['report', '--platform', 'nowhere'], 0, /xenia/],
    ['helpdesk', ['suspend', '--all', '--hours', '1'], 2, /need --platform/],
    ['helpdesk', ['suspend', 'dora', '--platform', 'mail', '--all', '--hours', '1'], 2, /not both/],
    [
      'helpdesk',
      ['suspend', 'gus', '--hours', '1'],
      1,
      /gus: a suspension has no effect: no second factor: the platform's spec.twoFactor.state is Disabled/,
    ],
    ['helpdesk', ['code', 'gus'], 1, /gus: a code has no effect: no second factor/],
    ['helpdesk', ['reset', 'xenia'], 1, /xenia: a reset has no effect: there is no ExchangePlatform nowhere/],
    [
      'helpdesk',
      ['reset', 'dora', '--requested-at', '2026-01-01T00:00:00Z', '--wait'],
      1,
      /dora: a reset of 2026-01-01T00:00:00Z has no effect: the seed is newer, minted 20/,
    ],
    ['admin', ['enable', 'gus', '--wait'], 1, /gus: not in force: its platform is switched off/],
    ['helpdesk', ['status', '--context', 'nobody'], 1, /kubeconfig can't be used: no entry "nobody" in contexts/],
  ])('%s: %j', (...row) => check(row));

  test('a suspension that runs', async () => {
    await check(['helpdesk', ['suspend', 'emil', '--hours', '1'], 0, /emil suspended until/]);
    await check([
      'helpdesk',
      ['suspend', 'emil', '--hours', '2'],
      1,
      /already suspended from .*kubectl twofactor resume emil/,
    ]);
    await check(['helpdesk', ['resume', 'emil'], 0, /resumed/]);
  });

  test('an address of two accounts', async () => {
    const twin = {
      ...accountObject('twin', 'mail'),
      spec: { platformRef: { name: 'mail' }, address: 'dora@example.com' },
    };
    await applyObjects([twin]);
    await check([
      'helpdesk',
      ['unlock', 'dora@example.com'],
      1,
      /is the address of 2 MailAccounts: name one of dora, twin/,
    ]);
    await ask({ method: 'DELETE', path: `${accountsPath}/twin` });
  });

  test('an enrolment code for who has enrolled', async () => {
    await enrol('emil');
    await untilPhase('emil', 'Enforced');
    await check([
      'helpdesk',
      ['code', 'emil'],
      1,
      /already enrolled 2026-01-01T00:00:00Z: kubectl twofactor reset emil --with-code/,
    ]);
  });
});

describe('what belongs to Git', () => {
  test.each(['none', 'client', 'server'])(
    'is refused with its owner and the YAML to commit: --dry-run=%s',
    async (how) => {
      const args = ['reset', 'gitta', '--reason', 'lost', `--dry-run=${how}`];
      const { code, stdout, stderr } = await stage.run('helpdesk', args);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /spec\.twoFactor\.reset belongs to kustomize-controller: commit the change there, or use --force/,
      );
      expect(parse(stdout)).toMatchObject({
        metadata: { name: 'gitta' },
        spec: { twoFactor: { state: 'Enabled', reset: { reason: 'lost' } } },
      });
    },
  );

  test('is taken with --force, which says what Git will do', async () => {
    await check([
      'helpdesk',
      ['reset', 'gitta', '--force', '--wait'],
      0,
      /Taken from kustomize-controller: .*next sync puts back/,
    ]);
  });

  test('and what is not there yet belongs to nobody', async () => {
    await check(['helpdesk', ['suspend', 'gitta', '--hours', '2', '--wait'], 0, /gitta in force/]);
    await applyAsGit([accountObject('gitta', 'mail', { state: 'Enabled' })]);
    expect((await read('gitta')).factor.suspension?.hours).toBe(2);
  });

  test('--print writes it without applying it', async () => {
    const before = await read('dora');
    const { code, stdout } = await stage.run('reader', ['suspend', 'dora', '--hours', '2', '--print']);
    expect(code).toBe(0);
    expect(parse(stdout)).toMatchObject({
      kind: 'MailAccount',
      metadata: { name: 'dora', namespace: tenant },
      spec: { address: 'dora@example.com', twoFactor: { suspension: { hours: 2 } } },
    });
    expect(await read('dora')).toEqual(before);
  });

  test.each(['client', 'server'])('--dry-run=%s writes nothing', async (how) => {
    const before = await read('dora');
    await check([
      'helpdesk',
      ['suspend', 'dora', '--hours', '2', `--dry-run=${how}`],
      0,
      /dora suspended until .*dry run/,
    ]);
    expect(await read('dora')).toEqual(before);
  });

  test.each(['client', 'server'])('--dry-run=%s -o json writes only the account as it would be', async (how) => {
    const args = ['suspend', 'dora', '--hours', '2', '-o', 'json', `--dry-run=${how}`];
    const { stdout } = await stage.run('helpdesk', args);
    expect(JSON.parse(stdout)).toMatchObject({
      metadata: { name: 'dora' },
      spec: { twoFactor: { suspension: { hours: 2 } } },
    });
  });

  test('-o name and --wait write only names on standard output', async () => {
    const { code, stdout, stderr } = await stage.run('helpdesk', ['unlock', 'dora', '--wait', '-o', 'name']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'mailaccount.exchange2fa.io/dora\n' });
    expect(stderr).toContain('dora in force');
  });

  test('--dry-run=server asks the policies', () =>
    check(['helpdesk', ['remove', 'dora', '--dry-run=server'], 1, /lacks the verb remove/]));
});

test('a reset and a code are in force only where a login is shown the QR code', async () => {
  const coded = { state: 'Enabled', accountDefault: 'Enabled', enrollment: { mode: 'Code' } };
  await applyObjects([platformObject('coded', coded), accountObject('cora', 'coded')]);
  await untilPhase('cora', 'Enrolling');
  await check([
    'helpdesk',
    ['reset', 'cora'],
    1,
    /cora: the QR code would ask for .*, and none is issued: add --with-/,
  ]);
  await check([
    'helpdesk',
    ['reset', 'cora', '--with-code', '--wait'],
    0,
    /in force: a new seed was minted; the next login asks for the enrolment code, then shows the QR code/,
  ]);
  await guess('cora');
  await untilPhase('cora', 'Locked');
  await check([
    'helpdesk',
    ['reset', 'cora', '--wait'],
    1,
    /cora reset, .*; the login stays locked until 20[^]*cora: not in force: a new seed was minted, but the login is locked until 20\S+: kubectl twofactor unlock cora/,
  ]);
  await check(['helpdesk', ['code', 'cora', '--wait'], 1, /cora: not in force: the login is locked until 20/]);
  await check(['helpdesk', ['unlock', 'cora', '--wait'], 0, /cora in force/]);
  await check(['helpdesk', ['code', 'cora', '--wait'], 0, /cora in force: the next login asks for the enrolment code/]);
});

describe('many at once', () => {
  test('of a platform, with a summary of failures', async () => {
    await check(['helpdesk', ['suspend', 'ben', '--hours', '2'], 0, /suspended/]);
    const { code, stdout, stderr } = await stage.run('helpdesk', [
      'suspend',
      '--platform',
      'mail',
      '--not-enrolled',
      '--hours',
      '1',
      '--yes',
      '-o',
      'name',
    ]);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining(['mailaccount.exchange2fa.io/carl', 'mailaccount.exchange2fa.io/dora']),
    );
    expect(stderr).toMatch(/error: ben: already suspended/);
    expect(stderr).toMatch(/\d done, 0 unchanged, 2 failed, of \d/);
  });

  test('from a list on standard input', async () => {
    const input = '# to end early\nben\ncarl@example.com dora\n';
    const { code, stdout, stderr } = await stage.run('helpdesk', ['resume', '-', '--yes'], { input });
    expect({ code, lines: stdout.trim().split('\n').length }).toEqual({ code: 0, lines: 3 });
    expect(stderr).toMatch(/3 done, 0 unchanged, 0 failed, of 3/);
  });

  test('which Ctrl-C stops, and says what was not done', async () => {
    const many = Array.from({ length: 400 }, (_, index) => accountObject(`many-${index}`, 'wide'));
    await applyObjects([platformObject('wide', { state: 'Enabled', accountDefault: 'Enabled' }), ...many]);
    const args = ['suspend', '--platform', 'wide', '--all', '--hours', '1', '--yes'];
    const { code, stdout, stderr } = await stage.run('helpdesk', args, {
      signal: { name: 'SIGINT', whenOutputSays: 'suspended' },
    });
    expect(code).toBe(130);
    const [, done, notBegun] = /Interrupted: (\d+) done, .* (\d+) not begun/.exec(stderr) ?? [];
    const suspended = stdout
      .trim()
      .split('\n')
      .map((line) => /\/(\S+) suspended/.exec(line)?.[1] ?? '');
    const left = [...stderr.matchAll(/^ {2}(\S+)$/gm)].map(([, name]) => name ?? '');
    expect({ done: Number(done), notBegun: Number(notBegun) }).toEqual({
      done: suspended.length,
      notBegun: left.length,
    });
    for (const name of [suspended.at(-1) ?? '', left[0] ?? '']) {
      expect((await read(name)).factor.suspension !== undefined).toBe(suspended.includes(name));
    }
  });
});
