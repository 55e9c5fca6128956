import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { readKeys } from '../../../src/login/keys/key-files.ts';
import { selfSigned } from '../../support/certificate.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
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
/** The examples insist on TLS, so this one serves it. */
let proxy: FaultProxy;
let throughProxy: Readonly<Record<string, string>>;
beforeAll(async () => {
  stage = await raise();
  const { KUBE_SERVER: upstream = '', KUBE_CA: file = '' } = stage.environment;
  const certificate = selfSigned('proxy');
  proxy = await startFaultProxy({ upstream, upstreamTls: { ca: readFileSync(file, 'utf8') }, certificate });
  throughProxy = { ...stage.environment, KUBE_SERVER: proxy.url, KUBE_CA: join(stage.folder, 'proxy.crt') };
  await writeFile(join(stage.folder, 'proxy.crt'), certificate.cert);
});
beforeEach(() => proxy.reset());
afterAll(async () => {
  await proxy.close();
  await stage.lower();
});

const isRead = { method: 'GET', path: /\/secrets\// } as const;
const isPatch = { method: 'PATCH', path: /\/secrets\// } as const;

/** What became of the patches: 0 is for no answer. */
const patches = (): readonly number[] =>
  proxy.requests.filter(({ method }) => method === 'PATCH').map(({ status }) => status);

/** The connection of the first patch is lost, and it is on its way until the second one comes: so that one is too late. */
const firstPatchComesLate = (): void => {
  const secondComes = Promise.withResolvers<undefined>();
  const cut = async (): Promise<void> => {
    proxy.cut(/\/secrets\//);
    await secondComes.promise;
  };
  const letFirstPass = async (): Promise<void> => {
    secondComes.resolve(undefined);
    await expect.poll(patches, { timeout: 4_000 }).toEqual([200, 0]);
  };
  proxy.add({ ...isPatch, nth: 1, act: { do: 'hook', run: cut } });
  proxy.add({ ...isPatch, nth: 2, act: { do: 'hook', run: letFirstPass } });
};

/** More is promised than comes. */
const cutInTheBody = {
  do: 'respond',
  status: 200,
  headers: { 'content-length': '1000', connection: 'close' },
  body: '{"kind": "Partial',
} as const;

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
  const login = async (address: string, typed: string, environment = stage.environment) => {
    const { stdout, exitCode } = await run([...command], folder, ['login-tenant', address, typed], environment);
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

  describe.each([
    ['its answer is lost', () => proxy.add({ ...isPatch, nth: 1, act: { do: 'drop-after' } }), [200]],
    [
      'its answer is cut in the body',
      () => proxy.add({ ...isPatch, nth: 1, act: { ...cutInTheBody, afterForwarding: true } }),
      [200],
    ],
    [
      'its answer is 504',
      () => proxy.add({ ...isPatch, nth: 1, act: { do: 'respond', status: 504, afterForwarding: true } }),
      [200],
    ],
    ['it is lost itself', () => proxy.add({ ...isPatch, nth: 1, act: { do: 'drop-before' } }), [0, 200]],
    ['it comes late, after the look for it', firstPatchComesLate, [200, 409]],
  ] as const)('a verdict is written once, and answered, though of its patch %s:', (_, spoil, statuses) => {
    test('a right code is a yes, once', async () => {
      const address = anAddress();
      await given(address);
      spoil();
      const typed = code();
      expect(await login(address, typed, throughProxy)).toMatchObject({ exitCode: 0, answer: 'accepted' });
      expect(patches()).toEqual(statuses);
      expect(await login(address, typed)).toMatchObject({ exitCode: 1, answer: 'replayed' });
    });

    test('a wrong code counts once', async () => {
      const address = anAddress();
      await given(address);
      spoil();
      expect(await login(address, '000000', throughProxy)).toMatchObject({ answer: 'wrong', wrongCodes: 1 });
      expect(patches()).toEqual(statuses);
      expect(JSON.parse((await annotationsOf(address))['failures'] ?? '')).toMatchObject({ row: 1 });
    });
  });

  test('where somebody else wrote first, it judges again', async () => {
    const address = anAddress();
    await given(address);
    const typed = code();
    const meanwhile = async (): Promise<void> => {
      expect(await login(address, typed)).toMatchObject({ answer: 'accepted' });
    };
    proxy.add({ ...isPatch, nth: 1, act: { do: 'hook', run: meanwhile } });
    expect(await login(address, typed, throughProxy)).toMatchObject({ exitCode: 1, answer: 'replayed' });
    expect(patches()).toEqual([409]);
  });

  test.each([
    ['no answer', { do: 'drop-before' }],
    ['half an answer', cutInTheBody],
    ['an answer that is no Secret', { do: 'respond', status: 200, body: '[]' }],
    ['503', { do: 'respond', status: 503 }],
  ] as const)('%s to a read lets nobody in, and is no crash', async (_, act) => {
    const address = anAddress();
    await given(address, { ...enrolled, suspended: '2026-01-01T00:00:00Z/2199-01-01T00:00:00Z' });
    proxy.add({ ...isRead, act });
    expect(await login(address, code(), throughProxy)).toMatchObject({ exitCode: 1, answer: 'unavailable' });
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
