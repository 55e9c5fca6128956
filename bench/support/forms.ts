import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { Setting } from './setting.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json };
type Fields = Readonly<Record<string, Json>>;

const file = join(import.meta.dirname, '../../crds/exchange2fa.io_mailaccounts.yaml');
const establishTimeoutMs = 30_000;

/** Another way to write the CRD of MailAccount, to see what its parts cost the API server. */
export interface Form {
  readonly name: string;
  readonly reshape: (field: string, value: Json, path: readonly string[]) => Json | undefined;
}

const keep = (_field: string, value: Json): Json => value;
const without =
  (...fields: readonly string[]): Form['reshape'] =>
  (field, value) =>
    fields.includes(field) ? undefined : value;

export const forms: readonly Form[] = [
  { name: 'as shipped', reshape: keep },
  {
    name: 'status and conditions not atomic',
    reshape: (field, value, path) => {
      if (field === 'x-kubernetes-map-type' && path.at(-1) === 'status') return undefined;
      return field === 'x-kubernetes-list-type' ? 'map' : value;
    },
  },
  { name: 'no CEL rules', reshape: without('x-kubernetes-validations') },
  { name: 'no columns, no selectable fields', reshape: without('additionalPrinterColumns', 'selectableFields') },
  {
    name: 'no descriptions',
    reshape: (field, value) => (field === 'description' && typeof value === 'string' ? undefined : value),
  },
];

const isFields = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const reshaped = (value: Json, form: Form, path: readonly string[] = []): Json => {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => reshaped(item, form, path));
  if (!isFields(value)) return value;
  const entries = Object.entries(value).flatMap(([field, inner]) => {
    const kept = form.reshape(field, inner, path);
    return kept === undefined ? [] : [[field, reshaped(kept, form, [...path, field])] as const];
  });
  const keyed = entries.some(([field, inner]) => field === 'x-kubernetes-list-type' && inner === 'map');
  return { ...Object.fromEntries(entries), ...(keyed && { 'x-kubernetes-list-map-keys': ['type'] }) };
};

/** Installs the form under a group of its own; returns the group. */
export const installForm = async ({ admin }: Setting, form: Form, index: number): Promise<string> => {
  const group = `form-${index}.bench.exchange2fa.io`;
  const crd = reshaped(parse(await readFile(file, 'utf8')) as Json, form) as Record<string, Fields>;
  const body = { ...crd, metadata: { name: `mailaccounts.${group}` }, spec: { ...crd['spec'], group } };
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await admin.ask({ method: 'POST', path, body: JSON.stringify(body) });
  const deadline = Date.now() + establishTimeoutMs;
  const asking = { method: 'GET', path: `/apis/${group}/v1alpha1/mailaccounts` } as const;
  while ((await admin.status(asking)) !== 200) {
    if (Date.now() > deadline) throw new Error(`${form.name}: the CRD is not served`);
    await sleep(100);
  }
  return group;
};
