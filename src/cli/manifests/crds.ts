import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { version } from '../../api/names.ts';
import { Failure } from '../frame/failure.ts';

/** The parts of a CRD's schema that matter here. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
  readonly [keyword: string]: unknown;
}

/** One version of a CRD: its schema and how it is served. */
export interface CrdVersion {
  readonly name: string;
  readonly schema: { readonly openAPIV3Schema: Schema };
  readonly [part: string]: unknown;
}

interface Crd {
  readonly spec: { readonly names: { readonly kind: string }; readonly versions: readonly CrdVersion[] };
}

const files = ['exchange2fa.io_exchangeplatforms.yaml', 'exchange2fa.io_mailaccounts.yaml'];

/** The folder `crds` of this package: above the sources, and above what is built from them. */
const folderOfCrds = (): string => {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (files.every((file) => existsSync(join(folder, 'crds', file)))) return join(folder, 'crds');
  }
  throw new Failure('the folder crds that is shipped beside this program is missing: install the whole package again');
};

/** The shipped CRDs in this program's version, by kind. */
export const readCrds = async (): Promise<ReadonlyMap<string, CrdVersion>> => {
  const folder = folderOfCrds();
  const crds = await Promise.all(files.map(async (file) => parse(await readFile(join(folder, file), 'utf8')) as Crd));
  return new Map(
    crds.flatMap(({ spec }) =>
      spec.versions.filter(({ name }) => name === version).map((each) => [spec.names.kind, each] as const),
    ),
  );
};

/** Their schemas, by kind. */
export const readSchemas = async (): Promise<ReadonlyMap<string, Schema>> =>
  new Map([...(await readCrds())].map(([kind, { schema }]) => [kind, schema.openAPIV3Schema]));
