import { beforeEach, describe, expect, test } from 'vitest';
import { formatSeconds, hourMs } from '../../../src/api/instants.ts';
import { annotation } from '../../../src/api/record.ts';
import type { Program } from '../../../src/operator/program.ts';
import { SimulatedWorld } from './simulation/world.ts';

const address = 'anna@example.com';

let world: SimulatedWorld;
let program: Program;

const annotations = (): Record<string, string> => world.secretOf(address)?.metadata.annotations ?? {};
const phase = (): unknown => world.accountNamed('anna')?.status?.['phase'];
const ready = (name = 'anna'): unknown =>
  (world.accountNamed(name)?.status?.['conditions'] as { type: string; reason: string }[] | undefined)?.find(
    ({ type }) => type === 'Ready',
  )?.reason;
const apply = (twoFactor: Record<string, unknown> = {}, name = 'anna'): void =>
  world.applyAccount(name, twoFactor, address);
const secretWrites = (): number => world.server.writes.filter((write) => write.includes(' secrets/')).length;

beforeEach(async () => {
  world = new SimulatedWorld();
  world.applyPlatform();
  apply();
  program = world.start();
  await world.settle();
});

describe('one account, on the operator’s own code', () => {
  test('a new account takes one write of its Secret and one of its status', () => {
    expect(world.server.writes.filter((write) => !write.includes('exchangeplatforms'))).toEqual([
      expect.stringMatching(/^POST secrets\/totp-/),
      'PATCH mailaccounts/anna/status',
    ]);
    expect(phase()).toBe('Enrolling');
  });

  test('a suspension ends in the status at its instant, without a write to the Secret', async () => {
    apply({ suspension: { requestedAt: formatSeconds(world.clock.now()), hours: 8 } });
    await world.settle();
    expect(phase()).toBe('Suspended');
    const before = secretWrites();
    await world.pass(8 * hourMs);
    expect(phase()).toBe('Enrolling');
    expect(world.accountNamed('anna')?.status).not.toHaveProperty('suspendedUntil');
    expect(secretWrites()).toBe(before);
  });

  test('a Secret of another type has the name: untouched, and taken up a minute after it has gone', async () => {
    world.remove('mailaccounts', 'anna');
    await world.settle();
    const secret = world.secretOf(address);
    if (secret) world.server.store.delete('secrets', secret);
    world.server.store.create('secrets', {
      metadata: { namespace: 'mail', name: secret?.metadata.name },
      type: 'Opaque',
    });
    apply();
    await world.clock.advance(2_000);
    expect([ready(), secretWrites()]).toEqual(['SecretNameTaken', 2]);
    const foreign = world.secretOf(address);
    if (foreign) world.server.store.delete('secrets', foreign);
    await world.clock.advance(75_000);
    expect(phase()).toBe('Enrolling');
  });

  test('a refused write shows as WriteFailed, and the change that cures it is tried at once', async () => {
    world.server.faults.push(422);
    apply({ state: 'Removed' });
    await world.settle();
    expect(ready()).toBe('WriteFailed');
    apply({ state: 'Removed', unlock: { requestedAt: formatSeconds(world.clock.now()) } });
    await world.settle();
    expect([ready(), phase()]).toEqual(['Reconciled', 'Off']);
  });

  test('a write that keeps ending in 500 is told of once, with what the API server says, and tried until it ends well', async () => {
    world.server.faults.push(500, 500, 500, 500, 500);
    apply({ suspension: { requestedAt: formatSeconds(world.clock.now()), hours: 8 } });
    const told = (): readonly string[] => world.linesOf('in a row');
    await world.clock.advance(5_000);
    expect(told()).toEqual([
      expect.stringMatching(/"key":"mail\/totp-.*PATCH secrets mail\/totp-.*: 500 InternalError/),
    ]);
    await world.clock.advance(20_000);
    expect([told().length, phase()]).toEqual([1, 'Suspended']);
    world.server.faults.push(500, 500, 500);
    apply({});
    await world.clock.advance(20_000);
    // another row
    expect([told().length, phase()]).toEqual([2, 'Enrolling']);
  });

  test('a lost seed’s Secret whose name another has by now: the name is said to be in the way, not only the loss', async () => {
    const secret = world.secretOf(address);
    world.server.held = true;
    if (secret) world.server.store.delete('secrets', secret);
    const metadata = { namespace: 'mail', name: secret?.metadata.name };
    world.server.store.create('secrets', { metadata, type: 'Opaque' });
    world.server.release();
    await world.settle();
    expect(ready()).toBe('SecretNameTaken');
    const foreign = world.secretOf(address);
    if (foreign) world.server.store.delete('secrets', foreign);
    await world.clock.advance(75_000);
    expect(ready()).toBe('SeedLost');
  });

  test('one account’s trouble is not the others’: a suspension ends in the status while a rival’s is refused', async () => {
    const untilMs = world.clock.now() + 60_000;
    apply({ suspension: { requestedAt: formatSeconds(untilMs - hourMs), hours: 1 } });
    await world.settle();
    world.server.faults.push(422);
    apply({}, 'zoe');
    await world.settle();
    expect([phase(), ready('zoe')]).toEqual(['Suspended', undefined]);
    await world.clock.advance(60_000);
    expect([phase(), ready('zoe')]).toEqual(['Enrolling', 'AddressInUse']);
  });

  test('asked to end while a read gets no answer, it ends, and has written nothing', async () => {
    const written = world.server.writes.length;
    world.server.stalled = true;
    apply({ reset: { requestedAt: formatSeconds(world.clock.now()) } });
    await world.settle();
    let hasEnded = false;
    void program.stop().then(() => (hasEnded = true));
    await world.settle();
    expect([hasEnded, world.server.writes.slice(written)]).toEqual([true, []]);
  });

  test('an account deleted while a stale watch still shows it is not erased for, but orphaned', async () => {
    world.server.held = true;
    world.remove('mailaccounts', 'anna');
    await world.settle();
    expect(annotations()).not.toHaveProperty(annotation.orphanedAt);
    world.server.release();
    await world.settle();
    expect(annotations()).toHaveProperty([annotation.orphanedAt]);
  });

  test('before a seed is replaced the account is read: a reset that was withdrawn meanwhile does nothing', async () => {
    const seed = world.secretOf(address)?.data?.['seed'];
    world.server.held = true;
    apply({ reset: { requestedAt: formatSeconds(world.clock.now() + hourMs / 2) } });
    world.server.release();
    await world.settle();
    world.server.held = true;
    apply({});
    await world.pass(hourMs);
    expect(world.secretOf(address)?.data?.['seed']).toBe(seed);
  });

  const suspension = { requestedAt: '2026-11-24T00:00:00Z', hours: 8 };

  test.each<{
    says: string;
    platformWas?: object;
    accountWas?: object;
    platformIs?: object;
    accountIs?: object;
    leaderBefore: object;
  }>([
    {
      says: 'switch off what has been switched on',
      platformWas: { state: 'Disabled' },
      leaderBefore: { [annotation.secondFactor]: 'required' },
    },
    {
      says: 'suspend again what the platform no longer suspends',
      platformWas: { suspension },
      leaderBefore: { [annotation.suspended]: null },
    },
    {
      says: 'suspend again what was resumed',
      accountWas: { suspension },
      leaderBefore: { [annotation.suspended]: null },
    },
    {
      says: 'show a QR code for which a code has come to be needed',
      platformIs: { enrollment: { mode: 'Code' } },
      leaderBefore: { [annotation.enrollmentCode]: 'required' },
    },
    {
      says: 'switch off whom the default would, and who has been asked for by name',
      platformWas: { accountDefault: 'Disabled' },
      platformIs: { accountDefault: 'Disabled' },
      accountIs: { state: 'Enabled' },
      leaderBefore: { [annotation.secondFactor]: 'required' },
    },
  ])('who was just elected, with watches that are late, does not $says', async (row) => {
    world.applyPlatform({ ...row.platformWas });
    apply({ ...row.accountWas });
    await world.calmDown();
    world.kill();
    world.standBy();
    await world.settle();
    world.server.held = true;
    world.applyPlatform({ ...row.platformIs });
    apply({ ...row.accountIs });
    world.editSecret(address, { metadata: { annotations: row.leaderBefore } });
    const left = annotations();
    world.server.release('secrets');
    await world.clock.advance(60_000);
    expect(world.logged).toContainEqual(expect.stringContaining('elected'));
    expect(annotations()).toEqual(left);
  });

  test('a right that is missing for what has to be read first is told, and nothing is done without', async () => {
    world.server.forbidden.add('');
    world.remove('mailaccounts', 'anna');
    await world.settle();
    expect(annotations()).not.toHaveProperty([annotation.orphanedAt]);
    expect(world.linesOf('read failed')).toContainEqual(expect.stringContaining('403 Forbidden'));
    world.server.forbidden.clear();
    await world.clock.advance(10_000);
    expect(annotations()).toHaveProperty([annotation.orphanedAt]);
  });

  test('a change of an account that is known passes hundreds that are new', async () => {
    world.server.writes.length = 0;
    for (let n = 0; n < 300; n += 1) world.applyAccount(`new-${n}`);
    apply({ suspension: { requestedAt: formatSeconds(world.clock.now()), hours: 8 } });
    await world.calmDown();
    expect(world.server.writes.length).toBeGreaterThan(600);
    expect(world.server.writes.indexOf('PATCH mailaccounts/anna/status')).toBeLessThan(200);
  });

  test('a copy of a Secret under a name that no account has is left alone, with a line', async () => {
    const { metadata, ...rest } = world.secretOf(address)!;
    const copy = { ...rest, metadata: { namespace: 'mail', name: 'copy-of-annas', annotations: metadata.annotations } };
    world.server.store.create('secrets', copy);
    await world.calmDown();
    await world.pass(60 * 24 * hourMs);
    const found = world.server.store.get('secrets', 'mail', 'copy-of-annas');
    expect(found?.metadata.annotations).toEqual(metadata.annotations);
    expect(world.linesOf('left alone: no account has a Secret of this name')).not.toEqual([]);
  });

  test('of two accounts with one address the first keeps the Secret, and the other takes over when it goes', async () => {
    apply({}, 'zoe');
    await world.settle();
    expect(ready('zoe')).toBe('AddressInUse');
    const seed = world.secretOf(address)?.data?.['seed'];
    world.remove('mailaccounts', 'anna');
    await world.settle();
    expect([ready('zoe'), annotations()[annotation.account], world.secretOf(address)?.data?.['seed']]).toEqual([
      'Reconciled',
      'zoe',
      seed,
    ]);
  });

  test('a standby that is elected decides everything, and writes nothing that is so already', async () => {
    await world.calmDown();
    const written = world.server.writes.length;
    world.restart();
    await world.calmDown();
    expect(world.server.writes.slice(written)).toEqual([]);
  });

  test('storage that went back: a reset waits an hour, and says so', async () => {
    await world.calmDown();
    const snapshot = world.server.store.snapshot();
    const oldSeed = world.secretOf(address)?.data?.['seed'];
    apply({ reset: { requestedAt: formatSeconds(world.clock.now()) } });
    await world.settle();
    expect(world.secretOf(address)?.data?.['seed']).not.toBe(oldSeed);
    world.server.restore(snapshot);
    for (let minute = 0; minute < 4; minute += 1) await world.clock.advance(60_000);
    apply({ reset: { requestedAt: formatSeconds(world.clock.now()) } });
    await world.settle();
    expect([ready(), world.secretOf(address)?.data?.['seed']]).toEqual(['StorageWentBack', oldSeed]);
    expect(await program.metrics.registry.metrics()).toMatch(/^exchange2fa_storage_went_back_total [1-9]/m);
    await world.pass(hourMs);
    expect(ready()).toBe('Reconciled');
    expect(world.secretOf(address)?.data?.['seed']).not.toBe(oldSeed);
  });

  test('the accounts of a new platform are counted together, a second after the first', async () => {
    world.apply('exchangeplatforms', 'new', { issuer: 'New', twoFactor: { state: 'Disabled' } });
    await world.settle();
    const written = world.server.writes.length;
    for (const name of ['ben', 'carl', 'dora']) {
      world.apply('mailaccounts', name, { platformRef: { name: 'new' }, address: `${name}@example.com` });
      await world.clock.advance(100);
    }
    await world.settle();
    const { status } = world.server.store.get('exchangeplatforms', 'mail', 'new') ?? {};
    expect(status?.['accounts']).toMatchObject({ total: 3, off: 3 });
    const counted = world.server.writes.slice(written).filter((write) => write.includes('exchangeplatforms/new'));
    expect(counted).toHaveLength(1);
  });
});

describe('of two clocks, the operator’s and the API server’s, one is wrong', () => {
  const dayMs = 24 * hourMs;
  const seed = (): unknown => world.secretOf(address)?.data?.['seed'];
  /** What the API server's clock shows does not change. */
  const setForward = async (ms: number): Promise<void> => {
    world.server.clockAheadMs -= ms;
    await world.pass(ms);
  };
  /** The API server's clock comes to show the same. */
  const agree = async (): Promise<void> => {
    world.server.clockAheadMs = 0;
    await world.clock.advance(75_000);
  };

  test('no grace period ends before its time by a clock that is ahead, ours', async () => {
    world.remove('mailaccounts', 'anna');
    await world.settle();
    await setForward(31 * dayMs);
    await world.clock.advance(600_000);
    expect(seed()).toBeDefined();
    await agree();
    expect(world.secretOf(address)).toBeUndefined();
  });

  test('or the API server’s', async () => {
    world.remove('mailaccounts', 'anna');
    await world.settle();
    world.server.clockAheadMs = 31 * dayMs;
    await world.pass(29 * dayMs);
    expect(seed()).toBeDefined();
    await world.pass(2 * dayMs);
    expect(world.secretOf(address)).toBeUndefined();
  });

  test('no grace period is over when it begins, by a clock that is behind', async () => {
    world.server.clockAheadMs = 60 * dayMs;
    world.remove('mailaccounts', 'anna');
    await world.settle();
    const eraseAfter = Date.parse(annotations()[annotation.eraseAfter] ?? '');
    expect(Math.round((eraseAfter - world.clock.now()) / dayMs)).toBe(60 + 30);
  });

  test('no reset is done before its time', async () => {
    const before = seed();
    apply({ reset: { requestedAt: formatSeconds(world.clock.now() + hourMs) } });
    await setForward(2 * hourMs);
    await world.clock.advance(600_000);
    expect(seed()).toBe(before);
    await agree();
    expect(seed()).not.toBe(before);
  });

  test('one that is due by both is done', async () => {
    const before = seed();
    await setForward(2 * hourMs);
    apply({ reset: { requestedAt: formatSeconds(world.clock.now() - 2 * hourMs) } });
    await world.settle();
    expect(seed()).not.toBe(before);
  });
});
