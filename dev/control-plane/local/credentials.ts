import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import type { Folders } from './folders.ts';

export interface Credentials {
  readonly adminToken: string;
  readonly controllerToken: string;
}

const ownerOnly = { mode: 0o600 };

/** Tokens and the key that signs ServiceAccount tokens, made once for a data folder. */
export async function prepareCredentials(folders: Folders): Promise<Credentials> {
  if (!existsSync(folders.signingKey)) await writeFile(folders.signingKey, newSigningKey(), ownerOnly);
  const credentials = { adminToken: await keptToken(folders.adminToken), controllerToken: newToken() };
  const users = [
    userLine(credentials.adminToken, 'admin', ['system:masters']),
    userLine(credentials.controllerToken, 'system:kube-controller-manager', []),
  ];
  await writeFile(folders.tokens, users.join(''), ownerOnly);
  // The API server makes another certificate when it finds none; a kept one would expire after a year.
  await Promise.all([rm(folders.servingCertificate, { force: true }), rm(folders.servingKey, { force: true })]);
  return credentials;
}

/** Adds a line to the file that the API server reads at its next start. */
export async function addToken(folders: Folders, name: string, groups: readonly string[]): Promise<string> {
  const token = newToken();
  await appendFile(folders.tokens, userLine(token, name, groups));
  return token;
}

/** The certificate of the authority follows the server's own in the file. */
export function readAuthority(folders: Folders): string | undefined {
  if (!existsSync(folders.servingCertificate) || !existsSync(folders.servingKey)) return undefined;
  const blocks = readFileSync(folders.servingCertificate, 'utf8').match(
    /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g,
  );
  return blocks !== null && blocks.length > 1 ? blocks.at(-1) : undefined;
}

/** So that a kubeconfig of an earlier start with the same data works again. */
async function keptToken(file: string): Promise<string> {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const token = newToken();
  await writeFile(file, token, ownerOnly);
  return token;
}

const newToken = (): string => randomBytes(32).toString('base64url');

/** Token, name, uid and groups as the API server's token file has them: CSV. */
function userLine(token: string, name: string, groups: readonly string[]): string {
  const quoted = [name, name, groups.join(',')].map((field) => `"${field.replaceAll('"', '""')}"`);
  return `${[token, ...quoted].join(',')}\n`;
}

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}
