import { group, platformLabel } from '../../api/names.ts';
import type { SecretFacts } from '../facts.ts';
import { intern } from './intern.ts';
import type { SeenObject } from './object.ts';

const prefix = `${group}/`;

/** The annotations of the contract, and nobody else's: those of others never refuse a login. */
const ours = (annotations: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(annotations)) if (key.startsWith(prefix)) found[key] = value;
  return found;
};

/** What a decision needs of a Secret. It comes as metadata only, so no seed is ever here. */
export const projectSecret = ({ metadata }: SeenObject): SecretFacts => {
  const label = metadata.labels?.[platformLabel];
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    platformLabel: label === undefined ? undefined : intern(label),
    annotations: ours(metadata.annotations ?? {}),
  };
};
