import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readCrds } from '../../../dev/generate/crd.ts';

const manifests = join(import.meta.dirname, '../../../manifests');

interface Platform {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

interface Kustomization {
  readonly spec: { readonly targetNamespace: string; readonly healthChecks: readonly object[] };
}

const read = async (file: string): Promise<unknown> => parse(await readFile(join(manifests, file), 'utf8'));

test('the example for Flux waits for the platform of the samples, in a version that the CRDs have', async () => {
  const { spec } = (await read('flux/mail-accounts.yaml')) as Kustomization;
  const { apiVersion, kind, metadata } = (await read('samples/10-platform.yaml')) as Platform;
  const { name, namespace } = metadata;
  expect(spec).toMatchObject({ targetNamespace: namespace, healthChecks: [{ apiVersion, kind, name, namespace }] });
  const crds = await readCrds(new URL('../../../', import.meta.url));
  const known = crds.flatMap(({ spec: { group, versions, names } }) =>
    versions.map((version) => `${group}/${version.name} ${names.kind}`),
  );
  expect(known).toContain(`${apiVersion} ${kind}`);
});
