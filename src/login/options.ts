import { type Listen, listenOf, usualListen } from '../host/listen.ts';
import { logLevelOf, logLevels, parseFlags, pick, UsageError, type LogLevel } from '../host/options.ts';

/** What the program is told, with nothing left to default. */
export interface Options {
  readonly config: string;
  readonly keys: string;
  /** Absent: the pod's own ServiceAccount. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Pages and API. */
  readonly listen: Listen;
  /** Metrics and health, for nobody outside. */
  readonly listenMetrics: Listen;
  readonly logLevel: LogLevel;
}

export const usage = `Usage: login [options]

The second factor of logins: pages for people and a JSON API for other login services. TLS ends in front of it.
Each option can also be given as the environment variable in brackets.

  --config FILE            relying parties and API callers (YAML)                           [LOGIN_CONFIG]
  --keys DIRECTORY         files signing-DATE, session-DATE, device-DATE, attempt-DATE      [LOGIN_KEYS]
  --kubeconfig FILE        cluster and identity; without it, the pod's own ServiceAccount   [KUBECONFIG]
  --context NAME           of that file; without it, its current context
  --listen HOST:PORT       pages and API (default 0.0.0.0:8080 in a pod,
                           127.0.0.1 and a free port elsewhere)                             [LISTEN]
  --listen-metrics H:P     metrics and health (default 0.0.0.0:9090 in a pod,
                           127.0.0.1 and a free port elsewhere)                             [LISTEN_METRICS]
  --log-level LEVEL        ${logLevels.join(', ')} (default info)       [LOG_LEVEL]
                           (lines of audit and modes are written at every level)
  --help
`;

type Environment = Readonly<Record<string, string | undefined>>;

const flags = {
  config: { type: 'string' },
  keys: { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  listen: { type: 'string' },
  'listen-metrics': { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean' },
} as const;

const required = (name: string, text: string | undefined): string => {
  if (text === undefined) throw new UsageError(`${name} is missing`);
  return text;
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
  if (given.context !== undefined && kubeconfig === undefined) throw new UsageError('--context needs --kubeconfig');
  const listen = (name: string, text: string | undefined, portInPod: number): Listen =>
    listenOf(name, text ?? usualListen(kubeconfig, portInPod));
  return {
    config: required('--config', pick(given.config, environment['LOGIN_CONFIG'])),
    keys: required('--keys', pick(given.keys, environment['LOGIN_KEYS'])),
    kubeconfig,
    context: given.context,
    listen: listen('--listen', pick(given.listen, environment['LISTEN']), 8080),
    listenMetrics: listen('--listen-metrics', pick(given['listen-metrics'], environment['LISTEN_METRICS']), 9090),
    logLevel: logLevelOf(pick(given['log-level'], environment['LOG_LEVEL']) ?? 'info'),
  };
};
