import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const secretPurposes = ['session', 'device', 'attempt'] as const;
const secretBytes = 32;

/** Makes a key of each purpose for a login service: files of a directory, under one name. Another name later is a rotation. */
export async function writeLoginKeys(directory: string, name: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const write = (purpose: string, text: string): Promise<void> =>
    writeFile(join(directory, `${purpose}-${name}`), text, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await write('signing', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  for (const purpose of secretPurposes) await write(purpose, randomBytes(secretBytes).toString('base64'));
}
