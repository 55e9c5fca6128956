import { join } from 'node:path';
import type { Kubectl } from './kubectl.ts';

const repository = join(import.meta.dirname, '../..');
const installation = join(import.meta.dirname, 'install');
const tenant = join(repository, 'manifests/tenant');
const tenantLogin = join(repository, 'manifests/tenant-login');

/** The ServiceAccount of a login service that asks over the JSON API. */
export const apiAccount = 'login-caller';

/** Installs what `manifests` has, and makes the namespace a tenant of the operator and of the login service. */
export async function install(kubectl: Kubectl, namespace: string): Promise<void> {
  await kubectl(['apply', '-k', installation]);
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: apiAccount, namespace } },
  ];
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await Promise.all([
    kubectl(['apply', '-k', tenant, '-n', namespace]),
    kubectl(['apply', '-k', tenantLogin, '-n', namespace]),
    kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'crd', ...crds]),
  ]);
}

const crds = ['exchangeplatforms.exchange2fa.io', 'mailaccounts.exchange2fa.io'] as const;
