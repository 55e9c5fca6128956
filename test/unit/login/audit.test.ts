import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { choosePort } from '../../../dev/control-plane/local/port.ts';
import { writeLoginKeys } from '../../../dev/login/key-files.ts';
import { configuration } from '../pages/asking.ts';
import { address, callerKey, testConfig } from './support/world.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Of an API server that nobody runs: a login is refused, and that is a verdict too. */
const kubeconfig = {
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'u', user: { token: 't' } }],
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'c',
};

const assertion = (): Promise<string> =>
  new SignJWT({ jti: '1' })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('outside')
    .setSubject('outside')
    .setAudience(testConfig.issuer)
    .setIssuedAt()
    .setExpirationTime('1 min')
    .sign(callerKey);

test('who enforces and each verdict is written at every level of the log', async () => {
  const file = (name: string): string => join(folder, name);
  const port = await choosePort(file('port'));
  await writeLoginKeys(file('keys'), '2026-01-01');
  const { issuer, apiCallers } = testConfig;
  const { relyingParties } = await configuration();
  await writeFile(file('login.yaml'), stringify({ issuer, apiCallers, relyingParties }));
  await writeFile(file('kubeconfig'), stringify(kubeconfig));
  const files = ['--config', file('login.yaml'), '--keys', file('keys'), '--kubeconfig', file('kubeconfig')];
  const flags = [...files, '--listen', `127.0.0.1:${port}`, '--log-level', 'fatal'];
  const child = spawn(process.execPath, ['src/login/main.ts', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines: Record<string, unknown>[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
    await expect.poll(() => lines.map(({ apiCaller }) => apiCaller), { timeout: 20_000 }).toContain('outside');
    const modes = lines.map(({ relyingParty, apiCaller, mode }) => [relyingParty ?? apiCaller, mode]);
    expect(modes).toEqual([
      ['webmail', 'enforce'],
      ['gateway', 'enforce'],
      ['observer', 'observe'],
      ['outside', 'enforce'],
    ]);
    expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set(['serves']));
    const answer = await fetch(`http://127.0.0.1:${port}/v1/login`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await assertion()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ address }),
    });
    expect(answer.status).toBe(503);
    const verdict = { audit: 'login', address, relyingParty: 'outside', verdict: 'unavailable' };
    await expect.poll(() => lines.at(-1)).toMatchObject(verdict);
    expect(lines.filter(({ audit, msg }) => audit === undefined && msg !== 'serves')).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
}, 40_000);
