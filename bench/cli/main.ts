import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { parseArgs, promisify } from 'node:util';
import { startControlPlane } from '../../dev/control-plane/index.ts';
import { platformName } from '../raw-client/objects.ts';
import { endpointOf } from '../support/endpoint.ts';
import { inPairs, type Pair } from '../support/paired.ts';
import { median } from '../support/statistics.ts';
import { RawPatches } from './raw-patches.ts';

const usage = `Measures the bundled command line on a control plane of its own.

  --accounts N   of "suspend --all" (default 10000)
  --rounds N     of each short command (default 21)

Prints medians in milliseconds: from the start of the process to its first byte of output.
`;

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const namespace = 'bench';

/** Milliseconds until the first byte of standard output, and until the end. */
const timed = async (command: string, args: readonly string[], environment: NodeJS.ProcessEnv) => {
  const began = performance.now();
  const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  let firstMs = NaN;
  child.stdout.once('data', () => (firstMs = performance.now() - began));
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return { firstMs, wholeMs: performance.now() - began };
};

type Command = readonly [name: string, command: string, args: readonly string[]];

/** One after the other in each round, so that a busy moment slows all alike. */
const firstOutputs = async (commands: readonly Command[], rounds: number, environment: NodeJS.ProcessEnv) => {
  const times = new Map<string, number[]>(commands.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, command, args] of commands) {
      const { firstMs } = await timed(command, args, environment);
      // the first fills caches
      if (round > 0) times.get(name)?.push(firstMs);
    }
  }
  for (const [name, values] of times) process.stdout.write(`${name.padEnd(28)} ${median(values).toFixed(0)} ms\n`);
};

const suspendArgs = ['suspend', '--platform', platformName, '--all', '--hours', '1', '--yes', '-n', namespace];
const pairs = 5;

/** Pairs, one right after the other: what else the machine does changes from minute to minute. */
const suspendAll = async (
  raw: RawPatches,
  accounts: number,
  byCli: () => Promise<{ readonly wholeMs: number }>,
): Promise<void> => {
  const withdrawn = async (ms: number): Promise<number> => {
    await raw.withdrawAll(accounts);
    return ms;
  };
  const sides = {
    raw: async (round: number) => withdrawn(await raw.suspendAll(accounts, `219${round}-01-01T00:00:00Z`)),
    subject: async () => withdrawn((await byCli()).wholeMs),
  };
  const ratioOf = ({ raw: rawMs, subject: cliMs }: Pair<number>): number => cliMs / rawMs;
  const measured = await inPairs(pairs, sides, (pair) => {
    const { raw: rawMs, subject: cliMs } = pair;
    process.stdout.write(
      `suspend of ${accounts}: ${cliMs.toFixed(0)} ms, raw client ${rawMs.toFixed(0)} ms, ratio ${ratioOf(pair).toFixed(2)}\n`,
    );
  });
  process.stdout.write(`median ratio ${median(measured.map(ratioOf)).toFixed(2)}\n`);
};

const bench = async (accounts: number, rounds: number): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cli-'));
  await run(process.execPath, [join(root, 'dev/build.ts'), '--out', folder]);
  const controlPlane = await startControlPlane();
  try {
    const [program = '', ...prefix] = controlPlane.kubectl;
    const environment = { ...process.env, KUBECONFIG: controlPlane.kubeconfig };
    const cli = (...args: string[]): readonly string[] => [join(folder, 'cli.js'), ...args];
    await run(program, [...prefix, 'apply', '--server-side', '-k', join(root, 'crds')]);
    await run(program, [...prefix, 'wait', 'crd', '--all', '--for=condition=Established']);
    const raw = new RawPatches(await endpointOf(controlPlane), namespace);
    await raw.prepare(accounts);
    const node = process.execPath;
    await firstOutputs(
      [
        ['node alone', node, ['-e', 'console.log()']],
        ['--help', node, cli('--help')],
        ['kubectl get', program, [...prefix, 'get', 'mailaccount', 'account-0', '-n', namespace]],
        ['status', node, cli('status', 'account-0', '-n', namespace)],
        ['explain', node, cli('explain', 'account-0', '-n', namespace)],
      ],
      rounds,
      environment,
    );
    await suspendAll(raw, accounts, () => timed(node, cli(...suspendArgs), environment));
    await raw.close();
  } finally {
    await controlPlane.stop();
    await rm(folder, { recursive: true });
  }
};

const { values } = parseArgs({
  options: { accounts: { type: 'string' }, rounds: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help) process.stdout.write(usage);
else await bench(Number(values.accounts ?? 10_000), Number(values.rounds ?? 21));
