import { exit } from './failure.ts';
import { tell } from './terminal.ts';

/** Resolves at the first Ctrl-C, a polite end by another process, or when nobody reads the output any more. */
export const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.stdout.once('error', () => resolve());
  });

/** What Ctrl-C means to a command with writes under way. */
export interface Interruption {
  /** At the first: nothing else begins. */
  readonly stopped: AbortSignal;
  /** At the second: what is under way ends, and what became of it is not known. */
  readonly abandoned: AbortSignal;
  readonly release: () => void;
}

/** Listens for Ctrl-C; the third ends the process. */
export const stopOnInterrupt = (): Interruption => {
  const [stop, abandon] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (abandon.signal.aborted) process.exit(exit.interrupted);
    if (stop.signal.aborted) {
      tell('\nInterrupted again: ending at once.', 'attention');
      abandon.abort();
      return;
    }
    tell('\nInterrupted: finishing what is under way; once more ends at once.', 'attention');
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const release = (): void => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  return { stopped: stop.signal, abandoned: abandon.signal, release };
};
