import { systemClock } from './clock.ts';
import type { Log } from './log.ts';

/** As kubelet waits 30 s before it kills: leaves time to say why. */
const shutdownMs = 25_000;

/** Stops the program on a signal and ends the process; after a deadline also if stopping hangs. */
export const shutDownOn = (signals: readonly NodeJS.Signals[], log: Log, stop: () => Promise<void>): void => {
  let isStopping = false;
  const shutDown = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'shutting down');
    systemClock.after(shutdownMs, () => {
      log.error({ shutdownMs }, 'not everything could be finished in time');
      process.exit(1);
    });
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of signals) process.on(signal, shutDown);
};
