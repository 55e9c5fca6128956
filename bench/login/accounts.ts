import { secretNameFor } from '../../src/api/names.ts';
import { codeAt } from '../../src/totp/code.ts';
import type { Connection } from '../raw-client/connection.ts';
import { inFlight } from '../support/in-flight.ts';

export const namespace = 'bench-login';
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const creating = 32;

/** What a phone with the one seed of all accounts shows now. */
export const codeNow = (): string => codeAt(seed, { algorithm: 'SHA1', digits: 6, periodSeconds: 30 }, Date.now());

export const addressOf = (index: number): string => `person-${index}@example.com`;

export const secretPath = (index: number): string =>
  `/api/v1/namespaces/${namespace}/secrets/${secretNameFor(addressOf(index)) ?? ''}`;

const encode = (text: string): string => Buffer.from(text).toString('base64');

const secret = (index: number): object => {
  const address = addressOf(index);
  const uri = `otpauth://totp/Example%20Mail:${encodeURIComponent(address)}?secret=${seed}&issuer=Example%20Mail`;
  const data = { seed, algorithm: 'SHA1', digits: '6', period: '30', issuer: 'Example Mail', 'otpauth-uri': uri };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'exchange2fa.io/totp',
    metadata: {
      name: secretNameFor(address),
      labels: { 'exchange2fa.io/platform': 'mail' },
      annotations: {
        'exchange2fa.io/account': `person-${index}`,
        'exchange2fa.io/address': address,
        'exchange2fa.io/second-factor': 'required',
        'exchange2fa.io/minted-at': '2026-01-01T08:00:00.000Z',
        'exchange2fa.io/enrolled-at': '2026-01-01T08:10:00Z',
        'exchange2fa.io/last-step': '1',
      },
    },
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encode(text)])),
  };
};

/** Numbers from `first` on. */
export const numbers = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

/** Enrolled accounts, as the operator and a first login leave them. */
export const createAccounts = (admin: Connection, indices: readonly number[]): Promise<void> =>
  inFlight(indices, creating, async (index) => {
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    await admin.ask({ method: 'POST', path, body: JSON.stringify(secret(index)) });
  });
