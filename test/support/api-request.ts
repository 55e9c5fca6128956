import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { inject } from 'vitest';
import { parse } from 'yaml';

/** One request to the API server as somebody, for tables of hundreds of rows: kubectl would take a process a row. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** A bearer token; without one the administrator asks. */
  readonly token?: string;
  /** Of another control plane than the run's own. */
  readonly kubeconfig?: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** Of a Status, what went wrong; empty for success. */
  readonly message: string;
  readonly body: ApiObject;
}

export interface ApiObject {
  readonly message?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
  readonly [field: string]: unknown;
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<string, string>> }];
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }];
}

interface Connection {
  readonly server: string;
  readonly adminToken: string | undefined;
  readonly asAdmin: Agent;
  readonly asOthers: Agent;
}

const connections = new Map<string, Connection>();

export async function ask({ method, path, body, token, kubeconfig }: ApiRequest): Promise<ApiAnswer> {
  const connection = connectionOf(kubeconfig ?? inject('kubeconfig'));
  const bearer = token ?? connection.adminToken;
  const response = await request(connection.server + path, {
    method,
    dispatcher: token === undefined ? connection.asAdmin : connection.asOthers,
    headers: {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const answer = (await response.body.json()) as ApiObject;
  return {
    status: response.statusCode,
    message: response.statusCode < 300 ? '' : (answer.message ?? ''),
    body: answer,
  };
}

function connectionOf(kubeconfig: string): Connection {
  const connection = connections.get(kubeconfig) ?? connect(kubeconfig);
  connections.set(kubeconfig, connection);
  return connection;
}

/** Where a control plane listens, and the certificates to trust. */
export function endpointOf(kubeconfig: string): { readonly server: string; readonly ca: string | undefined } {
  const { clusters } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const [{ cluster }] = clusters;
  return { server: cluster['server'] ?? '', ca: pem(cluster, 'certificate-authority') };
}

function connect(kubeconfig: string): Connection {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  const ca = pem(cluster, 'certificate-authority');
  const cert = pem(user, 'client-certificate');
  const key = pem(user, 'client-key');
  return {
    server: cluster['server'] ?? '',
    adminToken: user['token'],
    asAdmin: new Agent({ connect: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } }),
    asOthers: new Agent({ connect: { ...(ca && { ca }) } }),
  };
}

function pem(entry: Readonly<Record<string, string>>, name: string): string | undefined {
  const inline = entry[`${name}-data`];
  const file = entry[name];
  if (inline !== undefined) return Buffer.from(inline, 'base64').toString();
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}
