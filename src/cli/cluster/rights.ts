import { accountsPlural, group } from '../../api/names.ts';
import type { Resource } from '../../kube/client/resource.ts';
import type { Cluster } from './connect.ts';

const reviews = (plural: string, ofGroup = 'authorization.k8s.io'): Resource => ({
  group: ofGroup,
  version: 'v1',
  plural,
  namespaced: false,
});

interface Attributes {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

interface AccessReview {
  readonly status?: { readonly allowed?: boolean };
}

interface SelfReview {
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}

/** Whether the caller may; undefined where the API server does not say. */
export const may = async ({ client }: Cluster, attributes: Attributes): Promise<boolean | undefined> => {
  const answer = await client.request<AccessReview>({
    method: 'POST',
    resource: reviews('selfsubjectaccessreviews'),
    address: {},
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: attributes },
    },
  });
  return answer.ok ? answer.value.status?.allowed : undefined;
};

/** Who the API server takes the caller for. */
export const whoAmI = async ({ client }: Cluster): Promise<string | undefined> => {
  const answer = await client.request<SelfReview>({
    method: 'POST',
    resource: reviews('selfsubjectreviews', 'authentication.k8s.io'),
    address: {},
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  return answer.ok ? answer.value.status?.userInfo?.username : undefined;
};

/** What somebody may lack: verbs, Kubernetes's own or ours, on one of our resources. */
export interface Needed {
  readonly verbs: readonly string[];
  /** Absent: mailaccounts. */
  readonly resource?: string;
  /** Empty: all namespaces. */
  readonly namespace: string;
  readonly name?: string;
}

const reader = ['get', 'list', 'watch'];
const helpdesk = [...reader, 'patch', 'suspend', 'reset', 'unlock'];
const admin = [...helpdesk, 'create', 'update', 'delete', 'remove'];

/** The least of the shipped roles that has all these verbs; none has the operator's, a login's or a backup tool's. */
const roleWith = (verbs: readonly string[]): string | undefined => {
  const has = (role: readonly string[]): boolean => verbs.every((verb) => role.includes(verb));
  if (has(reader)) return 'exchange2fa-reader';
  if (has(helpdesk)) return 'exchange2fa-helpdesk';
  return has(admin) ? 'exchange2fa-admin' : undefined;
};

const subjectFlag = (user: string): string => {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  return account ? `--serviceaccount=${account[1] ?? ''}:${account[2] ?? ''}` : `--user=${user}`;
};

const askMissing = async (cluster: Cluster, needed: Needed): Promise<string> => {
  const { verbs, resource = accountsPlural, namespace, name } = needed;
  const isSecrets = resource === 'secrets';
  const about = { group: isSecrets ? '' : group, resource, namespace, ...(name !== undefined && { name }) };
  const answers = await Promise.all(verbs.map((verb) => may(cluster, { verb, ...about })));
  const missing = verbs.filter((_, index) => answers[index] === false);
  const user = (await whoAmI(cluster)) ?? 'this identity';
  const place = namespace === '' ? 'all namespaces' : `namespace ${namespace}`;
  if (missing.length === 0) return `${user} may not do this in ${place}: ask its administrator`;
  const lacks = `${user} lacks the verb ${missing.join(' and ')} on ${resource} in ${place}`;
  const role = isSecrets ? undefined : roleWith(missing);
  if (role === undefined) return `${lacks}; no shipped role has it: who administers it makes a Role with that verb`;
  const binding = namespace === '' ? 'clusterrolebinding NAME' : `rolebinding NAME -n ${namespace}`;
  return `${lacks}; who administers it grants that: kubectl create ${binding} --clusterrole=${role} ${subjectFlag(user)}`;
};

const told = new WeakMap<Cluster, Map<string, Promise<string>>>();

/**
 * Which verb is missing, and who could give it, in one sentence. Asked once for all accounts of a namespace: where one of
 * thousands is refused, the others are too.
 */
export const missingVerb = (cluster: Cluster, needed: Needed): Promise<string> => {
  const sentences = told.get(cluster) ?? new Map<string, Promise<string>>();
  told.set(cluster, sentences);
  const key = [needed.resource, needed.namespace, ...needed.verbs].join('/');
  const sentence = sentences.get(key) ?? askMissing(cluster, needed);
  sentences.set(key, sentence);
  return sentence;
};
