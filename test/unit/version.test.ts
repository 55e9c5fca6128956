import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../src/host/version.ts';

const root = join(import.meta.dirname, '../..');
const files = globSync(['src/**/*.ts', 'dev/**/*.ts', 'manifests/**/*.yaml', 'docs/*.md', 'README.md', 'Dockerfile'], {
  cwd: root,
});

/** The image's tag, a user agent, what `--version` says. */
const ours = /(?:exchange2fa-[a-z-]+[:/]|\.version\(')(\d+\.\d+\.\d+)/g;

test('the version that package.json says is the one that stands everywhere else', () => {
  const said = files.flatMap((file) =>
    Array.from(readFileSync(join(root, file), 'utf8').matchAll(ours), ([, found]) => ({ file, found })),
  );
  expect(said.map(({ file }) => file)).toEqual(
    expect.arrayContaining(['README.md', 'Dockerfile', 'manifests/operator/deployment.yaml']),
  );
  expect(said.filter(({ found }) => found !== version)).toEqual([]);
});
