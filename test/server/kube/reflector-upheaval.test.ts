import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { orThrow } from '../../../src/kube/client/errors.ts';
import { type KubeObject, type Resource, secretsResource } from '../../../src/kube/client/resource.ts';
import { reflectorStage } from './reflector-stage.ts';
import { Watched } from './watched.ts';
import { configMaps, type Connected, object, tokenOf } from './world.ts';

const stage = reflectorStage();

const others: (Watched | Connected)[] = [];
const alsoEnd = <T extends Watched | Connected>(other: T): T => (others.push(other), other);
afterEach(async () => {
  for (const other of others.splice(0).reverse())
    await (other instanceof Watched ? other.stop() : other.transport.close());
});

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true };

const bindings = { ...rbac, plural: 'rolebindings' };

/** Whoever may read, once the binding is made. */
const reader = async (): Promise<{ readonly connected: Connected; readonly binding: KubeObject }> => {
  const { world, space } = stage;
  const ref = { namespace: space, name: 'reader' };
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list', 'watch'] }];
  const roleRef = { apiGroup: rbac.group, kind: 'Role', name: 'reader' };
  orThrow(await world.direct.create({ ...configMaps, plural: 'serviceaccounts' }, { metadata: ref }));
  orThrow(await world.direct.create({ ...rbac, plural: 'roles' }, object({ metadata: ref, rules })));
  const binding = object({ metadata: ref, roleRef, subjects: [{ kind: 'ServiceAccount', ...ref }] });
  return { connected: alsoEnd(world.connect(await tokenOf(world.kubeconfig, space, 'reader'))), binding };
};

const untilRefused = (opened: Watched): Promise<void> =>
  expect
    .poll(() => opened.logged.map(({ trouble }) => trouble), { timeout: 10_000 })
    .toContainEqual(expect.stringMatching(/403/));

it('a right that is taken away keeps what is known, and the watch goes on when it is given back', async () => {
  const { world, space } = stage;
  const { connected, binding } = await reader();
  const { metadata } = orThrow(await world.direct.create(bindings, binding));
  const opened = alsoEnd(new Watched(connected, space));
  await opened.tells('+a=1', '+b=1', 'synced');
  orThrow(await world.direct.delete(bindings, metadata, metadata));
  await wait(500);
  stage.interrupt();
  await untilRefused(opened);
  expect(opened.reflector.status()).toMatchObject({ synced: true, size: 2 });
  await world.put(space, 'a', '2');
  orThrow(await world.direct.create(bindings, binding));
  await opened.tells('+a=2');
  expect(opened.logged.at(-1)).toHaveProperty('forMs');
});

it('a right that comes only after the start is enough: all is streamed, and watched on', async () => {
  const { world, space } = stage;
  const { connected, binding } = await reader();
  const opened = alsoEnd(new Watched(connected, space));
  await untilRefused(opened);
  orThrow(await world.direct.create(bindings, binding));
  await opened.tells('+a=1', '+b=1', 'synced');
  await world.put(space, 'a', '2');
  await opened.tells('+a=2');
  expect(new Set(stage.asked())).toEqual(new Set(['read now']));
  expect(opened.reflector.status().trouble).toBeUndefined();
});

const widgets: Resource = { group: 'transport.test', version: 'v1', plural: 'widgets', namespaced: true };
const definitions: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

const definition = object({
  metadata: { name: 'widgets.transport.test' },
  spec: {
    group: widgets.group,
    scope: 'Namespaced',
    names: { plural: widgets.plural, singular: 'widget', kind: 'Widget' },
    versions: [
      {
        name: widgets.version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

const widget = (name: string): KubeObject =>
  object({
    apiVersion: 'transport.test/v1',
    kind: 'Widget',
    metadata: { namespace: stage.space, name },
    data: { text: '1' },
  });

const makeWidgets = async (...names: readonly string[]): Promise<void> => {
  orThrow(await stage.world.direct.create(definitions, definition));
  for (const name of names) {
    await expect
      .poll(async () => (await stage.world.direct.create(widgets, widget(name))).ok, { timeout: 20_000, interval: 100 })
      .toBe(true);
  }
};

const removeDefinition = async (): Promise<void> => {
  const ref = { name: 'widgets.transport.test' };
  const { metadata } = orThrow(await stage.world.direct.get(definitions, ref));
  orThrow(await stage.world.direct.delete(definitions, ref, metadata));
  await expect
    .poll(async () => (await stage.world.direct.get(definitions, ref)).ok, { timeout: 20_000, interval: 100 })
    .toBe(false);
};

it('a CRD that is deleted and made again is waited for, and read anew', async () => {
  await makeWidgets('one', 'two');
  const opened = alsoEnd(new Watched(stage.world, stage.space, { resource: widgets }));
  await opened.tells('+one=1', '+two=1', 'synced');
  await removeDefinition();
  await expect
    .poll(() => opened.reflector.status(), { timeout: 30_000 })
    .toMatchObject({
      synced: false,
      trouble: { kind: 'unknownResource' },
    });
  await makeWidgets('three');
  await opened.knows({ three: '1' });
  expect(opened.reflector.status()).toMatchObject({ synced: true, trouble: undefined, size: 1 });
  await removeDefinition();
});

it('Secrets are read as metadata, by type, without their data', async () => {
  const { world, space } = stage;
  const metadata = { namespace: space, name: 's' };
  const secret = object({ type: 'transport.test/canary', metadata, stringData: { seed: 'JBSWY3DPEHPK3PXP' } });
  orThrow(await world.direct.create(secretsResource, secret));
  orThrow(await world.direct.create(secretsResource, object({ metadata: { ...metadata, name: 'foreign' } })));
  const seen: unknown[] = [];
  const opened = alsoEnd(
    new Watched(world, space, {
      resource: secretsResource,
      fieldSelector: 'type=transport.test/canary',
      metadataOnly: true,
      project: (secret) => (seen.push(secret), secret.kind ?? ''),
    }),
  );
  await opened.tells('+s=PartialObjectMetadata', 'synced');
  const received = JSON.stringify(seen);
  expect(received).toContain('"name":"s"');
  expect(received).not.toMatch(/"data"|"stringData"|JBSWY3DPEHPK3PXP|SkJTV1kzRFBFSFBLM1BYUA/);
});
