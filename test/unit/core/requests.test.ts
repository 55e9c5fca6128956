import { expect } from 'vitest';
import { enrolled, erased, hours, inStep, mintedAt, remembered } from './given.ts';
import { sentences } from './rows.ts';

const steady = { secret: enrolled, status: remembered };
const off = {
  platform: { state: 'Disabled' },
  secret: { ...enrolled, 'second-factor': 'off' },
  status: { ...remembered, phase: 'Off' },
} as const;
const all = 'Secret and status say what the spec asks for';
const suspension = (from: number, length: number) => ({ suspension: { requestedAt: hours(from), hours: length } });
const reset = (requestedAt: string) => ({ reset: { requestedAt } });
const unlock = (from: number) => ({ unlock: { requestedAt: hours(from) } });

sentences('a request dated in the future waits: named in Ready’s message and in one Event', [
  {
    ...steady,
    says: 'a reset',
    asks: reset(hours(1)),
    wants: {
      act: 'keep',
      ready: 'True Reconciled',
      readyMessage: `${all}; reset due ${hours(1)}`,
      notices: [`Normal: reset due ${hours(1)}`],
      events: ['RequestWaiting'],
      requeueAt: hours(1),
    },
  },
  {
    ...steady,
    says: 'a suspension',
    asks: suspension(1, 2),
    wants: { readyMessage: `${all}; suspension starts ${hours(1)}`, events: ['RequestWaiting'] },
  },
  {
    ...steady,
    says: 'an unlock',
    asks: unlock(1),
    wants: { readyMessage: `${all}; unlock due ${hours(1)}`, events: ['RequestWaiting'] },
  },
  {
    ...steady,
    says: 'in UTC, whatever was written',
    asks: reset('2026-11-25T14:00:00+01:00'),
    wants: { readyMessage: `${all}; reset due ${hours(1)}` },
  },
  {
    ...off,
    says: 'while it is off too',
    asks: { ...reset(hours(1)), ...suspension(1, 2) },
    wants: {
      readyMessage: `${all}; suspension starts ${hours(1)}; reset due ${hours(1)}`,
      events: ['RequestWaiting', 'RequestWaiting'],
    },
  },
  {
    ...steady,
    says: 'where something else is wrong too',
    asks: reset(hours(1)),
    status: {},
    secret: { ...enrolled, failures: '?' },
    wants: {
      ready: 'False SecretInvalid',
      readyMessage: expect.stringMatching(`; reset due ${hours(1)}$`) as unknown,
      events: ['SecretInvalid', 'RequestWaiting'],
    },
  },
]);

sentences('a request without effect because the account or platform is off: likewise', [
  {
    ...off,
    says: 'a suspension',
    asks: suspension(-1, 2),
    wants: {
      phase: 'Off',
      readyMessage: `${all}; suspension has no effect: second factor is off`,
      events: ['RequestHasNoEffect'],
    },
  },
  {
    says: 'a reset of a seed that was erased',
    asks: { state: 'Removed', ...reset(hours(-1)) },
    secret: erased,
    wants: {
      readyMessage: `${all}; reset has no effect: second factor is off`,
      events: ['Removed', 'RequestHasNoEffect'],
    },
  },
  {
    says: 'a reset where none was minted',
    asks: reset(hours(-1)),
    platform: { state: 'Disabled' },
    secret: { ...inStep, 'second-factor': 'off' },
    wants: { readyMessage: `${all}; reset has no effect: second factor is off`, events: ['RequestHasNoEffect'] },
  },
  {
    ...off,
    says: 'a due reset waits until it is on again',
    asks: reset(hours(-1)),
    wants: { readyMessage: `${all}; reset of ${hours(-1)} waits: second factor is off`, events: ['RequestWaiting'] },
  },
]);

sentences('what lies behind is only stated there, without an Event', [
  {
    ...steady,
    says: 'a reset that is done: the seed is newer',
    asks: reset('2026-10-01T00:00:00Z'),
    wants: {
      readyMessage: `${all}; reset of 2026-10-01T00:00:00Z is done: the seed is newer, of ${mintedAt}`,
      events: [],
    },
  },
  {
    ...off,
    says: 'done, while it is off',
    asks: reset('2026-10-01T00:00:00Z'),
    wants: { readyMessage: expect.stringContaining('is done') as unknown, events: [] },
  },
  {
    says: 'of a seed that was erased since: the reset before that is done',
    asks: { state: 'Removed', ...reset('2026-11-10T00:00:00Z') },
    secret: erased,
    status: { ...remembered, phase: 'Enforced' },
    wants: {
      phase: 'Off',
      readyMessage: `${all}; reset of 2026-11-10T00:00:00Z is done: no seed is left since 2026-11-20T00:00:00Z`,
      events: ['Removed'],
    },
  },
  {
    says: 'done and then removed, in the deciding that erases',
    asks: { state: 'Removed', ...reset('2026-10-01T00:00:00Z') },
    ...steady,
    wants: {
      act: 'erase',
      readyMessage: `${all}; reset of 2026-10-01T00:00:00Z is done: no seed is left since ${hours(0)}`,
      events: ['Removed'],
    },
  },
  {
    ...steady,
    says: 'a suspension that is over',
    asks: suspension(-3, 1),
    wants: { readyMessage: `${all}; suspension of ${hours(-3)} ended ${hours(-2)}`, events: [] },
  },
  {
    ...steady,
    says: 'an unlock',
    asks: unlock(-1),
    wants: { act: 'annotate', readyMessage: `${all}; unlock of ${hours(-1)} is done`, events: [] },
  },
  {
    says: 'an unlock overtaken by a later one',
    asks: unlock(-2),
    ...steady,
    secret: { ...enrolled, 'unlocked-at': hours(-1) },
    wants: { readyMessage: `${all}; unlock of ${hours(-2)} is done`, events: [] },
  },
  {
    ...steady,
    says: 'not an unlock that could not be written',
    asks: unlock(-1),
    refusedWrite: { status: 403, field: 'secrets', retryAt: Date.parse(hours(1)) },
    wants: { ready: 'False WriteFailed', readyMessage: expect.not.stringContaining('unlock') as unknown },
  },
]);

sentences('a request that is simply in force is named by phase and times alone', [
  {
    ...steady,
    says: 'a suspension',
    asks: suspension(-1, 2),
    wants: { phase: 'Suspended', readyMessage: all, events: ['Suspended'] },
  },
  {
    ...steady,
    says: 'a reset, as it is done: then it is done',
    asks: reset(hours(-1)),
    wants: {
      events: ['Reset'],
      readyMessage: expect.stringContaining('is done: the seed is newer, of 2026-11-25T12:00:00.000Z') as unknown,
    },
  },
  {
    ...steady,
    says: 'a suspension that is refused: the problem says all, with field, value and limit',
    asks: suspension(-1, 25),
    wants: {
      events: ['SuspensionTooLong'],
      readyMessage:
        'spec.twoFactor.suspension.hours is 25; the platform allows at most 24 (spec.twoFactor.maxSuspensionHours), so the whole suspension is refused',
    },
  },
]);
