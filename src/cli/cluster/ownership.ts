import { parseSeconds, type Instant } from '../../api/instants.ts';
import { fieldsOf } from '../../kube/fields.ts';
import type { Account, ManagedFields } from './objects.ts';

/** The parts of spec.twoFactor that somebody can own. */
export const requestFields = ['state', 'suspension', 'reset', 'unlock', 'enrollmentCode'] as const;
export type RequestField = (typeof requestFields)[number];

/** Our field managers: one for each field, because applying one request must not withdraw another. */
export const managerOf: Readonly<Record<RequestField, string>> = {
  state: 'exchange2fa-state',
  suspension: 'exchange2fa-suspension',
  reset: 'exchange2fa-reset',
  unlock: 'exchange2fa-unlock',
  enrollmentCode: 'exchange2fa-enrollment-code',
};

const below = (fields: unknown, name: string): unknown => fieldsOf(fields)[`f:${name}`];

const owning = ({ metadata }: Account, field: RequestField): readonly ManagedFields[] =>
  (metadata.managedFields ?? []).filter(({ subresource, fieldsV1 }) => {
    const owned = below(below(below(fieldsV1, 'spec'), 'twoFactor'), field);
    return (subresource ?? '') === '' && owned !== undefined;
  });

/** The managers of one field of spec.twoFactor, as the API server remembers them. */
export const ownersOf = (account: Account, field: RequestField): readonly string[] =>
  owning(account, field).map(({ manager }) => manager ?? 'unknown');

/** Since when a field of spec.twoFactor says what it says, at the latest; undefined where nobody remembers. */
export const writtenAt = (account: Account, field: RequestField): Instant | undefined => {
  const times = owning(account, field).flatMap(({ time = '' }) => parseSeconds(time) ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
};

/** Those who are not us: what we write, they take back or refuse. */
export const othersOwning = (account: Account, field: RequestField): readonly string[] =>
  account.spec.twoFactor?.[field] === undefined
    ? []
    : [...new Set(ownersOf(account, field).filter((manager) => manager !== managerOf[field]))];

/** What is Git's of an account: its spec without the requests that are ours alone. */
export const foreignSpec = (account: Account): Account['spec'] => {
  const { twoFactor, ...rest } = account.spec;
  if (!twoFactor) return rest;
  const kept = Object.entries(twoFactor).filter(([field]) => othersOwning(account, field as RequestField).length > 0);
  return kept.length === 0 ? rest : { ...rest, twoFactor: Object.fromEntries(kept) };
};
