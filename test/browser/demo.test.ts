import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { startGuard, type Guard } from '../../dev/control-plane/local/guard.ts';
import { writeIdentity } from '../../dev/quick-start/kubeconfigs.ts';
import { startDemo, type Demo } from '../../dev/quick-start/login-demo.ts';
import { kubectlOk } from '../support/kubectl.ts';
import { enroll, personAt, press, said, signIn } from './person.ts';
import { account, begin, setStage, type Stage } from './stage.ts';

let stage: Stage;
let demo: Demo;
let guard: Guard;
beforeAll(async () => {
  stage = await setStage('browser-demo');
  const folder = await mkdtemp(join(tmpdir(), 'demo-'));
  guard = startGuard(undefined);
  const kubeconfig = await writeIdentity((args) => kubectlOk(args), {
    from: inject('kubeconfig'),
    folder,
    name: 'exchange2fa-login',
  });
  const { namespace } = stage;
  const { signal } = new AbortController();
  demo = await startDemo({ kubeconfig, namespace, accounts: ['anna@example.com'], folder, guard, signal });
  return () => rm(folder, { recursive: true });
});
beforeEach((context) => begin(stage, context));
afterAll(async () => {
  await demo.stop();
  await guard.close();
  await stage.close();
});

test('the demonstration, as `npm start` runs it: a newcomer signs in and is in, and no log says a secret', async () => {
  const address = await account(stage, 'anna');
  const { page } = await personAt(stage);
  const here = { ...stage, webmail: demo.url };
  const phone = await enroll(here, page, address);
  expect(page.url()).toBe(`${demo.url}/inbox`);
  await press(page, page.getByRole('button', { name: 'Sign out' }));
  await signIn(here, page, address);
  expect(await said(page)).toContain('Enter your code');
  const log = await readFile(demo.logFile, 'utf8');
  expect(log).toContain('"relyingParty":"demo-webmail"');
  for (const secret of [phone.seed, phone.code(), 'otpauth', 'eyJ']) expect(log).not.toContain(secret);
});
