import { accountKind, apiVersion } from '../../api/names.ts';
import type { Account } from '../cluster/objects.ts';
import { foreignSpec } from '../cluster/ownership.ts';
import { yamlOf } from '../frame/output.ts';
import { factorWith, type Change } from './plan.ts';

/** An account as Git would say it with these changes: without the requests that the command line made, and without status. */
export const commitOf = (account: Account, changes: readonly Change[]): object => {
  const { name, namespace, labels, annotations } = account.metadata;
  const { twoFactor, ...rest } = foreignSpec(account);
  const fields = factorWith(twoFactor, changes);
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith('kubectl.kubernetes.io/'));
  return {
    apiVersion,
    kind: accountKind,
    metadata: {
      name,
      namespace,
      ...(labels && { labels }),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
    spec: { ...rest, ...(Object.keys(fields).length > 0 && { twoFactor: fields }) },
  };
};

/** Documents to commit. */
export const commitYaml = (accounts: readonly (readonly [Account, readonly Change[]])[]): string =>
  accounts.map(([account, changes]) => yamlOf(commitOf(account, changes))).join('---\n');
