import { beforeEach, describe, expect, test } from 'vitest';
import type { Program } from '../../../src/operator/program.ts';
import { SimulatedWorld } from './simulation/world.ts';

/** The longest that a watch waits after failures, and some more. */
const patienceMs = 40_000;
const other = 'mail-without-role';

let world: SimulatedWorld;

const phase = (): unknown => world.accountNamed('anna')?.status?.['phase'];

beforeEach(() => {
  world = new SimulatedWorld();
  world.applyPlatform();
  world.applyAccount('anna');
});

describe('a namespace without the Role', () => {
  const remedy = `the namespace or the right is missing: kubectl apply -k manifests/tenant -n ${other}`;
  const shutOut = [
    `platforms in ${other}: GET exchangeplatforms.exchange2fa.io: 403 Forbidden; ${remedy}`,
    `accounts in ${other}: GET mailaccounts.exchange2fa.io: 403 Forbidden; ${remedy}`,
    `secrets in ${other}: GET secrets: 403 Forbidden; ${remedy}`,
  ];
  let program: Program;

  beforeEach(async () => {
    world.server.forbidden.add(other);
    program = world.start(['mail', other]);
    await world.settle();
  });

  test('keeps nobody else from being served, nor the operator from being ready', () => {
    expect(phase()).toBe('Enrolling');
    expect(program.notReady()).toEqual([]);
  });

  test('is told of, with what to apply: in what /readyz says, in the log once, and in the metrics', async () => {
    await world.clock.advance(patienceMs);
    expect(program.shutOut()).toEqual(shutOut);
    expect(world.linesOf(`"remedy":"${remedy}"`)).toHaveLength(3);
    const metrics = await program.metrics.registry.metrics();
    expect(metrics).toContain('exchange2fa_namespace_served{namespace="mail"} 1');
    expect(metrics).toContain(`exchange2fa_namespace_served{namespace="${other}"} 0`);
  });

  test('is served once the Role is there', async () => {
    world.server.forbidden.clear();
    await world.clock.advance(patienceMs);
    expect([program.shutOut(), world.linesOf(`"namespace":"${other}"`).length]).toEqual([[], 1]);
  });

  test('holds readiness where there is no other: nobody can be served', async () => {
    world.kill();
    const alone = world.start([other]);
    await world.settle();
    expect(alone.notReady()).toEqual(shutOut);
  });
});

describe('what is mistaken at installation', () => {
  test('a CRD that is missing is named, with how to install it, and holds readiness', async () => {
    world.server.unknown.add('mailaccounts');
    const program = world.start();
    await world.settle();
    const remedy = 'the CRD mailaccounts.exchange2fa.io is not installed: kubectl apply -k manifests';
    expect(program.notReady()).toEqual([`accounts in mail: GET mailaccounts.exchange2fa.io: 404; ${remedy}`]);
    expect(world.linesOf(`"remedy":"${remedy}"`)).toHaveLength(1);
  });

  test('a namespace with nothing in it is asked about: it may not exist', async () => {
    world.start(['mail', 'mial']);
    await world.settle();
    expect(world.linesOf("is the namespace's name right?")).toEqual([expect.stringContaining('"namespace":"mial"')]);
  });
});
