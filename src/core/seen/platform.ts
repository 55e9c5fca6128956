import type { ExchangePlatformSpec, ExchangePlatformStatus } from '../../api/generated/exchange-platform.ts';
import type { PlatformFacts } from '../facts.ts';
import { fieldsOf } from '../fields.ts';
import { projectConditions } from './conditions.ts';
import type { SeenObject } from './object.ts';

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

/** An ExchangePlatform as the API server returns it. */
interface SeenPlatform extends SeenObject {
  readonly spec: ExchangePlatformSpec;
  readonly status?: unknown;
}

/** What a decision needs of an ExchangePlatform; undefined for one that is being deleted. */
export const projectPlatform = ({ metadata, spec, status }: SeenPlatform): PlatformFacts | undefined => {
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
