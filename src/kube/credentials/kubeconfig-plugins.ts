import type { RequestOptions } from 'node:https';
import type { Credentials } from './credentials.ts';

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : Buffer.isBuffer(value) ? value.toString('utf8') : undefined;

/**
 * Exec plugins and OIDC, by @kubernetes/client-node: it alone costs 89 MB of memory, so only who needs it loads it.
 * A plugin is run anew each time.
 */
export const pluginCredentials = async (
  kubeconfig: string,
  context: string,
): Promise<Pick<Credentials, 'authorization' | 'tls'>> => {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  config.setCurrentContext(context);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers = (options.headers ?? {}) as Readonly<Record<string, unknown>>;
  const authorization = asText(headers['Authorization']);
  const cert = asText(options.cert);
  const key = asText(options.key);
  return {
    ...(authorization !== undefined && { authorization }),
    tls: { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
  };
};
