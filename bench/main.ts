import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arrivingAccounts, fewAccounts, manyAccounts } from './accounts.ts';
import { latencies } from './latency.ts';
import { memoryAtRest, memoryByTuning } from './memory.ts';
import { restarts } from './restart.ts';
import { formCosts, policyCosts } from './server-cost.ts';
import { convergeExisting } from './support/converge.ts';
import { machine } from './support/machine.ts';
import { operatorProgram, type Program } from './support/program.ts';
import { readOptions, usage, type Options } from './support/options.ts';
import { table, type Figure } from './support/report.ts';
import { Setting, tell } from './support/setting.ts';
import { median } from './support/statistics.ts';
import { timers } from './timers.ts';

interface Bench {
  readonly about: string;
  readonly run: (setting: Setting) => Promise<Figure[]>;
  /** Not part of a run that names none. */
  readonly onlyByName?: boolean;
}

const benches: Readonly<Record<string, Bench>> = {
  accounts: { about: '5,000 new accounts to Secret and status', run: fewAccounts },
  'many-accounts': { about: '20,000 new accounts', run: manyAccounts },
  arriving: { about: 'the same while they are being created', run: arrivingAccounts },
  restart: { about: 'a restart with 20,000 reconciled accounts', run: restarts },
  memory: { about: 'resident memory at rest', run: memoryAtRest },
  tuning: { about: "what V8's flags and the environment do to memory", run: memoryByTuning, onlyByName: true },
  latency: { about: 'one new account, idle and under load', run: latencies },
  timers: { about: '1,000 suspensions that end in the same second', run: timers },
  'server-cost': { about: 'API-server CPU of a write, with and without the policies', run: policyCosts },
  forms: { about: 'API-server CPU of a status in other forms of the CRD', run: formCosts, onlyByName: true },
};

const list = Object.entries(benches)
  .map(([name, { about, onlyByName }]) => `  ${name.padEnd(14)} ${about}${onlyByName ? ' (only by name)' : ''}`)
  .join('\n');

interface Result {
  readonly figures: readonly Figure[];
  /** The share of all CPUs that others used before each measurement. */
  readonly loads: readonly number[];
}

/** Each bench has a control plane of its own, warmed up by the raw client, so that none inherits another's heap. */
const runBench = async (name: string, options: Options, program: Program): Promise<Result> => {
  const bench = benches[name];
  if (!bench) throw new Error(`no bench ${name}`);
  tell(`${name}: ${bench.about}`);
  const setting = await Setting.start(options, program);
  try {
    await convergeExisting(setting, 'raw', Math.min(2_000, options.scale.small));
    setting.loads.length = 0;
    return { figures: await bench.run(setting), loads: setting.loads };
  } finally {
    await setting.stop();
  }
};

const keep = async (options: Options, results: Readonly<Record<string, Result>>): Promise<void> => {
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = join(folder, `${at.replaceAll(':', '-')}.json`);
  await writeFile(file, JSON.stringify({ at, machine: machine(), options, results }, undefined, 2));
  tell(`kept in ${file}`);
};

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const print = (name: string, { figures, loads }: Result): void => {
  const others =
    loads.length === 0
      ? ''
      : `; others used ${percent(median(loads))} of the CPUs (at most ${percent(Math.max(...loads))})`;
  process.stdout.write(`\n## ${name}\n\n${table(figures)}\n\n${machine()}${others}\n`);
};

const run = async (options: Options): Promise<void> => {
  const asked =
    options.names.length > 0 ? options.names : Object.keys(benches).filter((name) => !benches[name]?.onlyByName);
  const unknown = asked.find((name) => !(name in benches));
  if (unknown !== undefined) throw new Error(`no bench ${unknown}\n\n${usage}\n${list}`);
  const program = await operatorProgram(options);
  const results: Record<string, Result> = {};
  try {
    for (const name of asked) {
      const result = await runBench(name, options, program);
      results[name] = result;
      print(name, result);
      await keep(options, results);
    }
  } finally {
    await program.discard();
  }
};

// Whatever was started ends with the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const options = readOptions(process.argv.slice(2));
if (options === 'help') process.stdout.write(`${usage}\n${list}\n`);
else await run(options);
