import { formatSeconds } from '../../../../src/api/instants.ts';

/** An object of the simulated API server. */
export interface SimObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Record<string, unknown> & {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly annotations?: Record<string, string>;
    readonly labels?: Record<string, string>;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
  };
  readonly type?: string;
  readonly spec?: Record<string, unknown>;
  readonly status?: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly plural: string;
  readonly object: SimObject;
}

export interface Snapshot {
  readonly objects: ReadonlyMap<string, SimObject>;
  readonly version: number;
}

type Draft = Record<string, unknown> & { readonly metadata: Record<string, unknown> };

/** RFC 7396. */
const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const kept = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  const merged: Record<string, unknown> = kept;
  for (const [key, value] of Object.entries(patch))
    merged[key] = value === null ? null : mergePatch(merged[key], value);
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What etcd and the registry do: versions, generations, and a history that watches follow. */
export class Store {
  readonly #objects = new Map<string, SimObject>();
  readonly history: Change[] = [];
  /** Called after each change. */
  onChange: (change: Change) => void = () => {};
  readonly #now: () => number;
  #version = 100;
  #uids = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get version(): string {
    return String(this.#version);
  }

  get(plural: string, namespace: string, name: string): SimObject | undefined {
    return this.#objects.get(`${plural}/${namespace}/${name}`);
  }

  list(plural: string): SimObject[] {
    return [...this.#objects].filter(([key]) => key.startsWith(`${plural}/`)).map(([, object]) => object);
  }

  /** Undefined if the name is taken. */
  create(plural: string, draft: Draft): SimObject | undefined {
    const { name, namespace = '' } = draft.metadata as { name: string; namespace?: string };
    if (this.get(plural, namespace, name)) return undefined;
    this.#uids += 1;
    const hasStatus = plural === 'mailaccounts' || plural === 'exchangeplatforms';
    const object = {
      ...draft,
      metadata: {
        ...draft.metadata,
        uid: `uid-${this.#uids}`,
        ...(hasStatus && { generation: 1 }),
        creationTimestamp: formatSeconds(this.#now()),
      },
      ...(hasStatus && { status: { observedGeneration: -1 } }),
    } as unknown as SimObject;
    return this.#put(plural, object, 'ADDED');
  }

  /** What changes nothing keeps its version. */
  patch(plural: string, object: SimObject, patch: Draft | Record<string, unknown>, subresource: boolean): SimObject {
    const merged = mergePatch(object, patch) as SimObject;
    const kept = subresource ? { ...object, status: merged.status } : { ...merged, status: object.status };
    const after = { ...kept, metadata: { ...kept.metadata, resourceVersion: object.metadata.resourceVersion } };
    if (same(after, object)) return object;
    const isNewSpec = !same(after.spec, object.spec);
    const { generation } = object.metadata;
    const metadata = { ...after.metadata, ...(isNewSpec && generation && { generation: generation + 1 }) };
    return this.#put(plural, { ...after, metadata } as SimObject, 'MODIFIED');
  }

  /** As `kubectl apply` of a file: what it no longer says is gone. */
  replaceSpec(plural: string, object: SimObject, spec: Record<string, unknown>): void {
    if (same(object.spec, spec)) return;
    const metadata = { ...object.metadata, generation: (object.metadata.generation ?? 0) + 1 };
    this.#put(plural, { ...object, metadata, spec }, 'MODIFIED');
  }

  delete(plural: string, object: SimObject): void {
    this.#objects.delete(this.#key(plural, object));
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: this.version };
    this.#tell({ type: 'DELETED', plural, object: { ...object, metadata } });
  }

  /** What storage holds now, for {@link restore}. */
  snapshot(): Snapshot {
    return { objects: new Map(this.#objects), version: this.#version };
  }

  /** Storage goes back in time, and nobody is told. */
  restore({ objects, version }: Snapshot): void {
    this.#objects.clear();
    for (const [key, object] of objects) this.#objects.set(key, object);
    this.#version = version;
  }

  #key(plural: string, { metadata }: SimObject): string {
    return `${plural}/${metadata.namespace ?? ''}/${metadata.name}`;
  }

  #put(plural: string, object: SimObject, type: Change['type']): SimObject {
    this.#version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: this.version } };
    this.#objects.set(this.#key(plural, stored), stored);
    this.#tell({ type, plural, object: stored });
    return stored;
  }

  #tell(change: Change): void {
    this.history.push(change);
    this.onChange(change);
  }
}
