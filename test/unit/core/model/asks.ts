import fc from 'fast-check';
import { formatSeconds } from '../../../../src/api/instants.ts';
import type { MailAccountTwoFactor } from '../../../../src/api/generated/mail-account.ts';
import { codeHash, now as start } from '../given.ts';
import type { TwoFactorOfPlatform } from './server.ts';

export { start };
export const hourMs = 3_600_000;

/** A whole hour near the beginning of a life: requests of different people meet on these. */
export const hour: fc.Arbitrary<string> = fc
  .integer({ min: -3, max: 12 })
  .map((count) => formatSeconds(start + count * hourMs));

/** Longer than 2 is over the maximum that these platforms mostly have. */
const suspension = fc.record({ requestedAt: hour, hours: fc.integer({ min: 1, max: 3 }) });
const request = fc.record({ requestedAt: hour });

const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

/** Without the fields that are undefined: what an API server stores. */
const stored = (value: object): unknown =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));

export const accountAsks: fc.Arbitrary<MailAccountTwoFactor> = fc
  .record({
    state: fc.constantFrom(undefined, 'Enabled', 'Enabled', 'Removed'),
    suspension: some(suspension),
    reset: some(request),
    unlock: some(request),
    enrollmentCode: some(fc.record({ hash: fc.constant(codeHash), expiresAt: hour })),
  })
  .map((each) => stored(each) as MailAccountTwoFactor);

export const platformAsks: fc.Arbitrary<TwoFactorOfPlatform> = fc
  .record({
    state: fc.constantFrom('Enabled', 'Enabled', 'Disabled'),
    accountDefault: fc.constantFrom(undefined, 'Enabled', 'Enabled', 'Disabled'),
    maxSuspensionHours: fc.constantFrom(2, 2, 3, undefined),
    suspension: some(suspension),
    reset: some(request),
    enrollment: some(fc.record({ mode: fc.constantFrom('Open', 'Code'), windowHours: fc.integer({ min: 1, max: 4 }) })),
    retainDeletedHours: fc.constantFrom(0, 1, undefined),
  })
  .map((each) => stored(each) as TwoFactorOfPlatform);
