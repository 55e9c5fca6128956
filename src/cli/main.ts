#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
// Not by name: what an older Node lacks would keep this from saying so.
import nodeModule from 'node:module';
import { basename } from 'node:path';
import { betterNode } from './own-node.ts';

/** kubectl runs `kubectl_complete-twofactor` for completions: the same program under another name. */
const isCompletion = basename(process.argv[1] ?? '').startsWith('kubectl_complete-twofactor');

const main = async (args: readonly string[]): Promise<void> => {
  // What is loaded from here on is compiled once for this machine.
  nodeModule.enableCompileCache();
  // Whoever reads may have seen enough (`| head`): that ends nothing but the output.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  if (isCompletion) {
    const { complete } = await import('./complete/complete.ts');
    await complete(args);
  } else {
    const { run } = await import('./program.ts');
    process.exitCode = await run(args);
  }
};

const better = betterNode(process.argv[1] ?? '', process.versions.node);
if (better === undefined) await main(process.argv.slice(2));
else if ('file' in better)
  process.exitCode = spawnSync(better.file, process.argv.slice(1), { stdio: 'inherit' }).status ?? 1;
else {
  process.stderr.write(`kubectl twofactor: ${better.why}\n`);
  process.exitCode = 1;
}
