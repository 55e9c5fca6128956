import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretNameFor } from '../../../src/api/names.ts';
import { ask } from '../../support/api-request.ts';
import { accountObject, accountsPath, applyObjects, CliStage, platformObject, tenant, untilPhase } from './stage.ts';

const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const imported = ['ida@example.com', 'ian@example.com', 'isa@example.com'];

let stage: CliStage;
let folder: string;
let file: string;

beforeAll(async () => {
  stage = await CliStage.prepare();
  folder = await mkdtemp(join(tmpdir(), 'cli-import-'));
  file = join(folder, 'seeds.csv');
  await writeFile(file, ['address,seed', ...imported.map((address) => `${address},${seed}`)].join('\n'), {
    mode: 0o600,
  });
  await applyObjects([
    platformObject('new', { state: 'Enabled', accountDefault: 'Enabled' }),
    platformObject('third', { state: 'Enabled' }),
    platformObject('hasty', { state: 'Enabled', retainDeletedHours: 0 }),
    accountObject('iris', 'new'),
  ]);
  await untilPhase('iris', 'Enrolling');
});

afterAll(async () => {
  await stage.end();
  await rm(folder, { recursive: true });
});

const run = (...args: readonly string[]) =>
  stage.run('master', ['import', '--format', 'csv', '--platform', 'new', ...args]);

const secretOf = async (address: string) => {
  const { body } = await ask({
    method: 'GET',
    path: `/api/v1/namespaces/${tenant}/secrets/${secretNameFor(address) ?? ''}`,
  });
  return {
    data: body['data'] as Readonly<Record<string, string>>,
    annotations: body.metadata?.['annotations'] as Readonly<Record<string, string>>,
  };
};

test('one wrong line, and nothing is imported', async () => {
  const wrong = join(folder, 'wrong.csv');
  await writeFile(wrong, `ida@example.com,${seed}\nivo@example.com,AAAA`);
  const { code, stdout, stderr } = await run('--yes', wrong);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /wrong\.csv:2: error: the seed of ivo@example\.com has 16 bits[^]*1 line is wrong; nothing was imported/,
  );
  expect((await ask({ method: 'GET', path: `${accountsPath}/ida.example.com` })).status).toBe(404);
});

test('--dry-run writes nothing', async () => {
  const { code, stdout } = await run('--dry-run', file);
  expect({ code, lines: stdout.trim().split('\n').length }).toEqual({ code: 0, lines: 3 });
  expect((await ask({ method: 'GET', path: `${accountsPath}/ida.example.com` })).status).toBe(404);
});

test('who holds no verb restore is refused', async () => {
  const { code, stderr } = await stage.run('admin', ['import', '--format', 'csv', '--platform', 'new', '--yes', file]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/lacks restore on mailaccounts, create on secrets, get on secrets in namespace policies;/);
  expect((await ask({ method: 'GET', path: `${accountsPath}/ida.example.com` })).status).toBe(404);
});

test('it asks first', async () => {
  expect((await run(file)).stderr).toMatch(/This will import 3 seeds into policies\..*repeat it with --yes/);
});

test('accounts take the seeds, their enrolment kept', async () => {
  const { code, stdout, stderr } = await run('--yes', file);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '3 imported, 0 unchanged, 0 failed, of 3\n' });
  expect(stdout + stderr).not.toContain(seed);
  for (const address of imported) {
    await untilPhase(address.replace('@', '.'), 'Enforced');
    const { data, annotations } = await secretOf(address);
    expect(Buffer.from(data['seed'] ?? '', 'base64').toString() === seed).toBe(true);
    expect(annotations).not.toHaveProperty('exchange2fa.io/orphaned-at');
    expect(annotations).toMatchObject({ 'exchange2fa.io/account': address.replace('@', '.') });
  }
});

test('repeated it changes nothing, and goes on where something is missing', async () => {
  await ask({ method: 'DELETE', path: `${accountsPath}/ian.example.com` });
  const before = await secretOf('ida@example.com');
  expect((await run('--yes', file)).stderr).toBe('1 imported, 2 unchanged, 0 failed, of 3\n');
  await untilPhase('ian.example.com', 'Enforced');
  expect(await secretOf('ida@example.com')).toEqual(before);
});

test('an account that has begun to enrol keeps its own seed', async () => {
  const own = join(folder, 'iris.csv');
  await writeFile(own, `iris@example.com,${seed}`);
  const { code, stderr } = await run('--yes', own);
  expect(code).toBe(1);
  expect(stderr).toMatch(/iris@example\.com: its address has a Secret already that is not enrolled/);
});

test('an account that is enrolled with another seed is left as it is, and said so', async () => {
  const other = join(folder, 'other.csv');
  await writeFile(other, `ira@example.com,${seed}\nida@example.com,${seed.replace('GEZ', 'HEZ')}`);
  const before = await secretOf('ida@example.com');
  const dry = await run('--dry-run', other);
  expect({ code: dry.code, stdout: dry.stdout }).toEqual({ code: 1, stdout: '' });
  const { code, stderr } = await run('--yes', other);
  expect(stderr).toBe(dry.stderr);
  expect((await ask({ method: 'GET', path: `${accountsPath}/ira.example.com` })).status).toBe(404);
  expect(code).toBe(1);
  expect(stderr).toMatch(/ida@example\.com: its address has another seed, which is enrolled: delete its account/);
  expect(stderr).not.toMatch(/EZDGNBV/);
  expect(await secretOf('ida@example.com')).toEqual(before);
});

test('an account of another platform is refused before anything is written', async () => {
  const own = join(folder, 'hasty.csv');
  await writeFile(own, `ivy@example.com,${seed}\nida@example.com,${seed}`);
  const { code, stderr } = await stage.run('master', [
    'import',
    '--format',
    'csv',
    '--platform',
    'third',
    '--yes',
    own,
  ]);
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the account of ida@example.com is of ExchangePlatform new') as unknown,
  });
  expect((await ask({ method: 'GET', path: `${accountsPath}/ivy.example.com` })).status).toBe(404);
});

test('a platform that keeps no deleted Secret would erase them', async () => {
  const { code, stderr } = await stage.run('master', [
    'import',
    '--format',
    'csv',
    '--platform',
    'hasty',
    '--yes',
    file,
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/says retainDeletedHours 0/);
});
