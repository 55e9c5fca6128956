import { createInterface } from 'node:readline/promises';
import { Failure } from './failure.ts';

/** Asks a question whose only other answer than `yes` is no; a failure where nobody can answer. */
export const confirm = async (question: string, canAsk: boolean): Promise<void> => {
  if (!canAsk || !process.stdin.isTTY) throw new Failure(`${question} Nobody can answer here: repeat it with --yes`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} Type yes: `);
    if (answer.trim().toLowerCase() !== 'yes') throw new Failure('not confirmed; nothing was changed');
  } finally {
    lines.close();
  }
};
