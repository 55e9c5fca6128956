#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { basename } from 'node:path';

// What is loaded from here on is compiled once for this machine.
enableCompileCache();

/** Whoever reads may have seen enough (`| head`): that ends nothing but the output. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** kubectl runs `kubectl_complete-twofactor` for completions: the same program under another name. */
const isCompletion = basename(process.argv[1] ?? '').startsWith('kubectl_complete-twofactor');

if (isCompletion) {
  const { complete } = await import('./complete/complete.ts');
  await complete(process.argv.slice(2));
} else {
  const { run } = await import('./program.ts');
  process.exitCode = await run(process.argv.slice(2));
}
