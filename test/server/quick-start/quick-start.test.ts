import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Person } from '../../../dev/webmail/person.ts';
import { secretNameFor } from '../../../src/api/names.ts';
import { kubectl, kubectlOk } from '../../support/kubectl.ts';
import { QuickStart } from './quick-start-process.ts';

let quickStart: QuickStart;

beforeAll(async () => {
  quickStart = new QuickStart();
  await quickStart.says(/Ctrl-C ends/);
});

afterAll(async () => {
  quickStart.signal('SIGKILL');
  await quickStart.ended;
  await kubectlOk(['delete', 'namespace', 'mail-demo', '--ignore-not-found']);
});

const removed = '{"spec":{"twoFactor":{"state":"Removed"}}}';

const phaseOf = (name: string): Promise<string> =>
  kubectlOk(['get', 'ma', name, '-n', 'mail-demo', '-o', 'jsonpath={.status.phase}']);

/** The lines under a comment, as a person copies them. */
function commandAfter(comment: string): string {
  const [, block = ''] = quickStart.output.split(`# ${comment}`);
  const [, command = ''] = /^[^\n]*\n([^]*?)\n\n/.exec(block) ?? [];
  return command;
}

/** What makes the commands work, as it is printed: KUBECONFIG, kubectl where it is not installed, and the plugin. */
function setup(): readonly string[] {
  const [, next = ''] = quickStart.output.split('Try next, in another terminal');
  const [lines = ''] = next.split('#');
  return lines.split('\n').filter((line) => line.startsWith('  '));
}

async function shell(lines: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const { stdout } = await promisify(execFile)('/bin/sh', ['-ec', lines.join('\n')], { env });
  return stdout;
}

/** Pasted into a shell that knows nothing else. */
async function paste(command: string): Promise<string> {
  expect(command).not.toBe('');
  return shell([...setup().map((line) => line.replace(/ && npm run --silent build$/, '')), command]);
}

describe('npm start', () => {
  test('shows every phase', async () => {
    const phases = ['Enforced', 'Enrolling', 'Suspended', 'Off', 'Locked', 'Blocked'];
    const shown = phases.filter((phase) => quickStart.output.includes(` ${phase} `));
    expect(shown).toEqual(phases);
    const present = await kubectlOk(['get', 'ma', '-n', 'mail-demo', '-o', 'jsonpath={.items[*].status.phase}']);
    expect(new Set(present.split(' '))).toEqual(new Set(phases));
  });

  test('shows them as kubectl does, with the platform counted to the last account', () => {
    expect(quickStart.output).toMatch(
      /\nNAME +STATE +DEFAULT +TOTAL .*\nexample-mail +Enabled +Enabled +6 +1 +2 +1 +0 +True /,
    );
    expect(quickStart.output).toMatch(/\nanna +anna@example.com +example-mail +Enforced +True /);
    expect(quickStart.output).toMatch(/\nfay +fay@example.com +exmaple-mail +Blocked +False /);
  });

  test('shows a QR code, and fits a terminal of 100 columns', () => {
    const lines = quickStart.output.split('\n');
    expect(lines.filter((line) => /^[█▀▄ ]{40,}$/.test(line)).length).toBeGreaterThan(15);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  test('never shows a seed', async () => {
    const items = '{range .items[*]}{.data.seed}{" "}{end}';
    const seeds = await kubectlOk(['get', 'secrets', '-n', 'mail-demo', '-o', `jsonpath=${items}`]);
    const plain = seeds
      .split(' ')
      .filter(Boolean)
      .map((seed) => Buffer.from(seed, 'base64').toString());
    expect(plain.length).toBeGreaterThan(3);
    expect(plain.filter((seed) => quickStart.output.includes(seed))).toEqual([]);
  });

  test('its commands for the JSON API work when pasted', async () => {
    const said = await paste(commandAfter('ask the JSON API, as a login service of your own would'));
    const [login, enroll, verify] = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(login).toMatchObject({ result: 'code' });
    expect(enroll).toMatchObject({ result: 'shown', issuer: 'Example Mail' });
    expect(verify).toMatchObject({ type: 'https://exchange2fa.io/problems/wrong-code' });
  });

  test('says how the plugin comes on the PATH', async () => {
    expect(setup().filter((line) => line.includes('npm run --silent build'))).toHaveLength(1);
    await shell(setup());
  });

  test.each([
    ["suspend Anna's second factor for an hour: it comes back by itself", 'anna', 'Suspended'],
    ['resume before that: codes are asked for again at once', 'anna', 'Enforced'],
    ['reset it, for a new phone: the old seed is void, and the next login shows a new QR code', 'anna', 'Enrolling'],
    ['let Emil in again', 'emil', 'Enrolling'],
    ["remove Gil's: the seed is erased", 'gil', 'Off'],
    ['enable it again: another seed, and a new QR code', 'gil', 'Enrolling'],
    ["end Carl's suspension as it was asked for, in YAML: his sample's file owns it", 'carl', 'Enrolling'],
  ])('its command works when pasted: %s', async (comment, name, phase) => {
    expect(await paste(commandAfter(comment))).toContain(`mailaccount.exchange2fa.io/${name} `);
    await expect.poll(() => phaseOf(name), { timeout: 10_000 }).toBe(phase);
    await quickStart.says(new RegExp(`${name} .*${phase} .*\\.\\n`));
  });

  test('and so do those that only look', async () => {
    const shown = await paste(commandAfter('look'));
    expect(shown).toContain('anna@example.com');
    expect(shown).toContain('nothing changes by itself');
    expect(shown).toContain('Events:');
    expect(shown).toContain('FIELDS:');
  });

  test('a newcomer takes the code from the terminal and is in; the next login asks for the next code', async () => {
    const address = 'ben@example.com';
    const [, webmail = ''] = /(http:\/\/127\.0\.0\.1:\d+) +a demonstration webmail/.exec(quickStart.output) ?? [];
    const ben = new Person(webmail);
    const shown = ['get', 'secret', secretNameFor(address) ?? '', '-n', 'mail-demo', '-o'];
    const firstShown = 'jsonpath={.metadata.annotations.exchange2fa\\.io/first-shown-at}';
    // Else the page would warn the newcomer of somebody who has seen the QR code before.
    expect(await kubectlOk([...shown, firstShown])).toBe('');
    expect(await ben.signIn(address)).toMatchObject({ kind: 'enroll' });
    expect(await kubectlOk([...shown, firstShown])).toMatch(/Z$/);
    await quickStart.says(/ben has typed the password.*\n( +\d{6} +until [\d:]+Z\n){3}/);
    const [present = '', next = ''] = [...quickStart.output.matchAll(/\n +(\d{6}) +until/g)].map(([, code]) => code);
    expect(await ben.typeCode(present)).toEqual({ kind: 'inbox', said: 'a code was accepted' });
    expect(await ben.signIn(address)).toEqual({ kind: 'code' });
    expect(await ben.typeCode(next)).toEqual({ kind: 'inbox', said: 'a code was accepted' });

    const patch = (twoFactor: object) =>
      kubectlOk([
        'patch',
        'ma',
        'ben',
        '-n',
        'mail-demo',
        '--type',
        'merge',
        '-p',
        JSON.stringify({ spec: { twoFactor } }),
      ]);
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    await patch({ suspension: { requestedAt: now, hours: 1 } });
    await expect.poll(() => phaseOf('ben'), { timeout: 10_000 }).toBe('Suspended');
    expect(await ben.signIn(address)).toMatchObject({
      kind: 'inbox',
      said: expect.stringMatching(/^no code was asked for: Suspended, until /) as string,
    });
    await patch({ suspension: null, reset: { requestedAt: now } });
    await expect.poll(() => phaseOf('ben'), { timeout: 10_000 }).toBe('Enrolling');
    expect(await ben.signIn(address)).toMatchObject({ kind: 'enroll' });
  });

  test('ends with Ctrl-C, and takes its operator and its files with it', async () => {
    const [, kubeconfig = ''] = /export KUBECONFIG=(\S+)/.exec(quickStart.output) ?? [];
    expect(existsSync(kubeconfig)).toBe(true);
    quickStart.signal('SIGINT');
    await quickStart.says(/\nEnding the operator[^\n]* …\n/);
    expect(await quickStart.ended).toBe(0);
    expect(existsSync(kubeconfig)).toBe(false);
    const holder = [
      'get',
      'lease',
      'exchange2fa-operator',
      '-n',
      'exchange2fa-system',
      '-o',
      'jsonpath={.spec.holderIdentity}',
    ];
    expect((await kubectl(holder)).stdout).toBe('');
  });

  test('starts again on a cluster where the accounts are as somebody left them', async () => {
    await kubectlOk(['patch', 'ma', 'gil', '-n', 'mail-demo', '--type=merge', '-p', removed]);
    const again = new QuickStart();
    try {
      await again.says(/Ctrl-C ends/);
      expect(await phaseOf('gil')).toBe('Off');
      again.signal('SIGINT');
      expect(await again.ended).toBe(0);
    } finally {
      again.signal('SIGKILL');
    }
  });
});
