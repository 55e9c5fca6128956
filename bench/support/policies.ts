import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountNamed, secretObject, secretsPath } from '../raw-client/objects.ts';
import type { Setting } from './setting.ts';

const folder = join(import.meta.dirname, '../../manifests/policies');
const stranger = 'bench-stranger';

/** An identity that RBAC lets create Secrets, but that holds none of our verbs: what it meets shows whether the policies are active. */
export const admitStranger = async ({ admin }: Setting, namespace: string): Promise<void> => {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const metadata = { name: stranger };
  const role = { metadata, rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['create'] }] };
  const binding = {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: stranger },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: stranger }],
  };
  await admin.ask({ method: 'POST', path: `${rbac}/roles`, body: JSON.stringify(role) });
  await admin.ask({ method: 'POST', path: `${rbac}/rolebindings`, body: JSON.stringify(binding) });
};

/** Both answers come only once RBAC knows the stranger: without the policies it may create, with them it may not. */
const areActive = async ({ admin }: Setting, namespace: string): Promise<boolean> => {
  const status = await admin.status({
    method: 'POST',
    path: `${secretsPath(namespace)}?dryRun=All`,
    body: JSON.stringify(secretObject(namespace, accountNamed('stranger', 0), { mintedAt: new Date().toISOString() })),
    as: stranger,
  });
  return status === 403;
};

/** Installs the admission policies or takes them away, and waits until the API server acts accordingly. */
export const setPolicies = async (setting: Setting, namespace: string, active: boolean): Promise<void> => {
  if (active) await setting.kubectl('apply', '-k', folder);
  else await setting.kubectl('delete', '-k', folder, '--ignore-not-found');
  while ((await areActive(setting, namespace)) !== active) await sleep(200);
  // Both policies for Secrets have informers of their own.
  await sleep(2_000);
};
