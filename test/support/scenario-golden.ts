import type { ExpectStatic } from 'vitest';
import { stringify } from 'yaml';
import { see } from './scenario-cluster.ts';
import { type Account, secretOf } from './scenario-objects.ts';
import type { Stage } from './scenario-stage.ts';
import type { Seen } from './scenario-view.ts';

/** What differs from run to run, by its shape. */
const masks: readonly (readonly [shape: RegExp, mask: string])[] = [
  [/(exchange2fa\.io\/attempt: ).+/g, '$1<id>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<instant with milliseconds>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<instant>'],
  [/\b1\d{9}\b/g, '<Unix seconds>'],
  [/(exchange2fa\.io\/last-step: )"\d+"/g, '$1<time step>'],
];

/** Names, labels and annotations are the contract; the rest of the metadata is the API server's. */
const contractOf = ({ type, metadata, data }: Seen): object => ({
  type,
  metadata: { name: metadata.name, labels: metadata.labels, annotations: sorted(metadata.annotations ?? {}) },
  data: Object.keys(data ?? {}).sort(),
});

const sorted = (record: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

/** An account's status and its Secret without data, as they are now, with everything masked that differs from run to run. */
export const masked = async (stage: Stage, namespace: string, account: Account): Promise<string> => {
  const found = await see(stage.cluster, namespace, account);
  const secret = await see(stage.cluster, namespace, secretOf(account));
  const text = stringify({ status: found?.status, secret: secret ? contractOf(secret) : 'none' }, { lineWidth: 0 });
  const plain = text.replaceAll(namespace, '<namespace>');
  return masks.reduce((masking, [shape, mask]) => masking.replaceAll(shape, mask), plain);
};

/** Compares with a file beside the test file, in golden. `npx vitest -u` writes them anew. */
export const golden = async (expect: ExpectStatic, name: string, text: string): Promise<void> => {
  await expect(text).toMatchFileSnapshot(`golden/${name}.yaml`);
};
