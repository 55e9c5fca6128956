import { inject } from 'vitest';
import { run, type RunResult } from './run.ts';

export interface KubectlOptions {
  readonly input?: string;
  /** Impersonates a user, with the administrator's rights to do so. */
  readonly as?: string;
  /** Presents this bearer token instead of the administrator's credentials. */
  readonly token?: string;
  /** Another control plane than the run's own. */
  readonly cluster?: Cluster;
}

export interface Cluster {
  readonly kubeconfig: string;
  /** The beginning of a kubectl command. */
  readonly kubectl: readonly string[];
}

/** Runs the real kubectl against the test's control plane. A refusal is a result, not an exception. */
export async function kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<RunResult> {
  const [command, ...prefix] = options.cluster?.kubectl ?? inject('kubectl');
  if (command === undefined) throw new Error('the control plane provides no kubectl');
  const identity = [
    ...(options.as === undefined ? [] : ['--as', options.as]),
    ...(options.token === undefined ? [] : ['--token', options.token]),
  ];
  const kubeconfig = options.cluster?.kubeconfig ?? inject('kubeconfig');
  const environment = { ...process.env, KUBECONFIG: kubeconfig };
  return run(command, [...prefix, ...identity, ...args], { environment, input: options.input });
}

/** The same, for steps that must succeed: returns standard output. */
export async function kubectlOk(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await kubectl(args, options);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

export async function applyYaml(yaml: string, options: KubectlOptions = {}): Promise<RunResult> {
  return kubectl(['apply', '-f', '-'], { ...options, input: yaml });
}

/** Both CRDs, ready for use. Safe to call in every test file. */
export async function installCrds(): Promise<void> {
  await kubectlOk(['apply', '-k', 'crds']);
  await kubectlOk([
    'wait',
    '--for=condition=Established',
    '--timeout=60s',
    '-f',
    'crds/exchange2fa.io_exchangeplatforms.yaml',
    '-f',
    'crds/exchange2fa.io_mailaccounts.yaml',
  ]);
}
