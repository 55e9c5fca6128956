/** A request as RBAC sees it, and how it ended. */
export interface LoggedRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly atMs: number;
  /** What the client wants the answer to be. */
  accept: string;
  /** The body of a write, as it was sent. */
  body: string;
  /** Which act met it. */
  act: string;
  /** Of the API server's answer; 0 if it never got the request or never answered. */
  status: number;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

const verbOf = (method: string, named: boolean, watch: boolean): string => {
  if (method === 'GET') return watch ? 'watch' : named ? 'get' : 'list';
  if (method === 'DELETE') return named ? 'delete' : 'deletecollection';
  return verbs[method] ?? method.toLowerCase();
};

/** `/apis/{group}/{version}/namespaces/{ns}/{resource}/{name}/{subresource}` and its shorter forms. */
const resourcePath =
  /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<resource>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>.+))?$/;

/** Reads a request line the way the API server does. Paths that are no resource have an empty `resource`. */
export const logRequest = (method: string, path: string): LoggedRequest => {
  const url = new URL(path, 'http://proxy');
  const parts = resourcePath.exec(url.pathname)?.groups ?? {};
  const name = parts['name'] ?? '';
  return {
    verb: verbOf(method, name !== '', url.searchParams.get('watch') === 'true'),
    group: parts['group'] ?? '',
    resource: parts['resource'] ?? '',
    subresource: parts['subresource'] ?? '',
    namespace: parts['namespace'] ?? '',
    name: decodeURIComponent(name),
    method,
    path,
    atMs: performance.now(),
    accept: '',
    body: '',
    act: 'pass',
    status: 0,
  };
};
