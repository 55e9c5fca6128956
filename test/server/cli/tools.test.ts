import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { secretNameFor } from '../../../src/api/names.ts';
import { ask } from '../../support/api-request.ts';
import { kubectl } from '../../support/kubectl.ts';
import {
  accountObject,
  accountsPath,
  applyObjects,
  type Caller,
  CliStage,
  enrol,
  platformObject,
  tenant,
  untilPhase,
} from './stage.ts';

const dyingPath = `${accountsPath.replace('mailaccounts', 'exchangeplatforms')}/dying`;

let stage: CliStage;
let folder: string;

beforeAll(async () => {
  stage = await CliStage.prepare();
  folder = await mkdtemp(join(tmpdir(), 'cli-tools-'));
  await applyObjects([
    platformObject('tools', { state: 'Enabled', accountDefault: 'Enabled' }),
    ...['tina', 'tom', 'tess'].map((name) => accountObject(name, 'tools')),
    accountObject('ted', 'nowhere'),
    accountObject('tara', 'tools', { state: 'Removed' }),
  ]);
  const dying = platformObject('dying', { state: 'Enabled' }) as { readonly metadata: object };
  await applyObjects([{ ...dying, metadata: { ...dying.metadata, finalizers: ['example.com/hold'] } }]);
  await ask({ method: 'DELETE', path: dyingPath });
  await Promise.all(['tina', 'tom', 'tess'].map((name) => untilPhase(name, 'Enrolling')));
  await Promise.all([untilPhase('ted', 'Blocked'), untilPhase('tara', 'Off')]);
  await enrol('tom');
  await untilPhase('tom', 'Enforced');
});

afterAll(async () => {
  await ask({ method: 'PATCH', path: dyingPath, body: { metadata: { finalizers: null } } });
  await stage.end();
  await rm(folder, { recursive: true });
});

type Row = readonly [who: Caller, args: readonly string[], code: number, says: RegExp];

const check = async ([who, args, code, says]: Row): Promise<void> => {
  const result = await stage.run(who, args);
  expect(`${result.stdout}${result.stderr}`).toMatch(says);
  expect(result.code).toBe(code);
};

const secretPath = (name: string): string =>
  `/api/v1/namespaces/${tenant}/secrets/${secretNameFor(`${name}@example.com`) ?? ''}`;

describe('what is read', () => {
  test.each<Row>([
    ['reader', ['status'], 0, /PLATFORM +SECOND FACTOR[^]*tools +on[^]*ACCOUNT[^]*ted .* refused .*PlatformNotFound/],
    [
      'reader',
      ['status', '--platform', 'tools', '--phase', 'enforced', '-o', 'name'],
      0,
      /^mailaccount\.exchange2fa\.io\/tom\n$/,
    ],
    [
      'reader',
      ['status', 'TOM@example.com', 'mailaccount/tara', '--no-headers'],
      0,
      /^tom +tom@example.com[^\n]*\ntara .*removed on request\n$/,
    ],
    ['reader', ['status', '--phase', 'Wrong'], 2, /'--phase <phase>' argument 'Wrong' is invalid/],
    ['reader', ['status', 'tom', '-o', 'yaml'], 0, /login: code\n/],
    [
      'reader',
      ['status', 'tom', '-o', 'wide'],
      0,
      /PHASE +ENROLLED +SECRET +READY +WHY\ntom .* Enforced +2026-01-01T00:00:00Z +totp-[0-9a-f]{40} +True /,
    ],
    [
      'master',
      ['status', '-A', '--platform', 'tools'],
      0,
      /^NAMESPACE +PLATFORM [^]*\n\nNAMESPACE +ACCOUNT [^]*\npolicies +tom /,
    ],
    ['reader', ['-n', 'elsewhere', 'status', 'tom'], 1, /lacks the verb get on mailaccounts in namespace elsewhere/],
    ['reader', ['-n', 'elsewhere', 'status', 'tom', '-n', tenant], 0, /tom@example.com/],
    [
      'reader',
      ['report', '-o', 'csv'],
      0,
      /^namespace,account,[^]*policies,tara,tara@example.com,tools,no,,,,,,Removed,/,
    ],
    ['reader', ['report', '--platform', 'tools'], 0, /tess .*yes +<none> +20\d\d-[^ ]+Z/],
    [
      'reader',
      ['explain', 'tom'],
      0,
      /is asked for a code[^]*Secret +not readable with these rights[^]*nothing changes by itself/,
    ],
    [
      'master',
      ['explain', 'tom'],
      0,
      /Secret +read \(metadata only\)[^]*enrolment +a first code was accepted 2026-01-01T00:00:00Z/,
    ],
    ['reader', ['explain', 'ted'], 0, /is refused[^]*there is no such ExchangePlatform/],
  ])('%s: %j', (...row) => check(row));

  test('as JSON, for pipelines', async () => {
    const { stdout } = await stage.run('reader', ['report', '-o', 'json']);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ account: 'tom', demanded: 'yes', enrolledSince: '2026-01-01T00:00:00Z', offWhy: null }),
    );
    const explained = await stage.run('reader', ['explain', 'tina', '-o', 'json']);
    expect(JSON.parse(explained.stdout)).toMatchObject({ login: 'QR code', coming: [] });
  });

  test('explain at an instant, without the operator being asked', async () => {
    expect(
      await stage.run('helpdesk', ['suspend', 'tess', '--hours', '2', '--from', '2190-01-01T00:00:00Z']),
    ).toMatchObject({ code: 0 });
    await check([
      'reader',
      ['explain', 'tess', '--at', '2190-01-01T01:00:00Z'],
      0,
      /is asked for no code until 2190-01-01T02:00:00Z/,
    ]);
    await check(['reader', ['explain', 'tess', '--at', '2190-01-01T02:00:00Z'], 0, /is shown the QR code/]);
    await check([
      'reader',
      ['explain', 'tess'],
      0,
      /Coming\n +2190-01-01T00:00:00Z +a login is asked for no code until/,
    ]);
  });

  test.each<readonly [string, readonly object[], RegExp]>([
    [
      'a reset',
      [
        accountObject('tom', 'tools', { reset: { requestedAt: '2190-01-01T00:00:00Z' } }),
        accountObject('tina', 'tools', { suspension: { requestedAt: '2190-01-01T00:00:00Z', hours: 400 } }),
      ],
      /^1 login will meet a new QR, 1 suspension of 400 h is refused\n/,
    ],
    [
      'a platform switched off',
      [platformObject('tools', { state: 'Disabled' })],
      /^3 logins lose their second factor\n/,
    ],
    [
      'a new account',
      [accountObject('theo', 'tools')],
      /^1 new account\n {2}policies\/theo is a new account: its first login is shown a QR code/,
    ],
    ['nothing', [accountObject('tom', 'tools')], /^nothing changes for any login\n$/],
    [
      'what the API server refuses',
      [{ ...accountObject('tom', 'tools'), spec: 'SPEC' }],
      /<stdin>:1:\d+: the API server refuses this: spec: must be a map/,
    ],
    [
      'an object that is being deleted',
      [platformObject('dying', { state: 'Enabled' })],
      /ExchangePlatform dying is being deleted/,
    ],
    [
      'another address',
      [{ ...accountObject('tom', 'tools'), spec: { platformRef: { name: 'tools' }, address: 'x@example.com' } }],
      /MailAccount tom: spec\.address can't be changed/,
    ],
  ])('explain -f: what a pull request changes: %s', async (_, objects, says) => {
    const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
    const { stdout, stderr } = await stage.run('master', ['explain', '-f', '-'], { input });
    expect(stdout === '' ? stderr : stdout).toMatch(says);
  });

  test('explain -f reads YAML as the API server does', async () => {
    const [platform, spec] = ['platformRef: { name: tools }', 'address: tom@example.com, twoFactor: { state: off }'];
    const input = `apiVersion: exchange2fa.io/v1alpha1\nkind: MailAccount\nmetadata: { name: tom }\nspec: { ${platform}, ${spec} }\n`;
    const { code, stderr } = await stage.run('master', ['explain', '-f', '-'], { input });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /<stdin>:4:\d+: the API server refuses this: spec\.twoFactor\.state: must be a text, and is boolean: write it in quotes/,
    );
  });

  const instant = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

  test('status --watch goes on until Ctrl-C, each row with the time that it was seen', async () => {
    const watching = stage.run('reader', ['status', 'tina', '-w', '-o', 'json'], {
      signal: { name: 'SIGINT', whenOutputSays: '"no code"' },
    });
    const asTable = stage.run('reader', ['status', 'tina', '-w'], {
      signal: { name: 'SIGINT', whenOutputSays: 'no code' },
    });
    await stage.run('helpdesk', ['suspend', 'tina', '--hours', '1', '--wait']);
    const { code, stdout } = await watching;
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly login: string; readonly seenAt: string });
    expect(rows.at(-1)).toMatchObject({ login: 'no code', seenAt: expect.stringMatching(instant) as unknown });
    const [titles = '', ...lines] = (await asTable).stdout.trim().split('\n');
    expect(titles).toMatch(/^SEEN +ACCOUNT +ADDRESS /);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(lines.map(() => expect.stringMatching(instant) as unknown));
  });
});

describe('doctor', () => {
  test('sees what a reader may see, and says what it could not', async () => {
    const { code, stdout } = await stage.run('reader', ['doctor']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^unknown +CRD MailAccount: can't be read with these rights/m);
    expect(stdout).toMatch(/^ok +rights: .* may on mailaccounts in policies: get, list, watch$/m);
    expect(stdout).toMatch(
      /^failed +account ted: is refused at login \(PlatformNotFound\): create the ExchangePlatform nowhere/m,
    );
    expect(stdout).toMatch(/^unknown +Secrets:/m);
  });

  test('examines everything for who may see it', async () => {
    const { stdout } = await stage.run('master', ['doctor', '-o', 'json']);
    const checks = JSON.parse(stdout) as readonly { readonly about: string; readonly state: string }[];
    const states = Object.fromEntries(checks.map(({ about, state }) => [about, state]));
    expect(states).toMatchObject({
      'CRD MailAccount': 'ok',
      'CRD ExchangePlatform': 'ok',
      'policy mailaccount-verbs': 'ok',
      'policy totp-secrets': 'ok',
      'policy verify-writes-only-totp': 'ok',
      operator: 'failed',
      clock: 'ok',
      rights: 'warning',
      Secrets: 'ok',
      'account ted': 'failed',
    });
  });

  test('finds a Secret that breaks the contract', async () => {
    const broken = {
      metadata: { annotations: { 'exchange2fa.io/failures': 'x' } },
    };
    expect(await ask({ method: 'PATCH', path: secretPath('tess'), body: broken })).toMatchObject({ status: 200 });
    await untilPhase('tess', 'Blocked');
    const { stdout } = await stage.run('master', ['doctor']);
    expect(stdout).toMatch(/^failed +Secret totp-[0-9a-f]{40}: annotation exchange2fa\.io\/failures can't be trusted/m);
    expect(stdout).toMatch(
      /^failed +account tess: is refused at login \(SecretInvalid\): restore its Secret, or kubectl twofactor reset tess/m,
    );
  });
});

describe('qr', () => {
  test.each<Row>([
    ['master', ['qr', 'tina'], 1, /no terminal: a secret is not written to a pipe without --force/],
    ['reader', ['qr', 'tina', '--force'], 1, /do not include get on secrets in namespace policies/],
    [
      'master',
      ['qr', 'tom', '--force'],
      1,
      /tom is enrolled since 2026-01-01T00:00:00Z: its QR code is not shown again; kubectl twofactor reset tom/,
    ],
    ['master', ['qr', 'tara', '--force'], 1, /no QR code to show for tara: its second factor is off/],
    ['master', ['qr', 'tina', '--svg', 'a', '--png', 'b'], 2, /not both/],
    ['master', ['qr', 'tina', '--svg', '/nowhere/a.svg'], 1, /can't be written: ENOENT/],
  ])('%s: %j', (...row) => check(row));

  test('writes a file that only its owner reads, with the otpauth URI of the Secret', async () => {
    const file = join(folder, 'tina.png');
    expect(await stage.run('master', ['qr', 'tina', '--png', file])).toMatchObject({ code: 0, stdout: '' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { width, height, data } = PNG.sync.read(await readFile(file));
    const { body } = await ask({ method: 'GET', path: secretPath('tina') });
    const uri = (body['data'] as Readonly<Record<string, string>>)['otpauth-uri'] ?? '';
    expect(
      jsQR.default(new Uint8ClampedArray(data), width, height)?.data === Buffer.from(uri, 'base64').toString(),
    ).toBe(true);
    await check(['master', ['qr', 'tina', '--png', file], 1, /is there already: name a new file/]);
    const svg = join(folder, 'tina.svg');
    expect(await stage.run('master', ['qr', 'tina', '--svg', svg])).toMatchObject({ code: 0, stdout: '' });
    expect((await stat(svg)).mode & 0o777).toBe(0o600);
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg /);
  });
});

describe('as a plugin of kubectl', () => {
  const main = join(import.meta.dirname, '../../../src/cli/main.ts');
  const path = process.env['PATH'] ?? '';

  beforeAll(async () => {
    const links = join(folder, 'links');
    await mkdir(links);
    for (const name of ['kubectl-twofactor', 'kubectl_complete-twofactor']) {
      await symlink(main, join(links, name));
      await writeFile(join(folder, name), `#!/bin/sh\nexec "${process.execPath}" "${join(links, name)}" "$@"\n`);
      await chmod(join(folder, name), 0o755);
    }
    process.env['PATH'] = `${folder}:${path}`;
  });

  afterAll(() => {
    process.env['PATH'] = path;
  });

  /** As it is typed: kubectl looks for a plugin only where no flag comes before its name. */
  const typed = (args: readonly string[]) => {
    const all = inject('kubectl');
    const flagAt = all.findIndex((word) => word.startsWith('-'));
    const cluster = { kubeconfig: inject('kubeconfig'), kubectl: flagAt < 0 ? all : all.slice(0, flagAt) };
    return kubectl(args, { cluster });
  };

  const complete = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await typed(['__complete', 'twofactor', ...words])).stdout.trim().split('\n');

  test('it is found', async () => {
    const { code, stdout } = await typed(['twofactor', 'status', 'tom', '-n', tenant]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('tom@example.com') as unknown });
  });

  test.each<readonly [readonly string[], readonly string[]]>([
    [['su'], ['suspend', ':4']],
    [
      ['suspend', '-n', tenant, 't'],
      ['tara', 'ted', 'tess', 'tina', 'tom', ':4'],
    ],
    [
      ['suspend', '-n', tenant, '--platform', ''],
      ['dying', 'tools', ':4'],
    ],
    [
      ['status', '--phase', 'En'],
      ['Enrolling', 'Enforced', ':4'],
    ],
    [
      ['status', '-n', tenant, '--platform=to'],
      ['tools', ':4'],
    ],
    [
      ['suspend', '--dry-run=s'],
      ['server', ':4'],
    ],
    [
      ['import', '--format', 'o'],
      ['otpauth', 'oath', ':4'],
    ],
    [
      ['status', '-o', ''],
      ['table', 'wide', 'json', 'yaml', 'name', ':4'],
    ],
    [
      ['reset', '--wi'],
      ['--with-code', ':4'],
    ],
    [['validate', ''], [':0']],
    [['nothing', ''], [':4']],
  ])('completes %j', async (words, wanted) => {
    expect(await complete(...words)).toEqual(wanted);
  });

  test('with names from accounts, without a cluster nothing', async () => {
    const elsewhere = await typed(['__complete', 'twofactor', 'status', '--kubeconfig', '/nowhere', 't']);
    expect(elsewhere.stdout.trim()).toBe(':4');
    expect((await ask({ method: 'GET', path: `${accountsPath}/tom` })).status).toBe(200);
  });
});

describe('as it is built', () => {
  // beside the folder crds, as in the package
  const built = join(import.meta.dirname, '../../../node_modules/.cache/exchange2fa/cli-test');

  beforeAll(async () => {
    const build = join(import.meta.dirname, '../../../dev/build.ts');
    await promisify(execFile)(process.execPath, [build, '--out', built]);
  });

  afterAll(() => rm(built, { recursive: true }));

  test.each<readonly [readonly string[], RegExp]>([
    [['status', 'tom'], /tom@example\.com/],
    [['explain', 'tom'], /is asked for a code/],
    [['report', '-o', 'csv'], /^namespace,/],
    [['suspend', 'tom', '--hours', '1', '--print'], /^apiVersion: exchange2fa\.io/],
    [['validate', 'manifests/samples/20-anna.yaml'], /^$/],
    [['doctor', '-o', 'json'], /^\[/],
  ])('it runs %j', async (args, says) => {
    const child = promisify(execFile)(process.execPath, [join(built, 'cli.js'), ...args], {
      env: { PATH: process.env['PATH'], KUBECONFIG: stage.kubeconfig('reader') },
    });
    const { stdout } = await child.catch((error: unknown) => error as { readonly stdout: string });
    expect(stdout).toMatch(says);
  });
});
