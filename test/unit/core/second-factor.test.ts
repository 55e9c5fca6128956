import { describe, expect, test } from 'vitest';
import { secondFactor, type Verdict } from '../../../src/core/second-factor.ts';
import { at, codeHash, enrolled, hours, mintedAt, now, record, unscanned, type Short } from './given.ts';

const anHour = `${hours(-0.5)}/${hours(0.5)}`;

interface Row {
  readonly says: string;
  readonly secret: Short;
  readonly at?: number;
  readonly wants: Verdict;
}

const deny = (reason: (Verdict & { kind: 'deny' })['reason']) => ({ kind: 'deny', reason }) as const;
const invalid = (key: string): Verdict => ({ ...deny('SecretInvalid'), annotation: `exchange2fa.io/${key}` });
const suspended = (until: string): Verdict => ({ kind: 'none', reason: 'Suspended', until: at(until) });
const off: Verdict = { kind: 'none', reason: 'Off' };
const enroll: Verdict = { kind: 'enroll', enrollmentCode: { kind: 'none' } };
const code: Verdict = { kind: 'code' };

const withCode = (value: string): Short => ({ ...unscanned, 'enrollment-code': value });
const issued = { kind: 'issued', hash: codeHash, expiresAt: at(hours(1)) } as const;

describe('1. no Secret, another type: deny NoSecret', () => {
  test('no Secret', () => {
    expect(secondFactor(undefined, now)).toEqual(deny('NoSecret'));
  });
  test.each(['Opaque', '', 'exchange2fa.io/totp2'])('type %j, though it says off', (type) => {
    expect(secondFactor(record({ ...enrolled, 'second-factor': 'off' }, type), now)).toEqual(deny('NoSecret'));
  });
});

const rows: readonly Row[] = [
  { says: '2. orphaned-at: deny Orphaned', secret: { ...enrolled, 'orphaned-at': hours(-1) }, wants: deny('Orphaned') },
  { says: '2. whatever it contains', secret: { ...enrolled, 'orphaned-at': '' }, wants: deny('Orphaned') },
  {
    says: '2. before anything else: an orphan that says off, with an open window, is refused',
    secret: { ...enrolled, 'orphaned-at': hours(-1), 'second-factor': 'off', suspended: anHour },
    wants: deny('Orphaned'),
  },
  {
    says: '3. before off: what does not parse is refused, also where no second factor is asked for',
    secret: { ...enrolled, 'second-factor': 'off', failures: 'none' },
    wants: invalid('failures'),
  },
  {
    says: '3. before a suspension',
    secret: { ...enrolled, suspended: anHour, 'last-step': 'x' },
    wants: invalid('last-step'),
  },
  {
    says: '3. a window that ends before it begins',
    secret: { ...enrolled, suspended: `${hours(1)}/${hours(-1)}` },
    wants: invalid('suspended'),
  },
  {
    says: '3. data-invalid equals minted-at',
    secret: { ...enrolled, 'data-invalid': mintedAt },
    wants: invalid('data-invalid'),
  },
  { says: '4. off: none Off', secret: { ...enrolled, 'second-factor': 'off' }, wants: off },
  { says: '4. before a suspension and a lost seed', secret: { 'second-factor': 'off', suspended: anHour }, wants: off },
  { says: '5. refused: deny Refused', secret: { ...enrolled, 'second-factor': 'refused' }, wants: deny('Refused') },
  {
    says: '5. not `required`: deny Refused (anything else)',
    secret: { ...enrolled, 'second-factor': 'Off' },
    wants: deny('Refused'),
  },
  { says: '5. nothing said', secret: { 'minted-at': mintedAt }, wants: deny('Refused') },
  {
    says: '5. before a suspension',
    secret: { ...enrolled, 'second-factor': 'refused', suspended: anHour },
    wants: deny('Refused'),
  },
  {
    says: '6. inside a window: none Suspended, until',
    secret: { ...enrolled, suspended: anHour },
    wants: suspended(hours(0.5)),
  },
  {
    says: '6. from its first instant',
    secret: { ...enrolled, suspended: anHour },
    at: at(hours(-0.5)),
    wants: suspended(hours(0.5)),
  },
  {
    says: '6. not a millisecond before',
    secret: { ...enrolled, suspended: anHour },
    at: at(hours(-0.5)) - 1,
    wants: code,
  },
  {
    says: '6. to the last millisecond',
    secret: { ...enrolled, suspended: anHour },
    at: at(hours(0.5)) - 1,
    wants: suspended(hours(0.5)),
  },
  {
    says: '6. it ends on the second (half open)',
    secret: { ...enrolled, suspended: anHour },
    at: at(hours(0.5)),
    wants: code,
  },
  {
    says: '6. the second of two windows',
    secret: { ...enrolled, suspended: `${hours(-9)}/${hours(-8)} ${anHour}` },
    wants: suspended(hours(0.5)),
  },
  {
    says: '6. before 8: a locked account that is suspended gets in',
    secret: { ...enrolled, suspended: anHour, failures: '{"row":100,"unknown":[],"known":[]}' },
    wants: suspended(hours(0.5)),
  },
  { says: '7. no minted-at: deny SeedLost', secret: { 'second-factor': 'required' }, wants: deny('SeedLost') },
  { says: '9. not enrolled: enroll', secret: unscanned, wants: enroll },
  { says: '9. until enroll-until', secret: { ...unscanned, 'enroll-until': hours(0) }, at: now - 1, wants: enroll },
  {
    says: '9. after enroll-until deny EnrollmentExpired (that instant included)',
    secret: { ...unscanned, 'enroll-until': hours(0) },
    wants: deny('EnrollmentExpired'),
  },
  { says: '9. enrolled: enroll-until says nothing', secret: { ...enrolled, 'enroll-until': hours(-1) }, wants: code },
  {
    says: '9. code not issued',
    secret: withCode('required'),
    wants: { kind: 'enroll', enrollmentCode: { kind: 'notIssued' } },
  },
  { says: '9. code', secret: withCode(`${codeHash} ${hours(1)}`), wants: { kind: 'enroll', enrollmentCode: issued } },
  {
    says: '9. past expiresAt it counts as not issued (that instant included)',
    secret: withCode(`${codeHash} ${hours(1)}`),
    at: at(hours(1)),
    wants: { kind: 'enroll', enrollmentCode: { kind: 'notIssued' } },
  },
  {
    says: '9. to the last millisecond',
    secret: withCode(`${codeHash} ${hours(1)}`),
    at: at(hours(1)) - 1,
    wants: { kind: 'enroll', enrollmentCode: issued },
  },
  { says: '10. code', secret: enrolled, wants: code },
  {
    says: '10. enrolled: no enrolment code is asked for',
    secret: { ...enrolled, 'enrollment-code': 'required' },
    wants: code,
  },
  {
    says: 'annotations of others never refuse a login',
    secret: { ...enrolled, 'first-shown-at': 'x', attempt: '', 'erase-after': 'never', account: '', more: 'x' },
    wants: code,
  },
];

test.each(rows)('$says', ({ secret, at: instant = now, wants }) => {
  expect(secondFactor(record(secret), instant)).toEqual(wants);
});

test('the same for a known browser, where no code was wrong', () => {
  for (const { secret, at: instant = now, wants } of rows) {
    expect(secondFactor(record(secret), instant, 'known')).toEqual(wants);
  }
});
