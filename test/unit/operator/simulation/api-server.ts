import type { RawRequest, RawResponse, RawStream, Transport } from '../../../../src/kube/transport/transport.ts';
import { TransportFailure } from '../../../../src/kube/transport/transport.ts';
import { FakeStream, status } from '../../kube/fake-server.ts';
import { Store, type Change, type SimObject, type Snapshot } from './store.ts';

/** What happens to one write: `before`: it is lost on the way; `after`: it is done, and its answer lost. */
export type Fault = 'before' | 'after' | 409 | 422 | 429 | 500 | 504;

interface Asked {
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: boolean;
  readonly query: URLSearchParams;
  readonly metadataOnly: boolean;
}

interface Watcher {
  readonly asked: Asked;
  readonly stream: FakeStream;
}

/** `/api/v1/…` and `/apis/GROUP/VERSION/…`. */
const askedOf = ({ path, headers }: RawRequest): Asked => {
  const url = new URL(path, 'http://simulated');
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const namespaced = rest[0] === 'namespaces' && rest.length > 2;
  const [plural = '', name, subresource] = namespaced ? rest.slice(2) : rest;
  return {
    plural,
    namespace: namespaced ? rest[1] : undefined,
    name: name === undefined ? undefined : decodeURIComponent(name),
    subresource: subresource === 'status',
    query: url.searchParams,
    metadataOnly: (headers['accept'] ?? '').includes('as=PartialObjectMetadata'),
  };
};

const fieldOf = (object: SimObject, field: string): unknown => {
  if (field === 'metadata.name') return object.metadata.name;
  return field === 'type' ? object.type : object.spec?.[field.replace('spec.', '')];
};

const selects = ({ plural, namespace, query }: Asked, change: Pick<Change, 'plural' | 'object'>): boolean => {
  const { object } = change;
  if (change.plural !== plural || (namespace !== undefined && object.metadata.namespace !== namespace)) return false;
  const selector = query.get('fieldSelector') ?? '';
  return selector
    .split(',')
    .filter((term) => term !== '')
    .every((term) => fieldOf(object, term.slice(0, term.indexOf('='))) === term.slice(term.indexOf('=') + 1));
};

const viewOf = ({ metadataOnly }: Asked, object: SimObject): object =>
  metadataOnly ? { kind: 'PartialObjectMetadata', metadata: object.metadata } : object;

const answer = (code: number, body: object): RawResponse => ({ status: code, headers: {}, body: JSON.stringify(body) });

const refusals: Readonly<Record<number, string>> = {
  404: 'NotFound',
  409: 'Conflict',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  504: 'Timeout',
};
const refuse = (code: number, reason = refusals[code] ?? ''): RawResponse => answer(code, status(code, reason));

const versionTooLarge = status(504, 'Timeout', {
  details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
});

const untilAborted = ({ signal }: RawRequest): Promise<never> =>
  new Promise((_resolve, reject) => {
    const abort = (): void => reject(new TransportFailure('aborted', true, 'aborted'));
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort);
  });

const isCrd = ({ plural }: Asked): boolean => plural === 'customresourcedefinitions';

/** Enough of an API server to run the operator's own code on: as fast as the machine, with faults where they are told. */
export class SimulatedApiServer implements Transport {
  readonly store: Store;
  /** Writes that reached storage and changed it, Events and Leases left out. */
  readonly writes: string[] = [];
  /** The next writes meet these, in order. */
  readonly faults: Fault[] = [];
  /** Events that were recorded, as they were sent. */
  readonly events: { readonly regarding: { kind: string; name: string }; reason: string; note: string }[] = [];
  /** While true, reads get no answer. */
  stalled = false;
  /** While true, watches tell nothing: whoever reads them knows only the past. */
  held = false;
  /** How far its clock is ahead of the operator's. */
  clockAheadMs = 0;
  /** Namespaces without the operator's Role: 403 for everything in them; `''` for the CRDs, which are in none. */
  readonly forbidden = new Set<string>();
  /** Resources whose CRD is not installed: 404 for everything of them. */
  readonly unknown = new Set<string>();
  readonly #watchers = new Set<Watcher>();
  readonly #now: () => number;
  #untold: Change[] = [];
  /** The process that asks is dead: nothing that it sends arrives, and nothing reaches it. */
  #epoch = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.store = new Store(now);
    this.store.onChange = (change) => {
      this.#untold.push(change);
      if (!this.held) this.release();
    };
  }

  /** A transport for one process; it goes dead with the next `kill`. */
  connect(): Transport {
    const epoch = this.#epoch;
    const never = <T>(): Promise<T> => new Promise(() => {});
    const alive = <T>(value: T): T | Promise<T> => (epoch === this.#epoch ? value : never<T>());
    return {
      send: async (request) => (epoch === this.#epoch ? alive(await this.send(request)) : never()),
      stream: async (request) => (epoch === this.#epoch ? alive(await this.stream(request)) : never()),
    };
  }

  kill(): void {
    this.#epoch += 1;
    this.#watchers.clear();
  }

  /** As etcd restored under a running API server: the watches that there are stay silent. */
  restore(snapshot: Snapshot): void {
    this.store.restore(snapshot);
    this.#watchers.clear();
  }

  /** What was held is told; of one resource alone, if that is said, and the others stay held. */
  release(plural?: string): void {
    if (plural === undefined) this.held = false;
    const changes = this.#untold.filter((change) => plural === undefined || change.plural === plural);
    this.#untold = this.#untold.filter((change) => !changes.includes(change));
    for (const { asked, stream } of this.#watchers) {
      for (const change of changes) {
        if (selects(asked, change)) stream.tell({ type: change.type, object: viewOf(asked, change.object) });
      }
    }
  }

  async send(request: RawRequest): Promise<RawResponse> {
    await Promise.resolve();
    if (this.stalled && request.method === 'GET') await untilAborted(request);
    const date = new Date(this.#now() + this.clockAheadMs).toUTCString();
    return { ...this.#answer(request), headers: { date } };
  }

  #answer(request: RawRequest): RawResponse {
    const asked = askedOf(request);
    if (request.method === 'GET') return this.#read(asked);
    if (asked.plural === 'events') {
      this.events.push(JSON.parse(request.body ?? '') as (typeof this.events)[number]);
      return answer(201, { metadata: { name: 'e', uid: 'e', resourceVersion: '1' } });
    }
    const fault = this.faults.shift();
    if (typeof fault === 'number') return refuse(fault);
    if (fault === 'before') throw new TransportFailure('connection', true, 'lost on the way');
    const done = this.#write(request, asked);
    if (fault === 'after') throw new TransportFailure('connection', true, 'the answer is lost');
    return done;
  }

  async stream(request: RawRequest): Promise<RawStream> {
    await Promise.resolve();
    const asked = askedOf(request);
    const refused = this.#refusedStatus(asked);
    const stream = new FakeStream(refused ?? 200, {});
    if (refused !== undefined) {
      stream.raw(refused === 404 ? '404 page not found' : JSON.stringify(status(403, 'Forbidden'))).end();
      return stream.asRaw();
    }
    const told = new Set(this.#untold);
    const isInitial = asked.query.get('sendInitialEvents') === 'true';
    if (isInitial && this.#isAhead(asked)) {
      stream.tell({ type: 'ERROR', object: versionTooLarge });
      return stream.asRaw();
    }
    if (isInitial) {
      for (const object of this.#listed(asked)) stream.tell({ type: 'ADDED', object: viewOf(asked, object) });
      const annotations = { 'k8s.io/initial-events-end': 'true' };
      stream.tell({ type: 'BOOKMARK', object: { metadata: { resourceVersion: this.store.version, annotations } } });
    } else {
      const from = Number(asked.query.get('resourceVersion'));
      for (const change of this.store.history) {
        const isLater = Number(change.object.metadata.resourceVersion) > from && !told.has(change);
        if (isLater && selects(asked, change)) stream.tell({ type: change.type, object: viewOf(asked, change.object) });
      }
    }
    this.#watchers.add({ asked, stream });
    return stream.asRaw();
  }

  /** Asks for a version that storage has not come to. A plain watch from there is silent. */
  #isAhead({ query }: Asked): boolean {
    return Number(query.get('resourceVersion') ?? 0) > Number(this.store.version);
  }

  #refusedStatus({ plural, namespace = '' }: Asked): 403 | 404 | undefined {
    if (this.unknown.has(plural)) return 404;
    return this.forbidden.has(namespace) ? 403 : undefined;
  }

  #listed(asked: Asked): SimObject[] {
    return this.store.list(asked.plural).filter((object) => selects(asked, { plural: asked.plural, object }));
  }

  #read(asked: Asked): RawResponse {
    if (isCrd(asked) && this.forbidden.has('')) return refuse(403, 'Forbidden');
    if (isCrd(asked)) return answer(200, { metadata: { name: asked.name, uid: 'crd', resourceVersion: '1' } });
    if (this.#isAhead(asked)) return answer(504, versionTooLarge);
    if (asked.name === undefined) {
      const items = this.#listed(asked).map((object) => viewOf(asked, object));
      return answer(200, { metadata: { resourceVersion: this.store.version }, items });
    }
    const object = this.store.get(asked.plural, asked.namespace ?? '', asked.name);
    return object ? answer(200, viewOf(asked, object)) : refuse(404);
  }

  #write(request: RawRequest, asked: Asked): RawResponse {
    const { plural, namespace = '', name = '', subresource } = asked;
    const body = JSON.parse(request.body ?? '{}') as { metadata: { name: string; resourceVersion?: string } };
    const before = this.store.version;
    const done = (code: number, object: SimObject): RawResponse => {
      if (this.store.version !== before) {
        this.writes.push(`${request.method} ${plural}/${object.metadata.name}${subresource ? '/status' : ''}`);
      }
      return answer(code, viewOf(asked, object));
    };
    if (request.method === 'POST') {
      const created = this.store.create(plural, body);
      return created ? done(201, created) : refuse(409, 'AlreadyExists');
    }
    const object = this.store.get(plural, namespace, name);
    if (!object) return refuse(404);
    if (request.method === 'DELETE') {
      const { preconditions } = body as unknown as { preconditions: { uid: string; resourceVersion: string } };
      const { uid, resourceVersion } = object.metadata;
      if (preconditions.uid !== uid || preconditions.resourceVersion !== resourceVersion) return refuse(409);
      this.store.delete(plural, object);
      return done(200, object);
    }
    const wanted = body.metadata.resourceVersion;
    // A Secret takes `0` for no precondition at all.
    const isConditional = wanted !== undefined && (wanted !== '0' || plural !== 'secrets');
    if (isConditional && wanted !== object.metadata.resourceVersion) return refuse(409);
    return done(200, this.store.patch(plural, object, body, subresource));
  }
}
