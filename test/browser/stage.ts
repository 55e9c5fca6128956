import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { inject, type TestContext } from 'vitest';
import { clientOf } from '../../dev/quick-start/client.ts';
import { install } from '../../dev/quick-start/install.ts';
import { writeIdentity } from '../../dev/quick-start/kubeconfigs.ts';
import { Objects } from '../../dev/quick-start/objects.ts';
import { startWebmail } from '../../dev/webmail/index.ts';
import { secretNameFor } from '../../src/api/names.ts';
import { kubectlOk } from '../support/kubectl.ts';
import { until } from '../support/scenario-cluster.ts';
import { OperatorProcess } from '../support/operator-process.ts';
import { chromiumPath } from './chromium-setup.ts';
import { ForwardClock, startLoginService } from './login-service.ts';

/** Everything between a person and the API server: browser, webmail, login service, operator, each as in real life. */
export interface Stage {
  readonly browser: Browser;
  /** The demo webmail's sign-in page. */
  readonly webmail: string;
  readonly issuer: string;
  readonly namespace: string;
  readonly objects: Objects;
  /** The login service's. */
  readonly clock: ForwardClock;
  close(): Promise<void>;
}

/** As authenticator apps name the entry. */
export const issuerName = 'Example Mail';

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const platform = (namespace: string) => ({
  apiVersion: 'exchange2fa.io/v1alpha1',
  kind: 'ExchangePlatform',
  metadata: { name: 'platform', namespace },
  spec: { issuer: issuerName, twoFactor: { state: 'Enabled', accountDefault: 'Enabled' } },
});

const apply = (object: object): Promise<string> =>
  kubectlOk(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: JSON.stringify(object) });

export async function setStage(namespace: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'browser-'));
  const kubectl = (args: readonly string[], input?: string) => kubectlOk(args, input === undefined ? {} : { input });
  await install(kubectl, namespace);
  await apply(platform(namespace));
  const identity = (name: string) => writeIdentity(kubectl, { from: inject('kubeconfig'), folder, name });
  const [operatorIdentity, loginIdentity] = [
    await identity('exchange2fa-operator'),
    await identity('exchange2fa-login'),
  ];
  const operator = new OperatorProcess({
    kubeconfig: operatorIdentity,
    flags: ['--namespaces', namespace, '--lease-name', namespace, '--leader-elect=false'],
    podName: namespace,
  });
  await operator.listening();
  await until(`the operator is ready; it said:\n${operator.last(5)}`, () => operator.isReady());
  const administrator = clientOf(inject('kubeconfig'));
  const clock = new ForwardClock();
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const webmail = await startWebmail({ issuer, accounts: ['anna@example.com'], namespace });
  const relyingParties = [{ ...webmail.relyingParty, help: 'it-help@example.com' }];
  const service = await startLoginService({ issuer, port, kubeconfig: loginIdentity, clock, folder, relyingParties });
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  return {
    browser,
    webmail: webmail.url,
    issuer,
    namespace,
    objects: new Objects(administrator.client, namespace, new AbortController().signal),
    clock,
    close: async () => {
      await browser.close();
      await Promise.all([service.close(), webmail.close(), administrator.close(), operator.stop()]);
      await kubectlOk(['delete', 'namespace', namespace, '--wait=false']);
      await rm(folder, { recursive: true });
    },
  };
}

/** An account with what it asks for; resolves once the operator has done it. Applied again, it says all anew. */
export async function account({ namespace, objects }: Stage, name: string, twoFactor: object = {}): Promise<string> {
  const address = `${name}@example.com`;
  await apply({
    apiVersion: 'exchange2fa.io/v1alpha1',
    kind: 'MailAccount',
    metadata: { name, namespace },
    spec: { platformRef: { name: 'platform' }, address, twoFactor },
  });
  await objects.observed();
  return address;
}

/** Before each test: the right time; before a second attempt also no trace of the first one, whose phones are enrolled. */
export async function begin({ clock, namespace }: Stage, { task }: TestContext): Promise<void> {
  clock.back();
  if (!task.result?.retryCount) return;
  await kubectlOk(['delete', 'mailaccounts', '--all', '-n', namespace]);
  await kubectlOk(['delete', 'secrets', '--field-selector', 'type=exchange2fa.io/totp', '-n', namespace]);
}

/** Writes a login's annotation as a restored backup would. */
export async function annotate({ namespace }: Stage, address: string, key: string, value: string): Promise<void> {
  await kubectlOk([
    'annotate',
    'secret',
    secretNameFor(address) ?? '',
    '-n',
    namespace,
    '--overwrite',
    `exchange2fa.io/${key}=${value}`,
  ]);
}

/** Now, as a request in a MailAccount says it. */
export const seconds = (instant = Date.now()): string => new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z');
