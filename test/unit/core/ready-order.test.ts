import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readyReasons, stallsAt } from '../../../src/core/problems.ts';
import { enrolled, factsOf, hours, now, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const tooLong = { suspension: { requestedAt: hours(0), hours: 99 } };
const refusedWrite = { status: 422, field: 'metadata', retryAt: now + 60_000 } as const;

sentences('where several hold, Ready names the first of …', [
  {
    says: 'AddressInUse',
    asks: tooLong,
    status: remembered,
    rivals: [{ ...factsOf({}).account, name: 'a' }],
    refusedWrite,
    wants: { ready: 'False AddressInUse' },
  },
  {
    says: 'SecretNameTaken',
    asks: tooLong,
    secret: 'foreign',
    platform: 'missing',
    refusedWrite,
    wants: { ready: 'False SecretNameTaken', stalled: 'True SecretNameTaken' },
  },
  {
    says: 'SpecInvalid',
    asks: { suspension: { requestedAt: hours(0), hours: 0 } },
    platform: 'missing',
    secret: { ...enrolled, failures: '?' },
    refusedWrite,
    wants: { ready: 'False SpecInvalid', stalled: 'True SpecInvalid' },
  },
  {
    says: 'PlatformNotFound; what another object can cure is not Stalled',
    asks: tooLong,
    platform: 'missing',
    secret: { ...enrolled, suspended: `${hours(-1)}/${hours(1)}`, failures: '?' },
    refusedWrite,
    wants: { ready: 'False PlatformNotFound', stalled: undefined },
  },
  {
    says: 'WriteFailed; not Stalled',
    asks: { ...tooLong, reset: { requestedAt: hours(0) } },
    status: remembered,
    holdUntil: now + 1,
    refusedWrite,
    secret: { ...unscanned, 'unlocked-at': '?' },
    wants: { act: 'keep', ready: 'False WriteFailed', stalled: undefined },
  },
  {
    says: 'StorageWentBack; not Stalled',
    asks: { ...tooLong, reset: { requestedAt: hours(0) } },
    status: remembered,
    holdUntil: now + 1000,
    secret: { ...enrolled, 'minted-at': '2026-10-01T00:00:00.000Z', 'second-factor': 'refused' },
    wants: { ready: 'False StorageWentBack', stalled: undefined },
  },
  { says: 'SeedLost', asks: tooLong, status: remembered, wants: { ready: 'False SeedLost', stalled: 'True SeedLost' } },
  {
    says: 'SecretInvalid',
    asks: tooLong,
    secret: { ...enrolled, failures: '?' },
    wants: { ready: 'False SecretInvalid', stalled: 'True SecretInvalid' },
  },
  {
    says: 'SuspensionTooLong',
    asks: tooLong,
    secret: enrolled,
    wants: { ready: 'False SuspensionTooLong', stalled: 'True SuspensionTooLong' },
  },
]);

test('docs/status.md lists the reasons in this order, and which of them stall', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/status.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (\w+) \| .* \| (yes|no) \|$/gm)].map(([, reason, stalls]) => [reason, stalls]);
  const told = readyReasons.map((reason) => [reason, stallsAt([{ reason, message: '' }]) ? 'yes' : 'no']);
  expect(told).toEqual(rows);
});
