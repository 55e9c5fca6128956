import { createHash } from 'node:crypto';
import { silentLog, type Log, type LogFields } from '../../../../src/host/log.ts';
import type { Random } from '../../../../src/host/random.ts';
import { createProgram, type Program } from '../../../../src/operator/program.ts';
import { secretNameFor, secretType, version, group } from '../../../../src/api/names.ts';
import { VirtualClock } from '../../kube/virtual-clock.ts';
import { SimulatedApiServer } from './api-server.ts';
import type { SimObject } from './store.ts';

export const namespace = 'mail';
export const platformName = 'example';

/** Chance that repeats itself: every draw is another, and the same in the next run. */
const seededRandom = (): Random => {
  let draws = 0;
  const digest = (): Buffer =>
    createHash('sha512')
      .update(String((draws += 1)))
      .digest();
  return { bytes: (count) => digest().subarray(0, count), fraction: () => digest().readUInt16BE(0) / 65_536 };
};

/** The operator's own code on a simulated API server, a simulated clock and repeatable chance. */
export class SimulatedWorld {
  readonly clock = new VirtualClock();
  readonly server = new SimulatedApiServer(() => this.clock.now());
  readonly logged: string[] = [];
  readonly #random = seededRandom();

  /** Starts an operator, or another after the last one was killed. */
  start(namespaces: readonly string[] = [namespace], leaderElect = false): Program {
    const line = (fields: LogFields, message: string): void =>
      void this.logged.push(JSON.stringify({ ...fields, message }));
    const log: Log = { ...silentLog, info: line, warn: line, error: line };
    const told = { namespaces, concurrency: 4, leaderElect, leaseNamespace: 'x', leaseName: 'x' };
    const machine = { transport: this.server.connect(), clock: this.clock, random: this.#random, log };
    const program = createProgram(told, machine, { identity: 'simulated', onLost: () => {} });
    program.start();
    return program;
  }

  /** Starts one that stands by: another holds the Lease, and does not renew it any more. */
  standBy(): Program {
    const metadata = { namespace: 'x', name: 'x' };
    this.server.store.create('leases', { metadata, spec: { holderIdentity: 'another', leaseDurationSeconds: 15 } });
    return this.start([namespace], true);
  }

  /** SIGKILL: what is under way stays half done. */
  kill(): void {
    this.server.kill();
  }

  restart(): void {
    this.kill();
    this.start();
  }

  /** Time passes for everybody; a timer of the operator is late by at most its longest sleep. */
  async pass(ms: number): Promise<void> {
    this.clock.wallOffsetMs += ms;
    await this.clock.advance(11_000);
  }

  /** Lets the operator finish all that it can do now. */
  settle(): Promise<void> {
    return this.clock.advance(1_000);
  }

  /** Long enough for every retry to have come. */
  async calmDown(): Promise<void> {
    this.server.faults.length = 0;
    this.server.release();
    for (let minute = 0; minute < 12; minute += 1) await this.clock.advance(60_000);
  }

  apply(plural: string, name: string, spec: Record<string, unknown>): void {
    const { store } = this.server;
    const present = store.get(plural, namespace, name);
    if (present) store.replaceSpec(plural, present, spec);
    else {
      const kind = plural === 'mailaccounts' ? 'MailAccount' : 'ExchangePlatform';
      store.create(plural, { apiVersion: `${group}/${version}`, kind, metadata: { namespace, name }, spec });
    }
  }

  /** A platform whose accounts are on, unless it says otherwise. */
  applyPlatform(twoFactor: Record<string, unknown> = {}): void {
    this.apply('exchangeplatforms', platformName, {
      issuer: 'Example',
      twoFactor: { state: 'Enabled', accountDefault: 'Enabled', ...twoFactor },
    });
  }

  applyAccount(name: string, twoFactor: Record<string, unknown> = {}, address = `${name}@example.com`): void {
    this.apply('mailaccounts', name, { platformRef: { name: platformName }, address, twoFactor });
  }

  /** What was logged with this in it. */
  linesOf(text: string): readonly string[] {
    return this.logged.filter((line) => line.includes(text));
  }

  remove(plural: string, name: string): void {
    const present = this.server.store.get(plural, namespace, name);
    if (present) this.server.store.delete(plural, present);
  }

  secretOf(address: string): SimObject | undefined {
    return this.server.store.get('secrets', namespace, secretNameFor(address) ?? '');
  }

  accountNamed(name: string): SimObject | undefined {
    return this.server.store.get('mailaccounts', namespace, name);
  }

  /** What a login service, or a person with kubectl, writes to a Secret. */
  editSecret(address: string, patch: Record<string, unknown>): void {
    const secret = this.secretOf(address);
    if (secret?.type === secretType) this.server.store.patch('secrets', secret, patch, false);
  }
}
