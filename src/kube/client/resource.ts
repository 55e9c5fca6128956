/** How a kind is addressed in URLs. The core group is `''`. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export const secretsResource: Resource = { group: '', version: 'v1', plural: 'secrets', namespaced: true };

export const crdsResource: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** An object's address within its resource. `namespace` is absent for cluster-scoped resources. */
export interface ObjectRef {
  readonly namespace?: string;
  readonly name: string;
}

/** The part of metadata that this layer and its callers read. Optional: what a caller sends may lack it. */
interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

/** Any Kubernetes object as it comes off the wire; callers narrow it. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** An object as the API server returns it: always with name, uid and resourceVersion. */
type StoredMeta = ObjectMeta & Required<Pick<ObjectMeta, 'name' | 'uid' | 'resourceVersion'>>;

/** `T` as the API server returns it. */
export type Stored<T extends KubeObject = KubeObject> = T & { readonly metadata: StoredMeta };

/**
 * `namespace/name`, or `name` for cluster-scoped objects: how caches and queues name an object. Joined rather than
 * interpolated, for then V8 would keep the pieces as well: 90 bytes for each object known.
 */
export const keyOf = ({ namespace, name }: ObjectRef): string => (namespace ? [namespace, name].join('/') : name);

/** The inverse of `keyOf`. */
export const refOf = (key: string): ObjectRef => {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
};

/** Each request asks several times, and a text made anew is hashed anew wherever it is looked up. */
const namesOfResources = new WeakMap<Resource, string>();

/** `plural.group`, as `kubectl` and RBAC name a resource. */
export const resourceName = (resource: Resource): string => {
  const known = namesOfResources.get(resource);
  if (known !== undefined) return known;
  const name = resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
  namesOfResources.set(resource, name);
  return name;
};

export const isSecrets = (resource: Resource): boolean => resource.group === '' && resource.plural === 'secrets';

/** Where an object, collection or subresource is. */
export interface Address {
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** The URL path of an address. Names come from users and manifests, so each part is encoded. */
export const pathOf = (resource: Resource, address: Address): string => {
  const root = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`;
  const namespace = address.namespace ? `/namespaces/${encodeURIComponent(address.namespace)}` : '';
  const name = address.name ? `/${encodeURIComponent(address.name)}` : '';
  const subresource = address.subresource ? `/${address.subresource}` : '';
  return `${root}${namespace}/${resource.plural}${name}${subresource}`;
};
