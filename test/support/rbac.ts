import type { LoggedRequest } from './fault-proxy-log.ts';
import { system } from './scenario-cluster.ts';
import type { Stage } from './scenario-stage.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** A document of manifests: a Role, what binds it, or something else. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly name: string }[];
}

/** A namespace with accounts has no name in manifests. */
type Place = 'everywhere' | 'in a tenant' | 'in the system namespace';

/** One verb on one resource (`plural.group/subresource`), perhaps on one object alone. */
export interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly name?: string | undefined;
  readonly place: Place;
}

export const sentence = ({ verb, resource, name, place }: Right): string =>
  `${verb} ${resource}${name === undefined ? '' : ` ${name}`} ${place}`;

const resourceOf = (plural: string, group: string): string => {
  const [resource = '', subresource] = plural.split('/');
  return `${resource}${group && `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
};

const rightsOf = (rules: readonly Rule[], place: Place): readonly Right[] =>
  rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [undefined] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((plural) =>
        verbs.flatMap((verb) =>
          resourceNames.map((name) => ({ verb, resource: resourceOf(plural, group), name, place })),
        ),
      ),
    ),
  );

const placeOf = (namespace: string | undefined, otherwise: Place): Place =>
  namespace === system ? 'in the system namespace' : otherwise;

/** Each right that these manifests give to a ServiceAccount. */
export const grantedTo = (account: string, manifests: readonly Manifest[]): readonly Right[] =>
  manifests
    .filter(({ subjects }) => subjects?.some(({ name }) => name === account))
    .flatMap(({ kind, metadata: { namespace }, roleRef }) => {
      const role = manifests.find(
        ({ kind: its, metadata }) =>
          its === roleRef?.kind && metadata.name === roleRef.name && metadata.namespace === namespace,
      );
      return rightsOf(role?.rules ?? [], placeOf(namespace, kind === 'RoleBinding' ? 'in a tenant' : 'everywhere'));
    });

/** What a request makes use of; nothing if it was refused or never arrived. */
const useOf = ({ verb, group, resource, subresource, namespace, name, status }: LoggedRequest): Right | undefined => {
  if (status === 0 || status === 403 || resource === '') return undefined;
  const plural = subresource === '' ? resource : `${resource}/${subresource}`;
  const place = placeOf(namespace, namespace === '' ? 'everywhere' : 'in a tenant');
  return { verb, resource: resourceOf(plural, group), name, place };
};

/** Each right that a stage's operators made use of, under the name that manifests give to their one Lease. */
export const usedOn = ({ proxy, leaseName }: Stage, manifestLease: string): readonly Right[] => {
  const uses = proxy.requests.map(useOf).filter((use) => use !== undefined);
  const named = uses.map((use) => (use.name === leaseName ? { ...use, name: manifestLease } : use));
  return [...new Map(named.map((use) => [sentence(use), use])).values()];
};

export const covers = (granted: Right, used: Right): boolean =>
  granted.verb === used.verb &&
  granted.resource === used.resource &&
  (granted.name === undefined || granted.name === used.name) &&
  (granted.place === 'everywhere' || granted.place === used.place);
