import { isOwnControlPlane, readFlags, usage, type Flags } from './flags.ts';
import { playSamples, sampleNamespace } from './sample-play.ts';
import { onStage } from './stage.ts';
import { createTerminal } from './terminal.ts';
import { playTour, tourNamespace } from './tour.ts';

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  let flags: Flags | 'help';
  try {
    flags = readFlags(args);
  } catch (error) {
    fail(`${messageOf(error)}\n\n${usage}`, 2);
    return;
  }
  if (flags === 'help') process.stdout.write(usage);
  else await run(flags);
}

/** A person's end is a good end of the quick start, and none of the tour. */
async function run(flags: Flags): Promise<void> {
  const ending = new AbortController();
  const asked = new Error('ended by a signal');
  const terminal = createTerminal(process.stdout);
  const what = isOwnControlPlane(flags) ? 'the operator and the control plane' : 'the operator';
  const end = () => {
    if (!ending.signal.aborted) terminal.say(`\nEnding ${what} …`);
    ending.abort(asked);
  };
  process.on('SIGINT', end).on('SIGTERM', end).on('SIGHUP', end);
  const [namespace, play] = flags.tour ? [tourNamespace, playTour] : [sampleNamespace, playSamples];
  terminal.heading(flags.tour ? 'Exchange 2FA operator: the tour' : 'Exchange 2FA operator: quick start');
  try {
    await onStage({ flags, namespace, terminal, ending }, (stage) => play(stage, terminal));
    ending.signal.throwIfAborted();
  } catch (error) {
    if (ending.signal.reason === asked) process.exitCode = flags.tour ? 130 : 0;
    // Everything fails once the operator is gone: that is why, and not the first thing that failed.
    else fail(`\n${messageOf(ending.signal.aborted ? ending.signal.reason : error)}\n`, 1);
  }
  process.off('SIGINT', end).off('SIGTERM', end).off('SIGHUP', end);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fail(message: string, exitCode: number): void {
  process.stderr.write(message);
  process.exitCode = exitCode;
}
