import type { ExchangePlatformStatus } from '../../api/generated/exchange-platform.ts';
import type { PlatformFacts } from '../../core/facts.ts';
import { fieldsOf } from '../../kube/fields.ts';
import type { Stored } from '../../kube/resource.ts';
import { projectConditions } from './conditions.ts';
import type { ExchangePlatform } from './objects.ts';

const countNames = ['total', 'enforced', 'enrolling', 'suspended', 'locked', 'off', 'blocked'] as const;

const projectCounts = (value: unknown): ExchangePlatformStatus['accounts'] | undefined => {
  const fields = fieldsOf(value);
  const counts = countNames.flatMap((name) => (typeof fields[name] === 'number' ? [[name, fields[name]]] : []));
  return counts.length === 0 ? undefined : (Object.fromEntries(counts) as ExchangePlatformStatus['accounts']);
};

const projectStatus = (value: unknown): ExchangePlatformStatus => {
  const { observedGeneration, accounts, conditions } = fieldsOf(value);
  const counts = projectCounts(accounts);
  const said = projectConditions(conditions);
  return {
    ...(typeof observedGeneration === 'number' && { observedGeneration }),
    ...(counts && { accounts: counts }),
    ...(said && { conditions: said }),
  };
};

/** What a decision needs of an ExchangePlatform; undefined for one that is being deleted. */
export const projectPlatform = ({ metadata, spec, status }: Stored<ExchangePlatform>): PlatformFacts | undefined => {
  if (metadata.deletionTimestamp !== undefined) return undefined;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    generation: metadata.generation ?? 0,
    spec,
    status: projectStatus(status),
  };
};
