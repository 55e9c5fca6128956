import { isLoopback } from '../../host/loopback.ts';

/** kubectl would go through a proxy here, and this program does not. */
const proxyHint = (server: string, environment: NodeJS.ProcessEnv): string => {
  const url = new URL(server);
  const names = url.protocol === 'https:' ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const set = names.find((name) => (environment[name] ?? '') !== '');
  if (set === undefined || isLoopback(url)) return '';
  return `; ${set} is set, but this program uses no proxy and goes to the API server itself`;
};

/** Nothing answered. */
export const notReached = (server: string, said: string, environment: NodeJS.ProcessEnv = process.env): string =>
  `the API server ${server} can't be reached (${said}): check the network, --kubeconfig and --context` +
  proxyHint(server, environment);
