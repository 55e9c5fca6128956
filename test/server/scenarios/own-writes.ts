import { expect, test } from 'vitest';
import { secretNameFor } from '../../../src/api/names.ts';
import { annotation, type Annotations } from '../../../src/api/record.ts';
import type { LoggedRequest } from '../../support/fault-proxy-log.ts';
import { system } from '../../support/scenario-cluster.ts';
import { stages } from '../../support/scenario-stage.ts';

/** Fewer would mean that this test looks in the wrong place. */
const leastSecrets = 100;

const metadataOf = ({ body }: LoggedRequest): { readonly name: string; readonly annotations?: Annotations } =>
  (JSON.parse(body) as { metadata: { name: string; annotations?: Annotations } }).metadata;

const isAboutItself = ({ group, namespace }: LoggedRequest): boolean =>
  group === 'events.k8s.io' && namespace === system;

const said = ({ method, path }: LoggedRequest): string => `${method} ${path}`;

test('no MailAccount led to a write outside its own namespace, or to a Secret but that of its address', () => {
  const writes = stages.flatMap((stage) => stage.writes().map((write) => ({ ...write, served: stage.namespaces })));
  const abroad = writes.filter((write) => !write.served.includes(write.namespace) && !isAboutItself(write));
  expect(abroad.map(said)).toEqual([]);

  const secretWrites = writes.filter(({ resource }) => resource === 'secrets');
  const creations = secretWrites.filter(({ method }) => method === 'POST');
  const misnamed = creations.filter((creation) => {
    const { name, annotations } = metadataOf(creation);
    return name !== secretNameFor(annotations?.[annotation.address] ?? '');
  });
  expect(misnamed.map(metadataOf)).toEqual([]);

  const created = new Set(creations.map((creation) => `${creation.namespace}/${metadataOf(creation).name}`));
  expect(created.size).toBeGreaterThan(leastSecrets);
  const strange = secretWrites.filter(
    ({ method, namespace, name }) => method !== 'POST' && !created.has(`${namespace}/${name}`),
  );
  expect(strange.map(said)).toEqual([]);
});
