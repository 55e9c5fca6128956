import { beforeEach } from 'vitest';
import type { Client, ServerTimeSample } from '../../../src/kube/client/client.ts';
import { createClient } from '../../../src/kube/client/create-client.ts';
import type { KubeError, Result } from '../../../src/kube/client/errors.ts';
import { type StorageWentBack, Tripwire } from '../../../src/kube/client/tripwire.ts';
import { FakeServer, steadyRandom } from './fake-server.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A seed: found in an error, it has leaked. */
export const canary = 'JBSWY3DPEHPK3PXP';
export const ref = { namespace: 'ns', name: 'a' };

export interface ClientFixture {
  readonly clock: VirtualClock;
  readonly server: FakeServer;
  readonly client: Client;
  readonly alarms: StorageWentBack[];
  readonly times: ServerTimeSample[];
}

const clientWorld = (): ClientFixture => {
  const clock = new VirtualClock();
  const server = new FakeServer();
  const alarms: StorageWentBack[] = [];
  const times: ServerTimeSample[] = [];
  const tripwire = new Tripwire(clock);
  tripwire.onStorageWentBack((event) => void alarms.push(event));
  const onServerTime = (sample: ServerTimeSample): void => void times.push(sample);
  const machine = { clock, random: steadyRandom, userAgent: 'test/1' };
  return {
    clock,
    server,
    alarms,
    times,
    client: createClient({ transport: server, ...machine, tripwire, onServerTime }),
  };
};

/** For each test of a file a client of its own over a fake server. */
export const clientFixture = (): ClientFixture & {
  /** Lets time pass until the call ends. */
  readonly finish: <T>(call: Promise<Result<T>>) => Promise<Result<T>>;
} => {
  let world = clientWorld();
  beforeEach(() => {
    world = clientWorld();
  });
  return {
    get clock() {
      return world.clock;
    },
    get server() {
      return world.server;
    },
    get client() {
      return world.client;
    },
    get alarms() {
      return world.alarms;
    },
    get times() {
      return world.times;
    },
    finish: async (call) => {
      await world.clock.advance(60_000);
      return call;
    },
  };
};

export const errorOf = <T>(result: Result<T>): KubeError => {
  if (result.ok) throw new Error('expected a failure');
  return result.error;
};

export const patchAt = (resourceVersion: string) => ({ metadata: { resourceVersion } });

/** The causes in a Status. */
export const causes = (...list: readonly object[]): object => ({ details: { causes: list } });
