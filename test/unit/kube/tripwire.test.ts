import { describe, expect, it } from 'vitest';
import { type StorageWentBack, Tripwire } from '../../../src/kube/client/tripwire.ts';
import { secretsResource } from '../../../src/kube/client/resource.ts';
import { things } from './reflector-world.ts';
import { VirtualClock } from './virtual-clock.ts';

const tripwire = (): { wire: Tripwire; clock: VirtualClock; alarms: StorageWentBack[] } => {
  const clock = new VirtualClock();
  const wire = new Tripwire(clock);
  const alarms: StorageWentBack[] = [];
  wire.onStorageWentBack((event) => void alarms.push(event));
  wire.saw(things, '354', wire.mark(things));
  return { wire, clock, alarms };
};

describe('the tripwire', () => {
  it.each(['list', 'bookmark', 'object', 'write', 'get', 'check'] as const)(
    'rings for a %s below what was seen before',
    (kind) => {
      const { wire, alarms } = tripwire();
      expect(wire.sample(things, '291', kind, wire.mark(things))).toBe(true);
      expect(alarms).toEqual([{ resource: 'things.example.io', kind, seen: '291', highest: '354' }]);
    },
  );

  it.each([
    ['the same version', '354'],
    ['a later one', '1000'],
    ['what is no version', 'abc'],
  ])('keeps still for %s', (_what, version) => {
    const { wire, alarms } = tripwire();
    expect(wire.sample(things, version, 'list', wire.mark(things))).toBe(false);
    expect(alarms).toEqual([]);
  });

  it('keeps still for what another request found meanwhile', () => {
    const { wire } = tripwire();
    const mark = wire.mark(things);
    wire.saw(things, '400', wire.mark(things));
    expect(wire.sample(things, '360', 'list', mark)).toBe(false);
  });

  it('keeps still for another resource', () => {
    const { wire } = tripwire();
    expect(wire.sample(secretsResource, '5', 'list', wire.mark(secretsResource))).toBe(false);
  });

  it('learns nothing from answers to requests from before the alarm', () => {
    const { wire } = tripwire();
    const before = wire.mark(things);
    wire.sample(things, '291', 'write', wire.mark(things));
    expect(wire.sample(things, '300', 'list', before)).toBe(false);
    wire.saw(things, '999', before);
    expect(wire.mark(things).highest).toBe('291');
  });

  it('rings for another history, whatever its version, but not for one asked about before the last alarm', async () => {
    const { wire, clock, alarms } = tripwire();
    const mark = { ...wire.mark(things), highest: '300' };
    wire.contradict(things, '320', mark);
    wire.contradict(things, '320', mark);
    await clock.advance(61_000);
    wire.contradict(things, '320', mark);
    wire.mark(things);
    expect(alarms).toEqual([{ resource: 'things.example.io', kind: 'check', seen: '320', highest: '300' }]);
  });

  it('keeps an alarm of a quiet minute for the first request after it', async () => {
    const { wire, clock, alarms } = tripwire();
    wire.sample(things, '291', 'get', wire.mark(things));
    wire.saw(things, '354', wire.mark(things));
    expect(wire.sample(things, '292', 'write', wire.mark(things))).toBe(true);
    await clock.advance(59_000);
    wire.mark(secretsResource);
    expect(alarms).toHaveLength(1);
    await clock.advance(1_000);
    wire.mark(secretsResource);
    expect(alarms[1]).toEqual({ resource: 'things.example.io', kind: 'write', seen: '292', highest: '354' });
    wire.mark(secretsResource);
    expect(alarms).toHaveLength(2);
  });

  it('hears the cache at once when storage has rung just before: the cache has come to where storage is', () => {
    const { wire, alarms } = tripwire();
    wire.sample(things, '291', 'get', wire.mark(things));
    wire.saw(things, '354', wire.mark(things));
    wire.sample(things, '292', 'list', wire.mark(things));
    expect(alarms.map(({ kind }) => kind)).toEqual(['get', 'list']);
  });

  it('rings once a minute at most, while a server lists from a cache ahead of its storage', async () => {
    const { wire, clock, alarms } = tripwire();
    for (let round = 0; round < 20; round++) {
      wire.sample(things, String(291 + round), 'write', wire.mark(things));
      wire.sample(things, '354', 'list', wire.mark(things));
      await clock.advance(10_000);
    }
    expect(alarms).toHaveLength(4);
  });
});
