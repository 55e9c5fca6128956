import { formatSeconds, type Instant } from '../../api/instants.ts';
import { findAccounts } from '../cluster/accounts.ts';
import { type Cluster, type ClusterOptions, withCluster } from '../cluster/connect.ts';
import { meetsNow, type Meets } from '../cluster/meets.ts';
import type { Account } from '../cluster/objects.ts';
import type { ExplainForm } from '../frame/choices.ts';
import { usageFailure } from '../frame/failure.ts';
import { instantOf } from '../frame/option-values.ts';
import { printable, say, toned } from '../frame/terminal.ts';
import { readLive, type Live } from './live.ts';
import { simulate, type Moment } from './simulate.ts';
import { stepsOf, type WhyStep } from './why.ts';

export interface ExplainOptions extends ClusterOptions {
  readonly at?: string;
  readonly filename?: readonly string[];
  readonly output?: ExplainForm;
}

/** One instant of the timeline. */
interface Coming {
  readonly at: Instant;
  readonly meets: Meets;
}

interface Explanation {
  readonly account: Account;
  readonly at: Instant;
  readonly meets: Meets;
  readonly steps: readonly WhyStep[];
  readonly coming: readonly Coming[];
}

/** An account as its status will be at a moment. */
const asAt = (account: Account, { at, decision }: Moment): Meets => {
  const generation = account.metadata.generation ?? 0;
  return meetsNow({ ...account, status: { ...decision.status, observedGeneration: generation } }, at);
};

/** What changes for a login at each moment; two alike are one. */
const timeline = (account: Account, moments: readonly Moment[]): readonly Coming[] => {
  const all = moments.map((moment) => ({ at: moment.at, meets: asAt(account, moment) }));
  return all.filter(({ meets }, index) => {
    const before = all[index - 1]?.meets;
    return before && (before.login !== meets.login || before.until !== meets.until || before.why !== meets.why);
  });
};

/** The moment in force at an instant: for one in the past, what the objects of today say of it. */
const momentAt = (facts: Parameters<typeof simulate>[0], at: Instant, now: Instant): readonly [Moment, ...Moment[]] => {
  if (at <= now) return simulate(facts, at);
  const passed = simulate(facts, now).findLast((moment) => moment.at <= at);
  return simulate(passed ? passed.after : facts, at);
};

/** What a login meets at an instant, and why. */
export const explanationOf = (account: Account, live: Live, at: Instant, now: Instant): Explanation => {
  const moments = momentAt(live.facts, at, now);
  const [moment] = moments;
  return {
    account,
    at,
    meets: asAt(account, moment),
    steps: stepsOf(live, moment),
    coming: timeline(account, moments),
  };
};

const explainAccount = async (cluster: Cluster, typed: string, at: Instant | undefined): Promise<Explanation> => {
  const [account] = await findAccounts(cluster, [typed]);
  if (!account) throw usageFailure('name an account');
  const live = await readLive(cluster, account);
  return explanationOf(account, live, at ?? cluster.now(), cluster.now());
};

const toEnrol = (code: Meets['enrollmentCode']): string => {
  if (code === undefined) return 'is shown the QR code';
  return code === 'issued'
    ? 'is shown the QR code after password and enrolment code'
    : 'is asked for an enrolment code, and no valid one is issued';
};

/** What somebody with the right password meets. */
export const sentence = ({ login, until, why, enrollmentCode }: Meets): string => {
  const what: Readonly<Record<Meets['login'], string>> = {
    code: 'is asked for a code',
    'QR code': toEnrol(enrollmentCode),
    'no code': 'is asked for no code',
    refused: 'is refused',
    'another account': 'is not decided by this account',
    unknown: 'is unknown',
  };
  return `${what[login]}${until === undefined ? '' : ` until ${until}`}: ${printable(why)}`;
};

const printText = ({ account, at, meets, steps, coming }: Explanation): void => {
  const { namespace = '', name } = account.metadata;
  say(`${toned(account.spec.address, 'heading')} (MailAccount ${namespace}/${name}) at ${formatSeconds(at)}`);
  say(`  a login ${toned(sentence(meets), meets.tone)}`);
  say(toned('Why', 'heading'));
  const width = Math.max(...steps.map(({ step }) => step.length));
  for (const { step, says } of steps) say(`  ${step.padEnd(width)}  ${printable(says)}`);
  say(toned('Coming', 'heading'));
  if (coming.length === 0) say('  nothing changes by itself');
  for (const { at: when, meets: then } of coming)
    say(`  ${formatSeconds(when)}  a login ${toned(sentence(then), then.tone)}`);
};

const dataOf = ({ account, at, meets, steps, coming }: Explanation) => ({
  namespace: account.metadata.namespace,
  name: account.metadata.name,
  address: account.spec.address,
  at: formatSeconds(at),
  login: meets.login,
  until: meets.until ?? null,
  why: meets.why,
  steps,
  coming: coming.map(({ at: when, meets: then }) => ({
    at: formatSeconds(when),
    login: then.login,
    until: then.until ?? null,
    why: then.why,
  })),
});

/** What a login meets at an instant and every step of why, by the operator's own decisions; the operator need not run. */
export const explain = async (typed: string | undefined, options: ExplainOptions): Promise<void> => {
  const form = options.output ?? 'text';
  const at = instantOf('--at', options.at);
  const { filename: files } = options;
  if ((typed === undefined) === (files === undefined)) throw usageFailure('name an account, or files with -f');
  await withCluster(options, async (cluster) => {
    if (files !== undefined) {
      const { explainFiles } = await import('./explain-files.ts');
      return explainFiles(cluster, files, form);
    }
    const explanation = await explainAccount(cluster, typed ?? '', at);
    if (form === 'text') printText(explanation);
    else {
      const { documentOf } = await import('../frame/output.ts');
      say(documentOf(dataOf(explanation), form));
    }
  });
};
