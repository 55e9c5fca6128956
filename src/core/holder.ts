import type { AccountFacts } from './facts.ts';

/** Of two accounts the older comes first, then the smaller name. */
const byAge = (a: AccountFacts, b: AccountFacts): number => {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
};

/**
 * Whose the Secret of an address is: the living account that it names keeps it, whatever its age; otherwise the oldest
 * account of the address takes it, with seed and enrolment.
 *
 * @param named the Secret's annotation `account`
 * @param candidates the living accounts of the address; undefined if there is none
 */
export const holderOf = (named: string | undefined, candidates: readonly AccountFacts[]): AccountFacts | undefined =>
  candidates.find(({ name }) => name === named) ?? candidates.toSorted(byAge)[0];
