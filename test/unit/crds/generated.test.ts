import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../', import.meta.url));
const check = (root: string) => run(process.execPath, [join(root, 'dev/generate/main.ts'), '--check']);

test('types and reference are what the CRDs say', async () => {
  await expect(check(repository)).resolves.toEqual({ stdout: '', stderr: '' });
});

test('a CRD that was edited without generating is named, file by file', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'exchange2fa-generate-'));
  try {
    const parts = ['crds', 'dev/generate', 'docs/api.md', 'src/api/generated', 'package.json'];
    await Promise.all(parts.map((part) => cp(join(repository, part), join(copy, part), { recursive: true })));
    await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
    const crd = join(copy, 'crds/exchange2fa.io_mailaccounts.yaml');
    await writeFile(crd, (await readFile(crd, 'utf8')).replace('enum: [Enabled, Removed]', 'enum: [Enabled]'));
    await expect(check(copy)).rejects.toMatchObject({
      code: 1,
      stderr: 'Not what the CRDs say, run `npm run generate`: src/api/generated/mail-account.ts, docs/api.md\n',
    });
  } finally {
    await rm(copy, { recursive: true });
  }
});
