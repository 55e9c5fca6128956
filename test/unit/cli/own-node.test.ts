import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { betterNode } from '../../../src/cli/own-node.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A project that is built, and a link to its program elsewhere. */
const built = ({ withNode }: { readonly withNode: boolean }) => {
  const folder = mkdtempSync(join(tmpdir(), 'exchange2fa-own-node-'));
  folders.push(folder);
  const bin = join(folder, 'node_modules/node/bin');
  for (const part of ['dist', 'path']) mkdirSync(join(folder, part));
  writeFileSync(join(folder, 'dist/cli.js'), '');
  if (withNode) {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'node'), '');
  }
  const link = join(folder, 'path/kubectl-twofactor');
  symlinkSync('../dist/cli.js', link);
  return { link, node: join(bin, 'node') };
};

describe('the Node that runs the command line', () => {
  it.each(['22.12.0', '24.21.0', '100.0.0'])('is the one on the PATH where that will do: %s', (version) => {
    expect(betterNode(built({ withNode: true }).link, version)).toBeUndefined();
  });

  it("is the project's own where that on the PATH is too old, through a link too", () => {
    const { link, node } = built({ withNode: true });
    expect(betterNode(link, '20.20.2')).toEqual({ file: node });
  });

  it('is missing where neither will do, and a sentence says what is needed', () => {
    const { link } = built({ withNode: false });
    expect(betterNode(link, '20.20.2')).toEqual({ why: 'it needs Node 22 or later, and this is 20.20.2' });
  });
});
