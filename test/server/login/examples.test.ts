import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { annotationsOf, anAddress, code, enrolled, given, namespace, raise, type Stage, unscanned } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await raise();
});
afterAll(() => stage.lower());

interface Said {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = async (
  command: readonly [string, ...string[]],
  cwd: string,
  more: readonly string[],
  environment = stage.environment,
): Promise<Said> => {
  const [program, ...first] = command;
  const child = spawn(program, [...first, ...more], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
};

describe.each([
  ['Python', ['python3', 'login.py'], ['python3', 'vectors.py'], 'examples/python'],
  ['Go', ['go', 'run', '.'], ['go', 'run', '.', 'vectors'], 'examples/go'],
] as const)('the example in %s', (_, command, vectors, folder) => {
  const login = async (address: string, typed: string) => {
    const { stdout, exitCode } = await run([...command], folder, ['login-tenant', address, typed]);
    return { exitCode, ...(JSON.parse(stdout) as Readonly<Record<string, unknown>>) };
  };

  test('passes all vectors', async () => {
    const { stdout, exitCode } = await run([...vectors], folder, ['../../test/vectors']);
    expect(stdout.trim()).toMatch(/^(\d{3}) of \1 vectors pass$/);
    expect(exitCode).toBe(0);
  });

  test('logs in against the real API server, with the rights of a login and under the policies', async () => {
    const address = anAddress();
    await given(address, unscanned);
    const typed = code();
    expect(await login(address, typed)).toMatchObject({ exitCode: 0, answer: 'accepted', firstCode: true });
    expect(await login(address, typed)).toMatchObject({ exitCode: 1, answer: 'replayed' });
    expect(await login(address, '000000')).toMatchObject({ exitCode: 1, answer: 'wrong', wrongCodes: 1 });
    const { failures, attempt } = await annotationsOf(address);
    expect(JSON.parse(failures ?? '')).toMatchObject({ row: 1 });
    expect(attempt).toMatch(/^[-0-9A-Za-z]{20,}$/);
    expect((await stage.replicas[0].ask('login', stage.gatewayToken, { address })).body).toMatchObject({
      result: 'code',
      wrongCodes: 1,
    });
  });

  test('lets in who is suspended, and refuses who is not known', async () => {
    const address = anAddress();
    await given(address, { ...enrolled, suspended: '2026-01-01T00:00:00Z/2199-01-01T00:00:00Z' });
    expect(await login(address, '000000')).toMatchObject({ exitCode: 0, answer: 'none', reason: 'Suspended' });
    expect(await login(anAddress(), '000000')).toMatchObject({ exitCode: 1, answer: 'deny', reason: 'NoSecret' });
  });

  test('an environment that names no API server is wrong usage, and no verdict', async () => {
    const environment = { ...stage.environment, KUBE_SERVER: '' };
    const said = await run([...command], folder, ['login-tenant', anAddress(), '000000'], environment);
    expect(said).toMatchObject({ stdout: '', stderr: expect.stringContaining('lacks KUBE_SERVER') as string });
    // `go run` says 1, and in words what the program said.
    expect(said.exitCode === 2 || said.stderr.includes('exit status 2')).toBe(true);
  });
});

test('the commands of docs/secret-contract.md for the JSON API work when pasted', async () => {
  await given('anna@example.com', unscanned);
  const [, block = ''] =
    /```sh\n([^`]*\nask login [^`]*)```/.exec(readFileSync('docs/secret-contract.md', 'utf8')) ?? [];
  const commands = block
    .replace('https://login.example.com', stage.replicas[0].address)
    .replace('gateway -n mail', `gateway -n ${namespace}`)
    .replace('123456', code());
  const kubectl = `kubectl() { ${inject('kubectl')
    .map((part) => `'${part}'`)
    .join(' ')} "$@"; }`;
  const environment = { KUBECONFIG: inject('kubeconfig') };
  const said = await run(['sh', '-euc'], stage.folder, [`${kubectl}\n${commands}`], environment);
  expect(said).toMatchObject({ exitCode: 0, stderr: '' });
  const answers = said.stdout.trim().split('\n');
  expect(answers.map((line) => (JSON.parse(line) as { readonly result: string }).result)).toEqual([
    'enroll',
    'shown',
    'accepted',
  ]);
});
