import { parseArgs } from 'node:util';

/** How much is measured. */
export interface Scale {
  readonly small: number;
  readonly large: number;
  /** Pairs of raw client and operator, of which the median counts. */
  readonly rounds: number;
  readonly largeRounds: number;
  readonly latencySamples: number;
  /** Accounts that are converged while the latency of one is measured. */
  readonly loadAccounts: number;
  readonly suspensions: number;
  /** Writes of one sort whose cost to the API server is measured at a time. */
  readonly costWrites: number;
  readonly settleMs: number;
  /** How long to wait, before each measurement, for others on the machine to come to an end. */
  readonly quietWaitSeconds: number;
}

const full: Scale = {
  small: 5_000,
  large: 20_000,
  rounds: 5,
  largeRounds: 3,
  latencySamples: 400,
  loadAccounts: 10_000,
  suspensions: 1_000,
  costWrites: 1_500,
  settleMs: 60_000,
  quietWaitSeconds: 20,
};

/** Shows that everything works, and little more. */
const quick: Scale = {
  small: 500,
  large: 1_000,
  rounds: 1,
  largeRounds: 1,
  latencySamples: 50,
  loadAccounts: 1_000,
  suspensions: 200,
  costWrites: 300,
  settleMs: 5_000,
  quietWaitSeconds: 0,
};

export interface Options {
  readonly names: readonly string[];
  readonly scale: Scale;
  readonly quick: boolean;
  /** Requests in flight, of the operator and of the raw client. */
  readonly concurrency: number;
  /** As whom both speak to the API server. */
  readonly as: 'service-account' | 'admin';
  /** Instead of the built program. */
  readonly fromSource: boolean;
  /** Instead of those in Dockerfile. */
  readonly tunings: readonly string[] | undefined;
}

export const usage = `npm run bench -- [NAME…] [--quick]

  --quick             a small run, to see that it works
  --rounds N          pairs of raw client and operator (default 5)
  --concurrency N     requests in flight on both sides (default 16)
  --as WHO            service-account (default) or admin
  --from-source       run src/operator/main.ts, not the built program
  --tuning=TUNINGS    flags of Node and NAME=value of the environment, instead of those in Dockerfile
`;

export const readOptions = (args: readonly string[]): Options | 'help' => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      concurrency: { type: 'string', default: '16' },
      as: { type: 'string', default: 'service-account' },
      'from-source': { type: 'boolean', default: false },
      tuning: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.as !== 'service-account' && values.as !== 'admin') throw new Error('--as: service-account or admin');
  const rounds = values.rounds === undefined ? undefined : wholeNumber('--rounds', values.rounds);
  return {
    names: positionals,
    scale: { ...(values.quick ? quick : full), ...(rounds !== undefined && { rounds, largeRounds: rounds }) },
    quick: values.quick,
    concurrency: wholeNumber('--concurrency', values.concurrency),
    as: values.as,
    fromSource: values['from-source'],
    tunings: values.tuning?.split(' ').filter((word) => word !== ''),
  };
};

const wholeNumber = (name: string, text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${name}: a whole number from 1, not ${text}`);
  return Number(text);
};
