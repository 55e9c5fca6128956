import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { kubectlOk } from '../../support/kubectl.ts';
import { QuickStart } from './quick-start-process.ts';

test('npm start -- --tour tells the whole story and ends with 0', async () => {
  const tour = new QuickStart('--tour');
  const code = await tour.ended;
  expect({ code, output: tour.output }).toMatchObject({ code: 0 });
  const titles = [...tour.output.matchAll(/── \d+\. ([A-Z]\w+)/g)].map(([, word]) => word);
  expect(titles).toEqual(['Enable', 'Enable', 'Scan', 'Suspend', 'The', 'Resume', 'Reset', 'Scan', 'Remove']);
  const sentences = [...tour.output.matchAll(/The login: (.*)\./g)].map(([, sentence]) =>
    sentence?.replace(/\d{4}-.*Z/, 'T'),
  );
  const off = 'the password is enough: there is no second factor';
  const qr = 'after the password, a QR code to scan is shown';
  const code6 = 'after the password, the code from the phone is asked for';
  const suspended = 'the password is enough until T: the second factor is suspended';
  expect(sentences).toEqual([off, off, qr, code6, suspended, suspended, code6, qr, code6, off]);
  // What a person saw who signed in at the webmail each time, by way of the login service's pages.
  const seen = [...tour.output.matchAll(/Anna signs in at the webmail: (.*)\.\n/g)].map(([, words]) =>
    words?.replace(/\d{4}-.*Z/, 'T'),
  );
  const [isOff, isSuspended] = [
    'the inbox, no code was asked for: Off',
    'the inbox, no code was asked for: Suspended, until T',
  ];
  const [showsQr, asks] = ['the login service shows a QR code', 'the login service asks for the code'];
  expect(seen).toEqual([isOff, isOff, showsQr, asks, isSuspended, isSuspended, asks, asks, showsQr, asks, isOff]);
  // Off: of one account, none is enforced, enrolling, suspended or blocked.
  expect(tour.output.match(/^example-mail .* 1 +0 +0 +0 +0 /gm)).toHaveLength(2);
  const codes = tour.output.match(
    /The phone shows \d{6}; it is typed\.\nThe webmail: the inbox, a code was accepted\./g,
  );
  expect(codes).toHaveLength(3);
  await kubectlOk(['wait', '--for=delete', 'namespace/mail-tour', '--timeout=60s']);
});

describe('the tour ends with 1', () => {
  afterEach(() => kubectlOk(['delete', 'namespace', 'mail-tour', '--ignore-not-found']));

  test('when a step fails', async () => {
    const tour = new QuickStart('--tour');
    await tour.says(/── 6\. Resume/);
    await kubectlOk(['delete', 'ma', 'anna', '-n', 'mail-tour']);
    expect(await tour.ended).toBe(1);
    expect(tour.output).not.toContain('7. Reset');
  });

  test('when the operator ends, with its last words', async () => {
    const tour = new QuickStart('--tour');
    await tour.says(/── 6\. Resume/);
    process.kill(tour.pidOf('operator'), 'SIGTERM');
    expect(await tour.ended).toBe(1);
    expect(tour.output).toContain('operator ended with exit code 0. Its last words:');
  });

  test('when the login service ends, with its last words', async () => {
    const tour = new QuickStart('--tour');
    await tour.says(/── 6\. Resume/);
    process.kill(tour.pidOf('login'), 'SIGTERM');
    expect(await tour.ended).toBe(1);
    expect(tour.output).toContain('login service ended with exit code 0. Its last words:');
  });
});

describe('nothing is left running', () => {
  afterEach(async () => {
    await kubectlOk(['delete', 'namespace', 'mail-tour', '--ignore-not-found']);
    // A killed operator cannot give its Lease up, and the next one would wait for its end.
    await kubectlOk(['delete', 'lease', 'exchange2fa-operator', '-n', 'exchange2fa-system']);
  });

  test.each([
    ['SIGTERM', 130],
    ['SIGKILL', -1],
  ] as const)('after %s', async (signal, code) => {
    const tour = new QuickStart('--tour');
    await tour.says(/── 1\. Enable/);
    const pids = [tour.pidOf('operator'), tour.pidOf('login')];
    tour.signal(signal);
    expect(await tour.ended).toBe(code);
    await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 }).toEqual([]);
  });
});
