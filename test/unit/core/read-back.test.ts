import { describe, expect, test } from 'vitest';
import { annotation } from '../../../src/api/record.ts';
import { firstShown, saysShown } from '../../../src/core/account-conditions.ts';
import { unlockDone } from '../../../src/core/notes.ts';
import { readFault, readHold, readWriteFailed, saysNoSeed } from '../../../src/core/problem-messages.ts';
import { enrollmentLost, secretInvalid, seedLost, storageWentBack, writeFailed } from '../../../src/core/problems.ts';
import { annotations, at, hours, now, record, secret } from './given.ts';

const lost = { kind: 'lost', mintedAt: now } as const;
const present = secret({});
const until = at(hours(1));
const key = annotation.failures;

/** Every problem that is read back, and what each reader makes of it. */
const read = (message: string) => ({
  ...{ refused: readWriteFailed(message), held: readHold(message) },
  ...{ fault: readFault(message), noSeed: saysNoSeed(message) },
});
const nothing = read('');

describe("what Ready's message says is read back by who wrote it, notes behind it or not", () => {
  test.each([
    [writeFailed({ status: 403, field: 'a', retryAt: now }), { refused: { status: 403, field: 'a' } }],
    [writeFailed({ status: 400, field: 'b', retryAt: now }), { refused: { status: 400, field: 'b' } }],
    [writeFailed({ status: 422, field: 'x, spec.y', retryAt: now }), { refused: { status: 422, field: 'x, spec.y' } }],
    [storageWentBack('erasing the seed', until), { held: until }],
    [storageWentBack('replacing the seed', until), { held: until }],
    [seedLost({ ...lost, found: 'no seed' }, present), { noSeed: true }],
    [seedLost({ ...lost, found: 'an older seed' }, present), {}],
    [seedLost({ ...lost, found: 'no seed' }, undefined), {}],
    [enrollmentLost, { fault: { kind: 'enrollmentLost' } }],
    [secretInvalid(key, annotations({ failures: '?' }), 'reset'), { fault: { kind: 'unreadable', key } }],
    [secretInvalid(annotation.lastStep, {}, 'enable'), { fault: { kind: 'missing', key: annotation.lastStep } }],
    [
      secretInvalid(annotation.dataInvalid, annotations({ 'data-invalid': 'x' }), 'reset'),
      { fault: { kind: 'dataInvalid' } },
    ],
  ])('%o', ({ message }, wanted) => {
    expect(read(message)).toEqual({ ...nothing, ...wanted });
    expect(read(`${message}; reset due ${hours(5)}`)).toEqual({ ...nothing, ...wanted });
  });
});

test('an unlock that is done is known by its note, and no other is', () => {
  const { note, isIn } = unlockDone(now);
  expect([note.text, `all is well; ${note.text}`].map(isIn)).toEqual([true, true]);
  expect(['', unlockDone(now + 1000).note.text].map(isIn)).toEqual([false, false]);
});

test('a showing is known by its sentence, and no other is', () => {
  const shown = (text: string): string => firstShown(record({ 'first-shown-at': text })) ?? '';
  const says = (message: string) => ({
    conditions: [
      { type: 'Enrolled', status: 'False', reason: 'NotEnrolled', message, lastTransitionTime: hours(0) } as const,
    ],
  });
  const status = says(`${shown(hours(-1))}, no code accepted yet`);
  expect([saysShown(status, shown(hours(-1))), saysShown(status, shown(hours(-2))), saysShown({}, 'x')]).toEqual([
    true,
    false,
    false,
  ]);
});
