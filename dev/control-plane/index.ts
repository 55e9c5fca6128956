import { startAssets } from './provider-assets.ts';
import { startContext } from './provider-context.ts';
import { startGo } from './provider-go.ts';
import { startK3s } from './provider-k3s.ts';
import {
  Unavailable,
  type ControlPlane,
  type ProviderName,
  type ProviderOptions,
  type StartOptions,
  type StartProvider,
} from './types.ts';

export { providerNames, type ControlPlane, type ProviderName, type StartOptions } from './types.ts';

const providers: Readonly<Record<ProviderName, { readonly title: string; readonly start: StartProvider }>> = {
  context: { title: 'a kubeconfig context', start: startContext },
  k3s: { title: 'K3s in a container', start: startK3s },
  assets: { title: 'KUBEBUILDER_ASSETS', start: startAssets },
  go: { title: 'a build with Go', start: startGo },
};

/** Starts a real Kubernetes control plane, or finds the one that the caller names. */
export async function startControlPlane(options: StartOptions = {}): Promise<ControlPlane> {
  const full = { ...options, log: options.log ?? toStandardError };
  const failures: Failure[] = [];
  for (const name of providersToTry(options)) {
    options.signal?.throwIfAborted();
    try {
      return await providers[name].start(full);
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push({ name, error });
      tellFailure(full, name, error);
    }
  }
  throw new Error(describe(failures));
}

interface Failure {
  readonly name: ProviderName;
  readonly error: unknown;
}

/** A cluster that somebody named is the only one: to use another instead would touch what was not meant. */
function providersToTry(options: StartOptions): readonly ProviderName[] {
  const { provider, context, kubeconfig } = options;
  const named = context !== undefined || kubeconfig !== undefined;
  const asked = named ? 'context' : provider;
  if (named && provider !== undefined && provider !== 'context') {
    throw new Error(`a kubeconfig or context was named, and provider ${provider} cannot use it: name one of the two`);
  }
  const needs = localNeeds(options);
  if (needs !== undefined && (asked === 'context' || asked === 'k3s')) {
    throw new Error(`${providers[asked].title} cannot give ${needs}: ask for one of the two`);
  }
  if (asked !== undefined) return [asked];
  return needs === undefined ? ['k3s', 'assets', 'go'] : ['assets', 'go'];
}

/** What only processes of our own can do. */
function localNeeds({ dataDir, auditLogFile, needsLocal }: StartOptions): string | undefined {
  if (dataDir !== undefined) return 'a data folder';
  if (auditLogFile !== undefined) return 'an audit log';
  return needsLocal === true ? 'local faults' : undefined;
}

/** What is simply not there needs no words while others are tried; what should have worked does. */
function tellFailure({ log }: ProviderOptions, name: ProviderName, error: unknown): void {
  if (!(error instanceof Unavailable)) log(`${providers[name].title} failed: ${messageOf(error)}`);
}

function describe(failures: readonly Failure[]): string {
  const tried = failures.map(({ name, error }) => `  - ${providers[name].title}: ${messageOf(error)}`);
  const remedies = failures.flatMap(({ error }) => (error instanceof Unavailable ? [`  - ${error.remedy}`] : []));
  const help = remedies.length === 0 ? [] : ['What would help, any one of:', ...remedies];
  return ['No Kubernetes control plane can be started here. Tried:', ...tried, ...help].join('\n');
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function toStandardError(sentence: string): void {
  process.stderr.write(`control plane: ${sentence}\n`);
}
