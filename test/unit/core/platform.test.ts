import { describe, expect, test } from 'vitest';
import { conditionOf } from '../../../src/core/conditions.ts';
import type { PlatformFacts } from '../../../src/core/facts.ts';
import { hours, now, platform } from './given.ts';
import { after, inShort, viewOf } from './platform-view.ts';

const suspension = (from: number, length: number) => ({ suspension: { requestedAt: hours(from), hours: length } });
const reset = (from: number) => ({ reset: { requestedAt: hours(from) } });
const all = 'every account was decided against this generation';
const reconciled = { ready: 'True Reconciled', reconciling: undefined, stalled: undefined };

describe('conditions', () => {
  test.each<{
    readonly says: string;
    readonly platform?: PlatformFacts;
    readonly pending?: number;
    readonly wants: object;
  }>([
    {
      says: 'Ready True Reconciled once every account was decided against this generation, whatever their phases',
      wants: { ...reconciled, readyMessage: all, events: [] },
    },
    {
      says: 'False while pending, and Reconciling True, so kstatus says InProgress',
      pending: 3,
      wants: { ready: 'False Pending', reconciling: 'True Pending', stalled: undefined, events: [] },
    },
    {
      says: 'False SuspensionTooLong for its own suspension over its own maximum, and Stalled',
      platform: platform(suspension(-1, 25)),
      wants: {
        ready: 'False SuspensionTooLong',
        stalled: 'True SuspensionTooLong',
        events: ['SuspensionTooLong'],
        requeueAt: hours(24),
      },
    },
    {
      says: 'its own maximum',
      platform: platform({ ...suspension(-1, 25), maxSuspensionHours: 25 }),
      wants: reconciled,
    },
    { says: 'over it and over: nothing is refused', platform: platform(suspension(-30, 25)), wants: reconciled },
    {
      says: 'while pending too',
      platform: platform(suspension(-1, 25)),
      pending: 1,
      wants: { ready: 'False SuspensionTooLong', reconciling: 'True Pending' },
    },
    {
      says: 'one that can’t be understood: SpecInvalid and Stalled, with field, value and what is allowed',
      platform: platform({ maxSuspensionHours: 0 }),
      wants: {
        ready: 'False SpecInvalid',
        stalled: 'True SpecInvalid',
        events: ['SpecInvalid'],
        readyMessage: 'spec.twoFactor.maxSuspensionHours: found 0; allowed is 1 to 8760',
      },
    },
    {
      says: 'no spec at all',
      platform: platform({}, { spec: undefined as never }),
      wants: { ready: 'False SpecInvalid', requeueAt: undefined },
    },
    {
      says: 'a reset in the future waits',
      platform: platform(reset(1)),
      wants: {
        ...reconciled,
        readyMessage: `${all}; reset due ${hours(1)}`,
        events: ['RequestWaiting'],
        requeueAt: hours(1),
      },
    },
    {
      says: 'a reset that has come is stated',
      platform: platform(reset(-1)),
      wants: { readyMessage: `${all}; every seed minted before ${hours(-1)} is replaced`, events: [] },
    },
    {
      says: 'a reset waits while the platform is off',
      platform: platform({ state: 'Disabled', ...reset(-1) }),
      wants: {
        ready: 'True Reconciled',
        readyMessage: `${all}; reset of ${hours(-1)} waits: second factor is off`,
        events: ['RequestWaiting'],
      },
    },
    {
      says: 'a suspension in the future waits',
      platform: platform(suspension(1, 2)),
      wants: { readyMessage: `${all}; suspension starts ${hours(1)}`, events: ['RequestWaiting'], requeueAt: hours(1) },
    },
    {
      says: 'one that is open is stated with its end',
      platform: platform(suspension(-1, 2)),
      wants: { readyMessage: `${all}; suspended until ${hours(1)}`, events: [], requeueAt: hours(1) },
    },
    {
      says: 'one that is over is only stated',
      platform: platform(suspension(-3, 2)),
      wants: {
        readyMessage: `${all}; suspension of ${hours(-3)} ended ${hours(-1)}`,
        events: [],
        requeueAt: undefined,
      },
    },
    {
      says: 'one has no effect while the platform is off',
      platform: platform({ state: 'Disabled', ...suspension(-1, 2) }),
      wants: { readyMessage: `${all}; suspension has no effect: second factor is off`, events: ['RequestHasNoEffect'] },
    },
    {
      says: 'what waits is told beside what is refused',
      platform: platform({ ...suspension(-1, 25), ...reset(1) }),
      wants: {
        ready: 'False SuspensionTooLong',
        readyMessage: expect.stringMatching(`; reset due ${hours(1)}$`) as unknown,
        events: ['RequestWaiting', 'SuspensionTooLong'],
      },
    },
  ])('$says', ({ platform: facts = platform(), pending = 0, wants }) => {
    const view = viewOf(facts, { pending });
    expect(inShort(view)).toMatchObject(wants);
    const again = { ...view, platform: after(view), countsDueAt: now };
    expect(inShort(again)).toMatchObject({ ...inShort(view), events: [] });
    expect(after(again).status).toEqual(after(view).status);
  });

  test('once reconciled, a generation stays so: accounts that come later have a status of their own', () => {
    const done = after(viewOf(platform()));
    expect(inShort(viewOf(done, { pending: 2 }))).toMatchObject(reconciled);
  });

  test('another generation is pending again, until its accounts are decided; then it is told', () => {
    const done = after(viewOf(platform()));
    const edited = { ...done, generation: done.generation + 1 };
    const pending = viewOf(edited, { pending: 2 });
    expect(inShort(pending)).toMatchObject({ ready: 'False Pending', reconciling: 'True Pending' });
    const still = viewOf(after(pending), { pending: 1 });
    expect(inShort(still)).toMatchObject({ ready: 'False Pending', reconciling: 'True Pending', events: [] });
    expect(inShort({ ...still, pending: 0 })).toMatchObject({ ...reconciled, events: ['Reconciled'] });
  });

  test('observedGeneration is on the status and on each condition; lastTransitionTime moves with the status alone', () => {
    const first = after(viewOf(platform(), { pending: 1 }));
    expect(first.status.observedGeneration).toBe(5);
    const { status } = after(viewOf(first, { pending: 1 }), now + 5000);
    expect(
      status.conditions?.map(({ observedGeneration, lastTransitionTime }) => [observedGeneration, lastTransitionTime]),
    ).toEqual([
      [5, hours(0)],
      [5, hours(0)],
    ]);
    const done = after(viewOf(first), now + 5000).status;
    expect(conditionOf(done, 'Ready')?.lastTransitionTime).toBe('2026-11-25T12:00:05Z');
  });
});
