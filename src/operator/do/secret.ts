import { platformLabel, secretType } from '../../api/names.ts';
import type { MetadataPatch, SecretAct, SeedParameters } from '../../core/decision.ts';
import type { SecretFacts } from '../../core/facts.ts';
import type { Random } from '../../host/random.ts';
import type { Client } from '../../kube/client/client.ts';
import type { ObjectRef } from '../../kube/client/resource.ts';
import { secretsResource } from '../../kube/client/resource.ts';
import { projectSecret } from '../../core/seen/secret.ts';
import { secretData } from '../../totp/secret-data.ts';
import { newSeed } from '../../totp/seed.ts';
import { outcomeOf, type WriteOutcome } from './outcome.ts';

/** What it takes to write. */
export interface Hands {
  readonly client: Client;
  readonly random: Random;
  /** Aborted when this process may no longer write. */
  readonly signal: AbortSignal;
}

const labelsOf = ({ platformLabel: label }: MetadataPatch) =>
  label === undefined ? {} : { labels: { [platformLabel]: label } };

/** The only place of the operator where a seed exists: it goes into one request and is not kept. */
const mint = (parameters: SeedParameters, random: Random): Readonly<Record<string, string>> =>
  secretData(newSeed(random), parameters);

const create = async (
  { client, random, signal }: Hands,
  ref: ObjectRef,
  act: SecretAct & { kind: 'create' },
): Promise<WriteOutcome<SecretFacts>> => {
  const annotations = Object.entries(act.patch.annotations).filter(([, value]) => value !== null);
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...ref,
      ...labelsOf(act.patch),
      annotations: Object.fromEntries(annotations) as Record<string, string>,
    },
    type: secretType,
    ...(act.seed && { data: mint(act.seed, random) }),
  };
  const result = await client.create(secretsResource, secret, { signal });
  return result.ok ? { kind: 'done', value: projectSecret(result.value) } : outcomeOf(result.error);
};

/** One compare-and-swap: annotations, label and, where a deed says so, the data, all or nothing. */
const patch = async (
  { client, signal }: Hands,
  ref: ObjectRef,
  { resourceVersion }: SecretFacts,
  changes: MetadataPatch,
  data?: Readonly<Record<string, string>> | null,
): Promise<WriteOutcome<SecretFacts>> => {
  const { annotations } = changes;
  const body = {
    metadata: { resourceVersion, annotations, ...labelsOf(changes) },
    ...(data !== undefined && { data }),
  };
  const result = await client.mergePatch(secretsResource, ref, body, { signal });
  return result.ok ? { kind: 'done', value: projectSecret(result.value) } : outcomeOf(result.error);
};

const remove = async (
  { client, signal }: Hands,
  ref: ObjectRef,
  { uid, resourceVersion }: SecretFacts,
): Promise<WriteOutcome<undefined>> => {
  const result = await client.delete(secretsResource, ref, { uid, resourceVersion }, { signal });
  return result.ok ? { kind: 'done', value: undefined } : outcomeOf(result.error);
};

/**
 * Does to the Secret what was decided, in one request.
 *
 * @param present as it was when that was decided: what the request insists on
 * @returns what the Secret then is; undefined if it is gone
 */
export const doSecretAct = async (
  hands: Hands,
  ref: ObjectRef,
  act: SecretAct,
  present: SecretFacts | undefined,
): Promise<WriteOutcome<SecretFacts | undefined>> => {
  if (act.kind === 'create') return create(hands, ref, act);
  if (act.kind === 'keep') return { kind: 'done', value: present };
  if (!present) throw new Error(`${act.kind} was decided for Secret ${ref.name}, which is not there`);
  switch (act.kind) {
    case 'replace':
      return patch(hands, ref, present, act.patch, mint(act.seed, hands.random));
    case 'annotate':
    case 'orphan':
      return patch(hands, ref, present, act.patch);
    case 'erase':
      return patch(hands, ref, present, act.patch, null);
    case 'delete':
      return remove(hands, ref, present);
  }
};
