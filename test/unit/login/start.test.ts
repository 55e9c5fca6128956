import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLoginKeys } from '../../../dev/login/key-files.ts';
import { testConfig } from './support/world.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
  const { issuer, apiCallers } = testConfig;
  await writeLoginKeys(join(folder, 'keys'), '2026-01-01');
  await writeFile(join(folder, 'login.yaml'), stringify({ issuer, apiCallers }));
  await writeFile(join(folder, 'kubeconfig'), stringify({ clusters: [], users: [], contexts: [] }));
  await writeFile(join(folder, 'text'), 'none');
  await writeFile(join(folder, 'some'), stringify(someCluster));
});
afterAll(() => rm(folder, { recursive: true }));

/** Of a cluster that nobody runs. */
const someCluster = {
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'u', user: { token: 't' } }],
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'c',
};

interface Ended {
  readonly code: unknown;
  readonly said: string;
}

/** Starts the program in the folder; how it ended, within 20 s. */
const start = (flags: readonly string[], name = 'login'): Promise<Ended> =>
  new Promise((resolve) => {
    const program = join(import.meta.dirname, `../../../src/${name}/main.ts`);
    const options = { cwd: folder, env: { PATH: process.env['PATH'] }, timeout: 20_000 };
    execFile(process.execPath, [program, ...flags], options, (error, _, said) =>
      resolve({ code: error ? error.code : 0, said }),
    );
  });

test.each([
  ['no such file', ['--kubeconfig', 'absent'], "login: absent can't be used: ENOENT"],
  ['no kubeconfig', ['--kubeconfig', 'text'], "login: text can't be used: kubeconfig: not a map"],
  [
    'no such context',
    ['--kubeconfig', 'kubeconfig', '--context', 'other'],
    'login: kubeconfig can\'t be used: kubeconfig: no entry "other" in contexts',
  ],
  ['neither file nor pod', [], 'login: --kubeconfig: none is given, and this is not a pod'],
])(
  'a login that can act as nobody ends at its start and says why: %s',
  async (_, flags, sentence) => {
    const { code, said } = await start(['--config', 'login.yaml', '--keys', 'keys', ...flags]);
    expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining(sentence) as string });
  },
  30_000,
);

test('what a file says wrongly is no matter of --help', async () => {
  const { code, said } = await start(['--config', 'text', '--keys', 'keys', '--kubeconfig', 'kubeconfig']);
  expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(/^login: (?!.*--help)/s) as string });
}, 30_000);

const login = ['--config', 'login.yaml', '--keys', 'keys'];

test.each([
  ['login', '--listen', login],
  ['login', '--listen-metrics', login],
  ['operator', '--listen', ['--namespaces', 'tenant']],
])(
  '%s ends with a line where the port of %s is taken',
  async (name, option, flags) => {
    const server = createServer().listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { code, said } = await start([...flags, '--kubeconfig', 'some', option, place], name);
      const line = `${name}: ${option}: ${place} is in use already; name another port, or end what listens there\n`;
      expect({ code, said }).toEqual({ code: 2, said: line });
    } finally {
      server.close();
    }
  },
  30_000,
);

test('a login that can write no log ends: nobody is let in without a line', async () => {
  const program = join(import.meta.dirname, '../../../src/login/main.ts');
  const child = spawn(process.execPath, [program, ...login, '--kubeconfig', 'some'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  child.stdout.destroy();
  expect(await once(child, 'exit')).toEqual([1, null]);
}, 30_000);
