import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isEnrollmentCode } from '../../../src/api/enrollment-code.ts';
import { ask } from '../../support/api-request.ts';
import { runCli, type CliOptions } from '../../support/cli-process.ts';
import type { FaultProxy } from '../../support/fault-proxy.ts';
import { statusBody } from '../kube/requests.ts';
import {
  accountObject,
  accountsPath,
  applyAsGit,
  applyObjects,
  CliStage,
  enrol,
  platformObject,
  untilPhase,
} from './stage.ts';

let stage: CliStage;
let proxy: FaultProxy;
let kubeconfig: string;

const many = Array.from({ length: 60 }, (_, index) => `many-${index}`);

beforeAll(async () => {
  stage = await CliStage.prepare();
  await applyObjects([
    platformObject('mail', { state: 'Enabled', accountDefault: 'Enabled' }),
    platformObject('wide', { state: 'Enabled', accountDefault: 'Enabled' }),
    accountObject('anna', 'mail'),
    accountObject('ben', 'mail'),
    ...many.map((name) => accountObject(name, 'wide')),
  ]);
  await untilPhase('anna', 'Enrolling');
  await untilPhase('ben', 'Enrolling');
  await enrol('ben');
  ({ proxy, kubeconfig } = await stage.throughProxy('helpdesk'));
});

afterEach(() => proxy.reset());
afterAll(async () => {
  await proxy.close();
  await stage.end();
});

const run = (args: readonly string[], options: CliOptions = {}) => runCli(args, { ...options, kubeconfig });

interface Factor {
  readonly suspension?: { readonly requestedAt: string };
  readonly reset?: { readonly requestedAt: string };
  readonly enrollmentCode?: { readonly hash: string };
}

const factorOf = async (name: string): Promise<Factor> => {
  const { body } = await ask({ method: 'GET', path: `${accountsPath}/${name}` });
  return (body['spec'] as { readonly twoFactor?: Factor }).twoFactor ?? {};
};

/** A request of this date is waited for, and not yet in force. */
const inHalfAMinute = (): string => new Date(Date.now() + 30_000).toISOString().replace(/\.\d{3}Z$/, 'Z');

const patches = (): number => proxy.requests.filter(({ method }) => method === 'PATCH').length;
const patchOf = (name: string): RegExp => new RegExp(`/mailaccounts/${name}\\?`);
const internal = { do: 'respond', status: 500, body: statusBody(500, 'InternalError') } as const;

describe('a write of which nothing is known', () => {
  test('is looked for, and not sent again if it is there', async () => {
    proxy.add({ method: 'PATCH', path: patchOf('anna'), nth: 1, act: { do: 'drop-after' } });
    const { code, stdout } = await run(['unlock', 'anna']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('anna unlocked') as unknown });
    expect(patches()).toBe(1);
  });

  test.each([
    ['a connection cut before', { do: 'drop-before' }],
    ['a 500', internal],
  ] as const)('is sent again after %s', async (what, act) => {
    proxy.add({ method: 'PATCH', path: patchOf('anna'), nth: 1, act });
    const { code } = await run(['unlock', 'anna', '--reason', what]);
    expect(code).toBe(0);
    expect(patches()).toBe(2);
  });

  test('stays uncertain where every answer is a 500', async () => {
    proxy.add({ method: 'PATCH', path: patchOf('anna'), act: internal });
    const { code, stderr } = await run(['unlock', 'anna', '--reason', 'never']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^uncertain: anna: /) as unknown });
    expect(patches()).toBe(4);
  });
});

describe('a server that has too much to do', () => {
  const suspend = ['suspend', '--platform', 'wide', '--all', '--hours', '1', '--yes', '-o', 'name'];

  test('is waited for as long as it says and others get through', async () => {
    const storm = { do: 'respond', status: 429, headers: { 'retry-after': '11' }, body: '' } as const;
    for (let nth = 1; nth <= 20; nth++) proxy.add({ method: 'PATCH', path: /mailaccounts/, nth, act: storm });
    const began = performance.now();
    const { code, stdout, stderr } = await run(suspend);
    expect({ code, done: stdout.trim().split('\n').length }).toEqual({ code: 0, done: many.length });
    expect(stderr).toContain('The API server has too much to do');
    expect(stderr).toMatch(/60 done, 0 unchanged, 0 failed, of 60/);
    expect(performance.now() - began).toBeGreaterThan(11_000);
  });

  test('ends well at Ctrl-C: what waits is not written, and that is said', async () => {
    await run(['resume', '--platform', 'wide', '--all', '--yes']);
    proxy.add({
      method: 'PATCH',
      path: patchOf('many-[1-9].*'),
      act: { do: 'respond', status: 429, headers: { 'retry-after': '30' }, body: '' },
    });
    const { code, stderr } = await run(suspend, { signal: { name: 'SIGINT', whenOutputSays: 'many-0' } });
    expect(code).toBe(130);
    const [, done, failed, notBegun] =
      /Interrupted: (\d+) done, 0 unchanged, (\d+) failed, (\d+) not begun, of 60/.exec(stderr) ?? [];
    expect({ done, all: Number(done) + Number(failed) + Number(notBegun) }).toEqual({ done: '1', all: many.length });
    expect((await factorOf('many-1')).suspension).toBeUndefined();
  });
});

describe('Ctrl-C twice', () => {
  test('ends what is under way, and says that its outcome is not known', async () => {
    const held = proxy.add({ method: 'PATCH', path: patchOf('anna'), act: { do: 'stall' } });
    const { code, stderr } = await run(['code', 'anna'], {
      signal: { name: 'SIGINT', times: 2, when: () => held.matches() > 0 },
    });
    expect(code).toBe(130);
    expect(stderr).toContain('Interrupted again: ending at once.');
    expect(stderr).toMatch(/uncertain: anna: interrupted while it was under way/);
    // the hash may have reached the API server
    expect(stderr).toMatch(/code (\w{4}-){3}\w{4} +valid until \S+, if it was issued at all/);
  });

  test('in a wait, once is enough', async () => {
    const { code, stderr } = await run(['reset', 'many-0', '--requested-at', inHalfAMinute(), '--wait'], {
      signal: { name: 'SIGINT', whenOutputSays: 'reset, due' },
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/uncertain: many-0: requested; whether it is in force is not known: interrupted/);
  });
});

test('Ctrl-C twice in an import says what was done, what is uncertain and what was not begun', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-import-'));
  const addresses = Array.from({ length: 60 }, (_, index) => `cut-${index}@example.com`);
  const file = join(folder, 'seeds.csv');
  await writeFile(file, addresses.map((address) => `${address},GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ`).join('\n'));
  const master = await stage.throughProxy('master');
  const secrets = { method: 'POST', path: /\/secrets/ } as const;
  const passed = 3;
  const held = Array.from({ length: addresses.length - passed }, (_, index) =>
    master.proxy.add({ ...secrets, nth: passed + index + 1, act: { do: 'stall' } }),
  );
  const { code, stdout, stderr } = await runCli(['import', '--format', 'csv', '--platform', 'mail', '--yes', file], {
    kubeconfig: master.kubeconfig,
    signal: { name: 'SIGINT', times: 2, when: (out) => out.split('\n').length > passed && held[0]?.matches() === 35 },
  });
  await Promise.all([master.proxy.close(), rm(folder, { recursive: true })]);
  const notBegun = [...stderr.matchAll(/^ {2}(\S+)$/gm)];
  expect(code).toBe(130);
  expect(stdout.trim().split('\n')).toHaveLength(passed);
  expect(notBegun).toHaveLength(25);
  const [, uncertain = ''] = /^uncertain: 32 accounts \((.*)\): interrupted while/m.exec(stderr) ?? [];
  const named = uncertain.split(', ');
  expect(new Set(named).size).toBe(32);
  expect(addresses).toEqual(expect.arrayContaining(named));
  expect(stderr).toContain('Interrupted: 3 imported, 0 unchanged, 0 failed, 32 uncertain, 25 not begun, of 60');
});

test('Ctrl-C in an import finishes what is under way, and names what was not begun', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-import-'));
  const addresses = Array.from({ length: 60 }, (_, index) => `late-${index}@example.com`);
  const file = join(folder, 'seeds.csv');
  await writeFile(file, addresses.map((address) => `${address},GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ`).join('\n'));
  const master = await stage.throughProxy('master');
  const held = master.proxy.add({ method: 'POST', path: /\/secrets/, act: { do: 'delay', ms: 1000 } });
  const { code, stdout, stderr } = await runCli(['import', '--format', 'csv', '--platform', 'mail', '--yes', file], {
    kubeconfig: master.kubeconfig,
    signal: { name: 'SIGINT', when: () => held.matches() > 0 },
  });
  await Promise.all([master.proxy.close(), rm(folder, { recursive: true })]);
  const done = stdout.trim().split('\n').length;
  const notBegun = [...stderr.matchAll(/^ {2}(\S+)$/gm)].map(([, address]) => address);
  expect({ code, all: done + notBegun.length }).toEqual({ code: 130, all: addresses.length });
  expect(stderr).toContain(`Interrupted: ${done} imported, 0 unchanged, 0 failed, ${notBegun.length} not begun, of 60`);
});

/** The enrolment codes that a text shows. */
const codesIn = (text: string): readonly string[] =>
  [...text.matchAll(/code ((?:\w{4}-){3}\w{4})/g)].map(([, code = '']) => code);

describe('an enrolment code whose hash was written is shown once', () => {
  const isCodeOf = async (name: string, code: string | undefined): Promise<boolean> =>
    isEnrollmentCode(code ?? '', (await factorOf(name)).enrollmentCode?.hash ?? '');

  test.each(['json', 'yaml', 'name'])('beside -o %s', async (form) => {
    const { stdout, stderr } = await run(['code', 'anna', '-o', form]);
    expect(codesIn(stdout)).toEqual([]);
    expect(codesIn(stderr)).toHaveLength(1);
    expect(await isCodeOf('anna', codesIn(stderr)[0])).toBe(true);
    if (form === 'json') expect(JSON.parse(stdout)).toMatchObject({ metadata: { name: 'anna' } });
    if (form === 'name') expect(stdout).toBe('mailaccount.exchange2fa.io/anna\n');
  });

  test('after a reset of which only the code was written', async () => {
    proxy.add({
      method: 'PATCH',
      path: /fieldManager=exchange2fa-reset/,
      act: { do: 'respond', status: 422, body: statusBody(422, 'Invalid') },
    });
    const { code, stdout, stderr } = await run(['reset', 'anna', '--with-code']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('spec.twoFactor.enrollmentCode is written, but the rest is not');
    expect(await isCodeOf('anna', codesIn(stderr)[0])).toBe(true);
  });

  test('and not where it was not written', async () => {
    proxy.add({
      method: 'PATCH',
      path: /fieldManager=exchange2fa-enrollment-code/,
      act: { do: 'respond', status: 422, body: statusBody(422, 'Invalid') },
    });
    const { code, stdout, stderr } = await run(['reset', 'anna', '--with-code']);
    expect({ code, codes: codesIn(stdout + stderr) }).toEqual({ code: 1, codes: [] });
  });

  test('where Git owns the field, for when its hash is committed', async () => {
    const enrollmentCode = { hash: `sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`, expiresAt: '2199-01-01T00:00:00Z' };
    await applyAsGit([accountObject('gitta', 'mail', { enrollmentCode })]);
    const { code, stdout, stderr } = await run(['code', 'gitta']);
    expect(code).toBe(1);
    const hash = /hash: (\S+)/.exec(stdout)?.[1] ?? '';
    expect(stderr).toContain('once the change is committed');
    expect(isEnrollmentCode(codesIn(stderr)[0] ?? '', hash)).toBe(true);
    expect((await factorOf('gitta')).enrollmentCode).toEqual(enrollmentCode);
  });

  test('where nobody reads standard output any more', async () => {
    const { stderr } = await run(['code', 'anna'], { closesOutput: true });
    expect(await isCodeOf('anna', codesIn(stderr)[0])).toBe(true);
  });
});

describe('a watch', () => {
  const watching = /mailaccounts\?.*watch=true/;
  const forbidden = {
    do: 'respond',
    status: 403,
    body: statusBody(403, 'Forbidden', { message: 'may not' }),
  } as const;

  test('without the right to it says so, and ends', async () => {
    proxy.add({ method: 'GET', path: watching, act: forbidden });
    for (const args of [
      ['status', '-w'],
      ['unlock', 'anna', '--wait'],
    ]) {
      const { code, stderr } = await run(args);
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^error: .*ask its administrator/m) as unknown,
      });
    }
  });

  test('which is cut goes on', async () => {
    proxy.add({ method: 'GET', path: watching, nth: 1, act: { do: 'cut', afterEvents: 1 } });
    proxy.add({ method: 'GET', path: watching, nth: 2, act: { do: 'drop-before' } });
    const { code, stderr } = await run(['status', '-w', '-o', 'name'], {
      signal: { name: 'SIGINT', when: (_, said) => said.includes('The watch goes on.') },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/The watch is interrupted: .*Trying again\.\nThe watch goes on\./);
  });

  test('ends when nobody reads it any more', async () => {
    expect(await run(['status', '-w', '-o', 'name'], { closesOutput: true })).toMatchObject({ code: 0, stderr: '' });
  });

  test('says what was away when the waiting is over', async () => {
    proxy.add({ method: 'GET', path: watching, act: { do: 'drop-before' } });
    const { code, stderr } = await run(['unlock', 'anna', '--wait', '--timeout', '3s']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /anna: requested; whether it is in force is not known after 3 s: the API server .* can't be reached/,
    );
  });

  test('for an account that is deleted ends', async () => {
    await applyObjects([accountObject('gone', 'mail')]);
    const deleted = async (): Promise<void> => {
      await ask({ method: 'DELETE', path: `${accountsPath}/gone` });
    };
    proxy.add({
      method: 'GET',
      path: watching,
      nth: 1,
      act: { do: 'hook', run: deleted },
    });
    const { code, stderr } = await run(['unlock', 'gone', '--requested-at', inHalfAMinute(), '--wait']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it was deleted meanwhile') as unknown,
    });
  });
});

test('rights are reviewed and the refusal is told once for all that is refused', async () => {
  const { code, stderr } = await run(['remove', '--platform', 'wide', '--all', '--yes']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: 60 accounts \(many-\d+, .* and 55 more; each with -o name\): .* lacks the verb remove/,
  );
  expect(stderr.match(/lacks the verb remove/g)).toHaveLength(1);
  expect(proxy.requests.filter(({ path }) => path.includes('reviews')).length).toBeLessThan(10);
});

test('a request is repeated by its date', async () => {
  const first = await run(['reset', 'ben']);
  const [, at = ''] = /requested (\S+);/.exec(first.stdout) ?? [];
  const before = await ask({ method: 'GET', path: `${accountsPath}/ben` });
  proxy.forget();
  const again = await run(['reset', 'ben', '--requested-at', at, '--wait']);
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`reset of ${at} was requested before`) as unknown,
  });
  expect(patches()).toBe(0);
  const after = await ask({ method: 'GET', path: `${accountsPath}/ben` });
  expect(after.body['spec']).toEqual(before.body['spec']);
});
