import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import { isLoopback } from '../../host/loopback.ts';
import { type Fields, isFields } from '../fields.ts';
import { type Credentials, type CredentialSource, ReloadedCredentials, type TlsOptions } from './credentials.ts';

export interface KubeconfigOptions {
  readonly path: string;
  /** Absent: the file's current context, as it is when first read. */
  readonly context?: string;
  /** Instead of the file: several merged into one. Files that it names are absolute, or beside `path`. */
  readonly read?: () => Promise<string>;
  readonly clock: Clock;
  readonly log: Log;
}

/** One context of a kubeconfig, its cluster and its user. */
export interface KubeconfigContext {
  readonly context: string;
  readonly namespace?: string;
  readonly cluster: Fields;
  readonly user: Fields;
}

/** A field that is a non-empty string, or nothing. */
const text = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const named = (config: Fields, list: string, name: string, inner: string): Fields => {
  const entries = Array.isArray(config[list]) ? (config[list] as unknown[]) : [];
  const entry = entries.find((candidate) => isFields(candidate) && candidate['name'] === name);
  if (!isFields(entry)) throw new Error(`kubeconfig: no entry "${name}" in ${list}`);
  return isFields(entry[inner]) ? entry[inner] : {};
};

/** Reads one context out of a kubeconfig's text. */
export const parseKubeconfig = async (content: string, wanted?: string): Promise<KubeconfigContext> => {
  // Loaded only here: a pod's credentials need no YAML.
  const { parse } = await import('yaml');
  const config: unknown = parse(content);
  if (!isFields(config)) throw new Error('kubeconfig: not a map');
  const name = wanted ?? text(config, 'current-context');
  if (name === undefined) throw new Error('kubeconfig: no context named and no current-context');
  const context = named(config, 'contexts', name, 'context');
  const namespace = text(context, 'namespace');
  return {
    context: name,
    ...(namespace !== undefined && { namespace }),
    cluster: named(config, 'clusters', text(context, 'cluster') ?? '', 'cluster'),
    user: text(context, 'user') === undefined ? {} : named(config, 'users', text(context, 'user') ?? '', 'user'),
  };
};

/** Silently leaving one of these out would act as somebody else, or reach another server. */
const unsupported = (cluster: Fields, user: Fields): string | undefined =>
  ['proxy-url'].find((name) => text(cluster, name) !== undefined) ??
  ['as', 'as-uid', 'as-groups', 'as-user-extra', 'username', 'password'].find((name) => user[name] !== undefined);

/** `name-data` (base64) goes before the file `name`, as with kubectl. */
const inlineOrFile = async (fields: Fields, name: string, folder: string): Promise<string | undefined> => {
  const data = text(fields, `${name}-data`);
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  const file = text(fields, name);
  return file === undefined ? undefined : readFile(resolve(folder, file), 'utf8');
};

const serverOf = (cluster: Fields): string => {
  const server = text(cluster, 'server');
  if (server === undefined || !URL.canParse(server)) throw new Error('kubeconfig: the cluster has no valid server');
  const url = new URL(server);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return server;
  throw new Error(`kubeconfig: server ${url.protocol}//${url.host} is neither https nor on loopback`);
};

const tlsOf = async (cluster: Fields, user: Fields, folder: string): Promise<TlsOptions> => {
  const ca = await inlineOrFile(cluster, 'certificate-authority', folder);
  const cert = await inlineOrFile(user, 'client-certificate', folder);
  const key = await inlineOrFile(user, 'client-key', folder);
  const serverName = text(cluster, 'tls-server-name');
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { serverName }),
    ...(cluster['insecure-skip-tls-verify'] === true && { insecure: true }),
  };
};

/** `tokenFile` goes before `token`, as with kubectl. */
const tokenOf = async (user: Fields, folder: string): Promise<string | undefined> => {
  const file = text(user, 'tokenFile');
  return file === undefined ? text(user, 'token') : (await readFile(resolve(folder, file), 'utf8')).trim();
};

const credentialsOf = async (content: string, entry: KubeconfigContext, folder: string): Promise<Credentials> => {
  const { cluster, user } = entry;
  const field = unsupported(cluster, user);
  if (field !== undefined) throw new Error(`kubeconfig: "${field}" is not supported`);
  const server = serverOf(cluster);
  const tls = await tlsOf(cluster, user, folder);
  if (user['exec'] !== undefined || user['auth-provider'] !== undefined) {
    const { pluginCredentials } = await import('./kubeconfig-plugins.ts');
    const plugin = await pluginCredentials(content, entry.context);
    return { server, ...plugin, tls: { ...tls, ...plugin.tls } };
  }
  const token = await tokenOf(user, folder);
  return { server, tls, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
};

/** The credentials of one context of a kubeconfig file; the file is read again like any other credentials. */
export const kubeconfigCredentials = (options: KubeconfigOptions): CredentialSource => {
  let context = options.context;
  const load = async (): Promise<Credentials> => {
    const content = await (options.read ? options.read() : readFile(options.path, 'utf8'));
    const entry = await parseKubeconfig(content, context);
    // Somebody's `kubectl config use-context` must not move a running process to another cluster.
    context = entry.context;
    return credentialsOf(content, entry, dirname(resolve(options.path)));
  };
  return new ReloadedCredentials(load, options.clock, options.log);
};
