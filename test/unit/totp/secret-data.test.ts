import { expect, test } from 'vitest';
import { readSeedData } from '../../../src/login/secrets/secret.ts';
import { secretData } from '../../../src/totp/secret-data.ts';

const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const parameters = { algorithm: 'SHA256', digits: 8, periodSeconds: 60 } as const;
const data = secretData(seed, { ...parameters, issuer: 'Müller Mail', address: 'anna@example.com' });

test("a Secret's data has the contract's six names, in base64", () => {
  const text = Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')]);
  expect(Object.fromEntries(text)).toEqual({
    seed,
    algorithm: 'SHA256',
    digits: '8',
    period: '60',
    issuer: 'Müller Mail',
    'otpauth-uri': `otpauth://totp/M%C3%BCller%20Mail:anna%40example.com?secret=${seed}&issuer=M%C3%BCller%20Mail&algorithm=SHA256&digits=8&period=60`,
  });
});

test("a login reads from a Secret's data what was put there", () => {
  expect(readSeedData(data)).toMatchObject({ seed, parameters, issuer: 'Müller Mail' });
});
