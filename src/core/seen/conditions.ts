import { Recent } from '../../api/recent.ts';
import type { Condition } from '../conditions.ts';
import { fieldsOf } from '../fields.ts';
import { intern, internInstant } from './intern.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What contains an instant or a number does not repeat, and would only fill the memory of what does. */
const sharedTextOf = (value: unknown): string => {
  const text = textOf(value);
  return /\d/.test(text) ? text : intern(text);
};

const statusOf = (value: unknown): Condition['status'] => (value === 'True' || value === 'False' ? value : 'Unknown');

const projectCondition = (value: unknown): Condition => {
  const { type, status, observedGeneration, lastTransitionTime, reason, message } = fieldsOf(value);
  return {
    type: sharedTextOf(type),
    status: statusOf(status),
    ...(typeof observedGeneration === 'number' && { observedGeneration }),
    lastTransitionTime: internInstant(textOf(lastTransitionTime)),
    reason: sharedTextOf(reason),
    message: sharedTextOf(message),
  };
};

const lists = new Recent<string, Condition[]>();

/**
 * Conditions as the API server holds them. They mostly say the same few things, and of accounts that changed together the
 * very same: texts are shared, and so are whole lists.
 */
export const projectConditions = (value: unknown): Condition[] | undefined =>
  Array.isArray(value) ? lists.share(JSON.stringify(value), () => value.map(projectCondition)) : undefined;
