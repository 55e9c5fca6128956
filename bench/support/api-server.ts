import type { Connection } from '../raw-client/connection.ts';
import { samplesOf, valueOf } from './metrics.ts';

/** Requests by `VERB resource/subresource code`. */
export type Requests = ReadonlyMap<string, number>;

/** What the API server's own metrics say at one moment. */
export interface ServerReading {
  readonly cpuMs: number;
  readonly writes: Requests;
}

const verbs = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'APPLY']);
/** Ours; what controllers and leases write is not asked about. */
const resources = new Set(['secrets', 'mailaccounts', 'exchangeplatforms', 'events']);

export const readServer = async (admin: Connection): Promise<ServerReading> => {
  const text = await admin.ask({ method: 'GET', path: '/metrics', accept: 'text/plain' });
  const writes = new Map<string, number>();
  for (const { labels, value } of samplesOf(text, 'apiserver_request_total')) {
    const { verb = '', resource = '', subresource = '', code = '' } = labels;
    if (!verbs.has(verb) || !resources.has(resource)) continue;
    const key = `${verb} ${resource}${subresource && `/${subresource}`} ${code}`;
    writes.set(key, (writes.get(key) ?? 0) + value);
  }
  return { cpuMs: valueOf(text, 'process_cpu_seconds_total') * 1000, writes };
};

/** What happened between two readings. */
export const writesBetween = (before: ServerReading, after: ServerReading): Requests =>
  new Map(
    [...after.writes]
      .map(([key, count]) => [key, count - (before.writes.get(key) ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );

export const count = (requests: Requests, matches: RegExp): number =>
  [...requests].reduce((sum, [key, value]) => (matches.test(key) ? sum + value : sum), 0);

export const describe = (requests: Requests): string =>
  [...requests].map(([key, value]) => `${value} ${key}`).join(', ') || 'none';
