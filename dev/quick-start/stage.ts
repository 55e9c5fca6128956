import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/host/clock.ts';
import type { ApiCaller } from '../../src/login/config/config.ts';
import { startControlPlane, type ControlPlane } from '../control-plane/index.ts';
import type { Child } from '../control-plane/local/child.ts';
import { startGuard } from '../control-plane/local/guard.ts';
import { createStandInLogin, type StandInLogin } from '../login/index.ts';
import { clientOf } from './client.ts';
import { isOwnControlPlane, type Flags } from './flags.ts';
import { apiAccount, install } from './install.ts';
import { writeIdentity, writeUserKubeconfig } from './kubeconfigs.ts';
import { kubectlWith, type Kubectl } from './kubectl.ts';
import { startDemo, type Demo, type DemoOptions } from './login-demo.ts';
import { Objects } from './objects.ts';
import { startOperator } from './operator-process.ts';
import type { Terminal } from './terminal.ts';

/** All that a play needs: a cluster with operator and login service at work in one namespace, and somebody who logs in. */
export interface Stage {
  readonly namespace: string;
  /** The administrator's, with the namespace in it. */
  readonly kubeconfig: string;
  /** The beginning of a kubectl command, without the kubeconfig. */
  readonly kubectlCommand: readonly string[];
  readonly kubectl: Kubectl;
  readonly objects: Objects;
  /** Looks at Secrets, and does to them what takes too long by hand. */
  readonly login: StandInLogin;
  readonly operatorLog: string;
  /** The demonstration webmail's sign-in page; who signs in there goes through the login service. */
  readonly webmail: string;
  /** The login service's address. */
  readonly issuer: string;
  readonly loginLog: string;
  /** Calls `tell` with the address each time that somebody has typed the password there. */
  onPassword(tell: (address: string) => void): void;
  /** Aborted at the end, also when the operator ends by itself: the reason says so. */
  readonly signal: AbortSignal;
  readonly isOwnControlPlane: boolean;
}

export interface StageOptions {
  readonly flags: Flags;
  readonly namespace: string;
  readonly terminal: Terminal;
  readonly ending: AbortController;
}

type Undo = (() => Promise<void>)[];

const sampleNames = ['anna', 'ben', 'carl', 'dora', 'emil', 'fay', 'gil'];

const operatorGraceMs = 10_000;

/** Sets the stage, lets the play run, and takes everything away again, however it ended. */
export async function onStage(options: StageOptions, play: (stage: Stage) => Promise<void>): Promise<void> {
  const undo: Undo = [];
  try {
    await play(await setStage(options, undo));
  } finally {
    for (const step of undo) await step().catch((error: unknown) => options.terminal.say(String(error)));
  }
}

async function setStage({ flags, namespace, terminal, ending }: StageOptions, undo: Undo): Promise<Stage> {
  const { signal } = ending;
  const controlPlane = await terminal.step('a Kubernetes control plane', (log) =>
    startControlPlane({
      log,
      signal,
      ...(flags.context !== undefined && { context: flags.context }),
      ...(flags.kubeconfig !== undefined && { kubeconfig: flags.kubeconfig }),
    }),
  );
  undo.unshift(() => controlPlane.stop());
  const folder = await mkdtemp(join(tmpdir(), 'exchange2fa-quick-start-'));
  const guard = startGuard(folder);
  undo.unshift(() => guard.close());

  const kubeconfig = await writeUserKubeconfig(controlPlane.kubeconfig, folder, namespace);
  const kubectlCommand = programOf(controlPlane);
  const kubectl = kubectlWith(kubectlCommand, kubeconfig, signal);
  await terminal.step('CRDs, roles and admission policies: kubectl apply -k manifests', () =>
    install(kubectl, namespace),
  );

  const identity = (name: string) => writeIdentity(kubectl, { from: kubeconfig, folder, name });
  const operatorLog = join(folder, 'operator.log');
  const operator = await terminal.step("the operator, with its own ServiceAccount's token", async () =>
    startOperator({
      kubeconfig: await identity('exchange2fa-operator'),
      namespace,
      logFile: operatorLog,
      guard,
      signal,
    }),
  );
  const unwatch = endWith(operator, ending);
  undo.unshift(() => {
    unwatch();
    return operator.stop(operatorGraceMs);
  });

  const loginIdentity = await identity('exchange2fa-login');
  let tell: (address: string) => void = () => undefined;
  const onPassword = (address: string): void => tell(address);
  const demo = await raiseDemo(
    { kubeconfig: loginIdentity, namespace, folder, guard, onPassword },
    terminal,
    ending,
    undo,
  );
  const [user, login] = [clientOf(kubeconfig), clientOf(loginIdentity)];
  undo.unshift(async () => {
    await Promise.all([user.close(), login.close()]);
  });
  return {
    namespace,
    kubeconfig,
    kubectlCommand,
    kubectl,
    objects: new Objects(user.client, namespace, signal),
    login: createStandInLogin({ client: login.client, clock: systemClock, namespace }),
    operatorLog,
    webmail: demo.url,
    issuer: demo.issuer,
    loginLog: demo.logFile,
    onPassword: (listener) => (tell = listener),
    signal,
    isOwnControlPlane: isOwnControlPlane(flags),
  };
}

/** The login service and a webmail that sends people there. */
async function raiseDemo(
  options: Omit<DemoOptions, 'accounts' | 'apiCallers' | 'signal'>,
  terminal: Terminal,
  ending: AbortController,
  undo: Undo,
): Promise<Demo> {
  const accounts = sampleNames.map((name) => `${name}@example.com`);
  const { signal } = ending;
  const demo = await terminal.step('the login service, and a demonstration webmail', () =>
    startDemo({ ...options, accounts, apiCallers: [apiCaller(options.namespace)], signal }),
  );
  const unwatch = endWith(demo.login, ending);
  undo.unshift(() => {
    unwatch();
    return demo.stop();
  });
  return demo;
}

/** Somebody's own login service, that asks over the JSON API. */
const apiCaller = (namespace: string): ApiCaller => ({
  name: apiAccount,
  serviceAccount: { namespace, name: apiAccount },
  namespace,
  scopes: ['verify', 'enroll'],
  requestsPerMinute: 600,
  mode: 'enforce',
});

const programOf = ({ kubectl }: ControlPlane): readonly string[] => kubectl.slice(0, kubectl.indexOf('--kubeconfig'));

/** Nothing is worth waiting for once the operator is gone, unless it was asked to go: what is answered takes that back. */
function endWith(operator: Child, ending: AbortController): () => void {
  let isWatched = true;
  void operator.ended.then(() => {
    if (isWatched) ending.abort(new Error(operator.account()));
  });
  return () => (isWatched = false);
}
