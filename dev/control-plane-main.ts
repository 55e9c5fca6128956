import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { providerNames, startControlPlane, type ProviderName, type StartOptions } from './control-plane/index.ts';

const usage = `Starts a Kubernetes control plane and keeps it up until Ctrl-C.
The first line on standard output is the path of its kubeconfig.

  --data-dir FOLDER    keep the data here and find them again at the next start
  --context NAME       use this context of a kubeconfig instead
  --kubeconfig FILE    the file that holds the context
  --provider NAME      only this one: ${providerNames.join(', ')}
  --help
`;

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  let options: StartOptions | 'help';
  try {
    options = readFlags(args);
  } catch (error) {
    fail(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 2);
    return;
  }
  if (options === 'help') process.stdout.write(usage);
  else await run(options);
}

async function run(options: StartOptions): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    const controlPlane = await startControlPlane({ ...options, signal: ending.signal });
    process.stdout.write(`${controlPlane.kubeconfig}\n`);
    process.stderr.write(`try: ${controlPlane.kubectl.join(' ')} get namespaces\n`);
    await untilAborted(ending.signal);
    await controlPlane.stop();
  } catch (error) {
    if (!ending.signal.aborted) fail(`${error instanceof Error ? error.message : String(error)}\n`, 1);
  }
  process.off('SIGINT', end).off('SIGTERM', end);
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  // A cluster that was only named has no process of ours that would keep this one alive.
  const alive = setInterval(() => undefined, 2 ** 30);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(alive);
}

function readFlags(args: readonly string[]): StartOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'data-dir': { type: 'string' },
      context: { type: 'string' },
      kubeconfig: { type: 'string' },
      provider: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  return {
    ...(values['data-dir'] !== undefined && { dataDir: values['data-dir'] }),
    ...(values.context !== undefined && { context: values.context }),
    ...(values.kubeconfig !== undefined && { kubeconfig: values.kubeconfig }),
    ...(values.provider !== undefined && { provider: providerNamed(values.provider) }),
  };
}

function providerNamed(name: string): ProviderName {
  const found = providerNames.find((provider) => provider === name);
  if (found === undefined) throw new Error(`no provider ${name}: choose from ${providerNames.join(', ')}`);
  return found;
}

function fail(message: string, exitCode: number): void {
  process.stderr.write(message);
  process.exitCode = exitCode;
}
