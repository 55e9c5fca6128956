import { annotation } from '../../src/api/record.ts';
import { codeAt } from '../../src/totp/code.ts';
import type { Connection } from '../raw-client/connection.ts';
import { secretNameOf, secretObject, secretsPath } from '../raw-client/objects.ts';
import { inFlight } from '../support/in-flight.ts';

export const namespace = 'bench-login';
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const creating = 32;

/** What a phone with the one seed of all accounts shows now. */
export const codeNow = (): string => codeAt(seed, { algorithm: 'SHA1', digits: 6, periodSeconds: 30 }, Date.now());

export const addressOf = (index: number): string => `person-${index}@example.com`;

export const secretPath = (index: number): string => `${secretsPath(namespace)}/${secretNameOf(addressOf(index))}`;

/** As the operator and a first login leave it. */
const enrolledSecret = (index: number): object =>
  secretObject(
    namespace,
    { name: `person-${index}`, address: addressOf(index) },
    {
      mintedAt: '2026-01-01T08:00:00.000Z',
      seed,
      platform: 'mail',
      notes: { [annotation.enrolledAt]: '2026-01-01T08:10:00Z', [annotation.lastStep]: '1' },
    },
  );

/** Numbers from `first` on. */
export const numbers = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

/** The Secrets of enrolled accounts. */
export const createAccounts = (admin: Connection, indices: readonly number[]): Promise<void> =>
  inFlight(indices, creating, async (index) => {
    await admin.ask({ method: 'POST', path: secretsPath(namespace), body: JSON.stringify(enrolledSecret(index)) });
  });
