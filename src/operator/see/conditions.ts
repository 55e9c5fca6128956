import type { Condition } from '../../core/conditions.ts';
import { intern } from './intern.ts';
import { fieldsOf } from './objects.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? intern(value) : '');

const statusOf = (value: unknown): Condition['status'] => (value === 'True' || value === 'False' ? value : 'Unknown');

const projectCondition = (value: unknown): Condition => {
  const { type, status, observedGeneration, lastTransitionTime, reason, message } = fieldsOf(value);
  return {
    type: textOf(type),
    status: statusOf(status),
    ...(typeof observedGeneration === 'number' && { observedGeneration }),
    lastTransitionTime: textOf(lastTransitionTime),
    reason: textOf(reason),
    message: textOf(message),
  };
};

/** Conditions as the API server holds them; they mostly say the same few things, so their texts are shared. */
export const projectConditions = (value: unknown): Condition[] | undefined =>
  Array.isArray(value) ? value.map(projectCondition) : undefined;
