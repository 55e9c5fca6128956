import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** The parts of an OpenAPI v3 schema that the two CRDs use. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly (string | number)[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly Validation[];
}

interface Validation {
  readonly rule: string;
  readonly message: string;
}

interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: number;
}

interface CrdVersion {
  readonly name: string;
  readonly additionalPrinterColumns: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
  readonly schema: { readonly openAPIV3Schema: Schema };
}

export interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly kind: string;
      readonly plural: string;
      readonly shortNames: readonly string[];
      readonly categories: readonly string[];
    };
    readonly versions: readonly [CrdVersion];
  };
}

export interface Field {
  /** Such as spec.twoFactor.state, and status.conditions[].type for what is in a list. */
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

const crdFiles = ['exchange2fa.io_exchangeplatforms.yaml', 'exchange2fa.io_mailaccounts.yaml'];

export async function readCrds(repository: URL): Promise<readonly Crd[]> {
  return Promise.all(
    crdFiles.map(async (file) => parse(await readFile(new URL(`crds/${file}`, repository), 'utf8')) as Crd),
  );
}

export function rootSchema(crd: Crd): Schema {
  return crd.spec.versions[0].schema.openAPIV3Schema;
}

/** Every field below a schema, parents first, in the order in which the CRD gives them. */
export function fieldsOf(schema: Schema, prefix = ''): readonly Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const required = schema.required?.includes(name) ?? false;
    const below = child.items === undefined ? fieldsOf(child, path) : fieldsOf(child.items, `${path}[]`);
    return [{ path, schema: child, required }, ...below];
  });
}
