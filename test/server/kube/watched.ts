import { expect } from 'vitest';
import { type Clock, systemClock } from '../../../src/host/clock.ts';
import type { Log, LogFields } from '../../../src/host/log.ts';
import { systemRandom } from '../../../src/host/random.ts';
import { createReflector } from '../../../src/kube/reflector/reflector.ts';
import type { Reflector, ReflectorOptions } from '../../../src/kube/reflector/options.ts';
import { type Connected, configMaps, type Thing } from './world.ts';

/** Time that passes so many times faster, for waits of minutes that nothing on the server's side takes part in. */
export const fasterClock = (times: number): Clock => ({
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() * times,
  after: (delayMs, wake) => systemClock.after(delayMs / times, wake),
});

/** Without what a controller puts into each namespace. */
const ownThings = 'metadata.name!=kube-root-ca.crt';

type Options = Partial<ReflectorOptions<string, Thing>>;

/** A reflector at work, what it told, and what must be believed after that. */
export class Watched {
  readonly reflector: Reflector;
  /** One line each: `+a=text`, `-a`, `synced`, `went back`. */
  readonly told: string[] = [];
  readonly logged: LogFields[] = [];
  /** Name and text of what there is, by what was told. */
  readonly known = new Map<string, string>();

  constructor(connected: Pick<Connected, 'client' | 'tripwire'>, namespace: string, options: Options = {}) {
    const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);
    const log = (fields: LogFields): void => void this.logged.push(fields);
    const allLog: Log = { debug: log, info: log, warn: log, error: log };
    this.reflector = createReflector<string, Thing>({
      clock: systemClock,
      random: systemRandom,
      log: allLog,
      resource: configMaps,
      namespace,
      fieldSelector: ownThings,
      project: (object) => object.data?.['text'] ?? '',
      handlers: {
        onUpsert: (key, text) => {
          this.told.push(`+${nameOf(key)}=${text}`);
          this.known.set(nameOf(key), text);
        },
        onDelete: (key) => {
          this.told.push(`-${nameOf(key)}`);
          this.known.delete(nameOf(key));
        },
        onSynced: () => void this.told.push('synced'),
        onStorageWentBack: () => void this.told.push('went back'),
      },
      client: connected.client,
      tripwire: connected.tripwire,
      ...options,
    });
    this.reflector.start();
  }

  /** Waits until this was told since the last call, and exactly this. */
  async tells(...lines: readonly string[]): Promise<void> {
    await expect.poll(() => this.told, { timeout: 20_000, interval: 20 }).toEqual(lines);
    this.told.length = 0;
  }

  /** Waits until this is what there is, by what was told. */
  async knows(things: Readonly<Record<string, string>>, withinMs = 30_000): Promise<void> {
    await expect.poll(() => Object.fromEntries(this.known), { timeout: withinMs, interval: 50 }).toEqual(things);
  }

  stop(): Promise<void> {
    return this.reflector.stop();
  }
}
