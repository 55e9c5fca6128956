import type { LoggedRequest } from '../../support/fault-proxy-log.ts';

/** A Status as the API server sends it. */
export const statusBody = (code: number, reason: string, more: object = {}): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, ...more });

const sentence = ({ path }: LoggedRequest): string => {
  const query = new URL(path, 'http://proxy').searchParams;
  const version = query.get('resourceVersion');
  if (query.get('resourceVersionMatch') === 'Exact') return 'check';
  if (query.get('sendInitialEvents') === 'true') return version === null ? 'read now' : 'read not older';
  if (query.get('watch') === 'true') return 'watch on';
  return query.get('continue') === null ? 'list' : 'next page';
};

/** What a reflector asked, one sentence each. */
export const readsOf = (requests: readonly LoggedRequest[]): string[] =>
  requests.filter(({ method }) => method === 'GET').map(sentence);
