import { createInterface } from 'node:readline/promises';
import { SilentExit, exit, Failure } from './failure.ts';

interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
}

/** Asks a question whose only other answer than `yes` is no; a failure where nobody can answer. */
export const confirm = async (question: string, canAsk: boolean, terminal: Terminal = process): Promise<void> => {
  const { stdin, stderr } = terminal;
  if (!canAsk || !stdin.isTTY) throw new Failure(`${question} Nobody can answer here: repeat it with --yes`);
  const lines = createInterface({ input: stdin, output: stderr });
  const stop = new AbortController();
  lines.once('SIGINT', () => stop.abort());
  try {
    // Ctrl-D rejects too: nobody will answer any more
    const typed = await lines.question(`${question} Type yes: `, { signal: stop.signal }).catch(() => '');
    const answer = typed.trim().toLowerCase();
    if (answer === 'yes') return;
    const hint = answer === 'y' ? ': the whole word yes is needed' : '';
    if (!stop.signal.aborted) throw new Failure(`not confirmed${hint}; nothing was changed`);
    stderr.write('\n');
    throw new SilentExit(exit.interrupted);
  } finally {
    lines.close();
  }
};
