import { test } from 'vitest';
import { install, placeForeign, sharedCluster } from './scenario-cluster.ts';
import { type Account, type Ref, secretOf } from './scenario-objects.ts';
import { sharedName, Stage } from './scenario-stage.ts';
import { type Tenant, tenantOf } from './scenario-tenant.ts';

/** Of all scenarios. */
const names = new Set<string>();
/** Of those that share an operator. */
const namespaces: string[] = [];
const foreign: { readonly namespace: string; readonly ref: Ref }[] = [];
let shared: Stage | undefined;

export interface ScenarioOptions {
  /** A Secret of another type has this account's name: it was there before the policies. */
  readonly foreignSecretOf?: Account;
}

/** A scenario's title as the name of its namespace. */
const namespaceFor = (title: string): string => {
  const name = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replaceAll(/^-|-$/g, '');
  if (names.has(name)) throw new Error(`two scenarios would share the namespace ${name}`);
  names.add(name);
  return name;
};

/** The operator of all scenarios but those `alone`; to be called once every scenario is known. */
export const raiseShared = async (): Promise<void> => {
  const cluster = sharedCluster();
  for (const { namespace, ref } of foreign) await placeForeign(cluster, namespace, ref);
  await install(cluster);
  shared = await Stage.raise({ cluster, name: sharedName, namespaces });
  await shared.start();
};

export const lowerShared = async (): Promise<void> => {
  await shared?.lower();
};

export const sharedStage = (): Stage => {
  if (!shared) throw new Error('the shared operator does not run');
  return shared;
};

/** A story in a namespace of its own, told to an operator that hears others at the same time. */
export const scenario = (
  title: string,
  story: (tenant: Tenant, skip: (why: string) => void) => Promise<void>,
  { foreignSecretOf }: ScenarioOptions = {},
): void => {
  const namespace = namespaceFor(title);
  namespaces.push(namespace);
  if (foreignSecretOf) foreign.push({ namespace, ref: secretOf(foreignSecretOf) });
  test(title, async ({ expect, skip }) => story(await tenantOf(sharedStage(), namespace, expect), skip));
};

/** A story with an operator of its own, which it may start, stop and kill; it does not run yet. */
export const alone = (
  title: string,
  story: (tenant: Tenant) => Promise<void>,
  flags: readonly string[] = [],
  timeoutMs?: number,
): void => {
  const name = namespaceFor(title);
  test(title, { ...(timeoutMs !== undefined && { timeout: timeoutMs }) }, async ({ expect, onTestFinished }) => {
    const stage = await Stage.raise({ cluster: sharedCluster(), name, namespaces: [name], flags });
    onTestFinished(() => stage.lower());
    await story(await tenantOf(stage, name, expect));
  });
};
