import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { readKeys } from '../../../src/login/keys/key-files.ts';
import { kubectlOk } from '../../support/kubectl.ts';
import {
  annotationsOf,
  anAddress,
  code,
  enrolled,
  given,
  namespace,
  raise,
  type Stage,
  system,
  unscanned,
} from './stage.ts';

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

describe('the commands of docs/login-service.md work when pasted:', () => {
  const docs = readFileSync('docs/login-service.md', 'utf8');
  /** The commands of the block that has this in it. */
  const commandsWith = (part: string): string => {
    const blocks = [...docs.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
    return blocks.find((block) => block.includes(part)) ?? '';
  };
  const kubectl = (): string =>
    `kubectl() { ${inject('kubectl')
      .map((part) => `'${part}'`)
      .join(' ')} "$@"; }`;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(stage.folder, 'pasted-'));
  });
  const paste = async (commands: string): Promise<string> => {
    const environment = { KUBECONFIG: inject('kubeconfig') };
    const said = await run(['sh', '-euc'], folder, [`${kubectl()}\n${commands}`], environment);
    expect({ commands, ...said }).toMatchObject({ exitCode: 0, stderr: '' });
    return said.stdout;
  };

  test('the JSON API', async () => {
    const address = anAddress();
    await given(address, unscanned);
    const commands = commandsWith('\nask login ')
      .replace('https://login.example.com', stage.replicas[0].address)
      .replace('gateway -n mail', `gateway -n ${namespace}`)
      .replaceAll('anna@example.com', address)
      .replace('123456', code());
    const answers = (await paste(commands)).trim().split('\n');
    expect(answers.map((line) => (JSON.parse(line) as { readonly result: string }).result)).toEqual([
      'enroll',
      'shown',
      'accepted',
    ]);
  });

  test('the first keys, and one more', async () => {
    const today = new Date().toISOString().slice(0, 10);
    try {
      await paste(commandsWith('mkdir -m 700 keys').replace('$(date -u +%F)', '2026-01-01'));
      await paste(commandsWith('kubectl patch secret exchange2fa-login-keys'));
      const name = ['exchange2fa-login-keys', '-n', system];
      const { data } = JSON.parse(await kubectlOk(['get', 'secret', ...name, '-o', 'json'])) as {
        readonly data: Readonly<Record<string, string>>;
      };
      const mounted = join(folder, 'mounted');
      await mkdir(mounted);
      for (const [kid, text] of Object.entries(data))
        await writeFile(join(mounted, kid), Buffer.from(text, 'base64'), { mode: 0o600 });
      const { signing, session, device, attempt } = await readKeys(mounted, Date.now(), () => 0);
      expect(signing.all.map(({ kid }) => kid)).toEqual([`signing-${today}`, 'signing-2026-01-01']);
      expect([session, device, attempt].map(({ all }) => all.length)).toEqual([1, 1, 1]);
    } finally {
      await kubectlOk(['delete', 'secret', 'exchange2fa-login-keys', '-n', system, '--ignore-not-found']);
    }
  });
});
