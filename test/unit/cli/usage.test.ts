import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli-process.ts';

describe('a command that cannot be understood ends with 2', () => {
  test.each([
    [['statu'], "unknown command 'statu'\n(Did you mean status?)"],
    [['suspend', 'anna'], '--hours is missing: say how many hours, 1 to 8760'],
    [['suspend', 'anna', '--hours', '0'], '--hours 0 is not allowed: whole hours, 1 to 8760'],
    [
      ['suspend', 'anna', '--hours', '4', '--from', 'tomorrow'],
      '--from tomorrow is not allowed: an instant of the years 2000 to 2199',
    ],
    [['suspend', 'anna', '--hours', '4', '--from', '2020-01-01T00:00:00Z'], 'lie in the past'],
    [['suspend', 'anna', '--hours', '4', '--reason', 'x'.repeat(257)], '--reason is longer than 256 characters'],
    [
      ['suspend', 'anna', '--hours', '4', '--dry-run=maybe'],
      "'--dry-run [how]' argument 'maybe' is invalid. Allowed choices are client, server, none.",
    ],
    [['reset', 'anna', '--print', '--wait'], '--print writes nothing that --wait could wait for'],
    [['reset', 'anna', '--timeout', 'soon'], '--timeout soon is not a duration'],
    [['reset', 'anna', '--print', '-o', 'json'], '--print writes YAML for a commit: not with -o json'],
    [['reset', 'anna', '--requested-at', 'now'], '--requested-at now is not allowed: an instant'],
    [['code', 'anna', '--valid-hours', 'x'], '--valid-hours x is not allowed'],
    [['reset', 'anna', '-o', 'xml'], "argument 'xml' is invalid. Allowed choices are text, name, json, yaml."],
    [['explain'], 'name an account, or files with -f'],
    [['explain', 'anna', '--at', 'noon'], '--at noon is not allowed: an instant'],
    [['reset', 'anna', '--requested-at', '1999-12-31T23:59:59Z'], 'years 2000 to 2199'],
    [['reset', 'anna', '--valid-hours', '4'], '--valid-hours is of an enrolment code: say --with-code too'],
    [['reset', 'anna', '--timeout', '9s'], '--timeout is of --wait: say --wait too'],
    [['import', 'x', '--platform', 'p', '--format', 'foo'], "argument 'foo' is invalid. Allowed choices are otpauth"],
    [['status', '--phase', 'Wrong'], "argument 'Wrong' is invalid. Allowed choices are Off, Suspended"],
    [['-A', 'status'], "unknown option '-A'"],
    [['validate'], 'name files, or - for standard input'],
    [['validate', 'x', '-o', 'xml'], "argument 'xml' is invalid. Allowed choices are text, json, github."],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });
});

describe('what goes wrong ends with 1 and one sentence', () => {
  test.each([
    [['status', '--kubeconfig', '/nope'], 'error: --kubeconfig: there is no file /nope\n'],
    [['--kubeconfig', '/nope', 'status'], 'error: --kubeconfig: there is no file /nope\n'],
    [['--kubeconfig=/there', 'status', '--kubeconfig', '/nope'], 'error: --kubeconfig: there is no file /nope\n'],
    [
      ['-n', 'mail', '--kubeconfig', '/nope', 'reset', 'anna', '--reason', '-n other'],
      'error: --kubeconfig: there is no file /nope\n',
    ],
    [['status'], 'error: no kubeconfig was found: name one with --kubeconfig or KUBECONFIG\n'],
    [['validate', '/nope.yaml'], "error: /nope.yaml can't be read: there is no such file\n"],
  ])('%j', async (args, sentence) => {
    expect(await runCli(args)).toEqual({ code: 1, stdout: '', stderr: sentence });
  });

  test.each([
    [['status', 'anna']],
    // an empty text is none, as with kubectl: a variable that is not set
    [['status', 'anna', '--context', '', '--kubeconfig', '']],
    [['status', '--watch']],
  ])('a server that is not there: %j', async (args) => {
    const kubeconfig = JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
      users: [{ name: 'u', user: {} }],
    });
    const folder = await mkdtemp(join(tmpdir(), 'cli-test-'));
    await writeFile(join(folder, 'config'), kubeconfig);
    const { code, stderr } = await runCli(args, { kubeconfig: join(folder, 'config') });
    await rm(folder, { recursive: true });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: the API server http:\/\/127\.0\.0\.1:1 can't be reached \(.+\): check the network, --kubeconfig and --context\n$/,
    );
  });
});

test('whoever reads no further ends nothing, and nothing is said of it', async () => {
  const { code, stderr } = await runCli(['--help'], { closesOutput: true });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('--help says every command and ends with 0', async () => {
  const { code, stdout } = await runCli(['--help']);
  expect(code).toBe(0);
  for (const command of [
    'status',
    'explain',
    'report',
    'suspend',
    'resume',
    'reset',
    'unlock',
    'remove',
    'enable',
    'code',
    'validate',
    'doctor',
    'qr',
    'import',
  ]) {
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  }
});
