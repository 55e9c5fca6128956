import { usualLease } from '../api/names.ts';
import { type Listen, listenOf, usualListen } from '../host/listen.ts';
import { logLevelOf, logLevels, parseFlags, pick, UsageError, type LogLevel } from '../host/options.ts';

/** What the program is told, with nothing left to default. */
export interface Options {
  /** Absent: the pod's own ServiceAccount. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespaces: readonly string[] | 'all';
  readonly leaderElect: boolean;
  readonly leaseNamespace: string;
  readonly leaseName: string;
  /** Mailboxes worked on at the same time. */
  readonly concurrency: number;
  /** Where metrics and health are served. */
  readonly listen: Listen;
  readonly logLevel: LogLevel;
}

export const usage = `Usage: operator [options]

Keeps the second factor of MailAccounts as declared. Each option can also be given as the environment variable in brackets.

  --kubeconfig FILE        cluster and identity; without it, the pod's own ServiceAccount   [KUBECONFIG]
  --context NAME           of that file; without it, its current context
  --namespaces A,B         namespaces with accounts                                         [WATCH_NAMESPACES]
  --all-namespaces         all of them; needs the cluster-wide overlay                      [WATCH_ALL_NAMESPACES=true]
  --leader-elect BOOL      one active replica by Lease (default true)                       [LEADER_ELECT]
  --lease-namespace NAME   where the Lease is (default exchange2fa-system)                  [POD_NAMESPACE]
  --lease-name NAME        (default exchange2fa-operator)                                   [LEASE_NAME]
  --concurrency N          accounts worked on at the same time, 1 to 256 (default 16)       [CONCURRENCY]
  --listen HOST:PORT       metrics and health (default 0.0.0.0:8080 in a pod,
                           127.0.0.1 and a free port elsewhere)                             [LISTEN]
  --log-level LEVEL        ${logLevels.join(', ')} (default info)       [LOG_LEVEL]
  --help
`;

type Environment = Readonly<Record<string, string | undefined>>;

const flags = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespaces: { type: 'string' },
  'all-namespaces': { type: 'boolean' },
  'leader-elect': { type: 'string' },
  'lease-namespace': { type: 'string' },
  'lease-name': { type: 'string' },
  concurrency: { type: 'string' },
  listen: { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean' },
} as const;

const booleanOf = (name: string, text: string | undefined, otherwise: boolean): boolean => {
  if (text === undefined) return otherwise;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UsageError(`${name}: found ${JSON.stringify(text)}; allowed are true and false`);
};

const integerOf = (name: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name}: found ${JSON.stringify(text)}; allowed is ${least} to ${most}`);
};

const namespaceName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const namespacesOf = (text: string | undefined, all: boolean): Options['namespaces'] => {
  if (all) return 'all';
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new UsageError('--namespaces: name those with accounts, or say --all-namespaces');
  const wrong = names.find((name) => !namespaceName.test(name));
  if (wrong !== undefined)
    throw new UsageError(`--namespaces: ${JSON.stringify(wrong)} is not the name of a namespace`);
  return [...new Set(names)];
};

/**
 * Reads flags and environment; `help` if that was asked for.
 *
 * @throws UsageError that names the option, what was found and what is allowed
 */
export const readOptions = (args: readonly string[], environment: Environment): Options | 'help' => {
  const given = parseFlags(args, flags);
  if (given.help) return 'help';
  const kubeconfig = pick(given.kubeconfig, environment['KUBECONFIG']);
  const all =
    given['all-namespaces'] ??
    booleanOf('WATCH_ALL_NAMESPACES', pick(undefined, environment['WATCH_ALL_NAMESPACES']), false);
  if (given.context !== undefined && kubeconfig === undefined) throw new UsageError('--context needs --kubeconfig');
  return {
    kubeconfig,
    context: given.context,
    namespaces: namespacesOf(pick(given.namespaces, environment['WATCH_NAMESPACES']), all),
    leaderElect: booleanOf('--leader-elect', pick(given['leader-elect'], environment['LEADER_ELECT']), true),
    leaseNamespace: pick(given['lease-namespace'], environment['POD_NAMESPACE']) ?? usualLease.namespace,
    leaseName: pick(given['lease-name'], environment['LEASE_NAME']) ?? usualLease.name,
    concurrency: integerOf('--concurrency', pick(given.concurrency, environment['CONCURRENCY']) ?? '16', 1, 256),
    listen: listenOf('--listen', pick(given.listen, environment['LISTEN']) ?? usualListen(kubeconfig, 8080)),
    logLevel: logLevelOf(pick(given['log-level'], environment['LOG_LEVEL']) ?? 'info'),
  };
};
