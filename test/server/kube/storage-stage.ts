import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../../dev/control-plane/index.ts';
import type { LocalFaults } from '../../../dev/control-plane/types.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { systemRandom } from '../../../src/host/random.ts';
import { createLeadership, type Leadership } from '../../../src/kube/lease/lease.ts';
import { Watched } from './watched.ts';
import { type Connected, World } from './world.ts';

/** Where nothing of the kind is cached yet it is built first. */
const startTimeoutMs = 15 * 60_000;

interface Restorable {
  readonly watched: Watched;
  /** Where storage was before it was put back. */
  readonly latest: string;
  readonly restore: (how: { readonly restartApiServer: boolean }) => Promise<void>;
}

/** A control plane whose storage can be frozen and put back; for each test a namespace, and a client of its own. */
export class StorageStage {
  controlPlane!: ControlPlane;
  world!: World;
  space = '';
  /** With a tripwire of its own for each test, as an alarm keeps it quiet for a minute. */
  own!: Connected;
  /** What a test leaves to be undone, the latest first. */
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor() {
    beforeAll(async () => {
      this.controlPlane = await startControlPlane({ needsLocal: true, log: () => undefined });
      this.world = await World.open(this.controlPlane.kubeconfig);
    }, startTimeoutMs);
    afterAll(async () => {
      await this.world.close();
      await this.controlPlane.stop();
    });
    beforeEach(async () => {
      this.space = await this.world.newNamespace();
      this.own = this.connect();
    });
    afterEach(async () => {
      this.world.proxy.reset();
      for (const undo of this.#undo.splice(0).reverse()) await undo();
    });
  }

  get local(): LocalFaults {
    if (!this.controlPlane.local) throw new Error('the control plane is not of processes of this machine');
    return this.controlPlane.local;
  }

  put(name: string, text: string): ReturnType<World['put']> {
    return this.world.put(this.space, name, text);
  }

  connect(): Connected {
    const connected = this.world.connect();
    this.#undo.push(() => connected.transport.close());
    return connected;
  }

  watch(): Watched {
    const watched = new Watched(this.own, this.space);
    this.#undo.push(() => watched.stop());
    return watched;
  }

  /** A leader, whose Lease is written every two seconds. */
  async leader(): Promise<Leadership> {
    const { client, tripwire } = this.own;
    const candidate = { namespace: this.space, name: 'lease', identity: 'me', onElected: () => undefined };
    const machine = { clock: systemClock, random: systemRandom, log: silentLog };
    const leadership = createLeadership({ client, tripwire, ...machine, ...candidate, onLost: () => undefined });
    void leadership.start();
    this.#undo.push(() => leadership.release());
    await expect.poll(() => leadership.holds()).toBe(true);
    return leadership;
  }

  /** a and b are stored, and watched; after the snapshot a changes, b goes, c comes. */
  async lateChanges(): Promise<Restorable> {
    await this.put('a', '1');
    await this.put('b', '1');
    const watched = this.watch();
    await watched.tells('+a=1', '+b=1', 'synced');
    const snapshot = await this.local.snapshotEtcd();
    for (let n = 0; n < 20; n += 1) await this.put('a', `lost-${n}`);
    await this.world.remove(this.space, 'b');
    const { metadata } = await this.put('c', 'lost');
    await watched.knows({ a: 'lost-19', c: 'lost' });
    watched.told.length = 0;
    const restore: Restorable['restore'] = async (how) => {
      // Without a restart the API server would spoil the next test.
      if (!how.restartApiServer) this.#undo.unshift(() => this.local.restartApiServer());
      await this.local.restoreEtcd(snapshot, how);
    };
    return { watched, latest: metadata.resourceVersion, restore };
  }

  /** The kinds of alarms, to be waited for. */
  alarms(withinMs = 20_000) {
    return expect.poll(() => this.own.alarms.map(({ kind }) => kind), { timeout: withinMs, interval: 50 });
  }
}
