import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../support/run.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-complete-'));
  const main = join(import.meta.dirname, '../../../src/cli/main.ts');
  await symlink(main, join(folder, 'kubectl_complete-twofactor'));
  const contexts = ['tenant-a', 'tenant-b', 'other'].map((name) => ({ name, context: {} }));
  await writeFile(join(folder, 'config'), JSON.stringify({ contexts }));
});

afterAll(() => rm(folder, { recursive: true }));

test.each([
  [
    ['status', '--context', 'ten'],
    ['tenant-a', 'tenant-b', ':4'],
  ],
  [
    ['status', '--context=o'],
    ['other', ':4'],
  ],
  [
    ['status', '--phase=E'],
    ['Enrolling', 'Enforced', ':4'],
  ],
  [
    ['suspend', '--dry-run', 's'],
    ['server', ':4'],
  ],
  [
    ['import', '--format', 'c'],
    ['csv', ':4'],
  ],
  [['suspend', '--hours', ''], [':4']],
  [
    ['report', '-o', ''],
    ['table', 'csv', 'json', ':4'],
  ],
  [
    ['validate', '--output=g'],
    ['github', ':4'],
  ],
  [
    ['-n', 'mail', 'rep'],
    ['report', ':4'],
  ],
  [
    ['--context', 'ten'],
    ['tenant-a', 'tenant-b', ':4'],
  ],
  [
    ['--context', 'other', 'suspend', '--dry-run', 's'],
    ['server', ':4'],
  ],
  [['--con'], ['--context', ':4']],
])('completes %j', async (words, wanted) => {
  const environment = { PATH: process.env['PATH'], KUBECONFIG: join(folder, 'config') };
  const { stdout } = await run(process.execPath, [join(folder, 'kubectl_complete-twofactor'), ...words], {
    environment,
  });
  expect(stdout.trim().split('\n')).toEqual(wanted);
});
