import { compile } from 'json-schema-to-typescript';
import { type Crd, type Schema, rootSchema } from './crd.ts';

type CompilerSchema = Parameters<typeof compile>[0];

const banner = '// Generated from crds/ by `npm run generate`; edit the CRD instead.';

/** What the operator, the login and the CLI read of the standard metadata, which a CRD does not describe. */
const metadata: Schema = {
  type: 'object',
  description: 'Standard object metadata, as far as it is read here.',
  required: ['name', 'namespace'],
  properties: {
    name: { type: 'string' },
    namespace: { type: 'string' },
    uid: { type: 'string' },
    resourceVersion: { type: 'string' },
    generation: { type: 'integer' },
    creationTimestamp: { type: 'string' },
    deletionTimestamp: { type: 'string' },
  },
};

/** The TypeScript source of one kind: an exported interface for each object of its schema. */
export async function typesOf(crd: Crd): Promise<string> {
  const { group, names, versions } = crd.spec;
  const root = rootSchema(crd);
  const object: Schema = {
    ...root,
    required: ['apiVersion', 'kind', 'metadata', ...(root.required ?? [])],
    properties: {
      ...root.properties,
      apiVersion: { type: 'string', enum: [`${group}/${versions[0].name}`] },
      kind: { type: 'string', enum: [names.kind] },
      metadata,
    },
  };
  return compile(named(object, names.kind, names.kind), names.kind, {
    additionalProperties: false,
    bannerComment: banner,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 120, singleQuote: true },
  });
}

/** Gives each object a title, from which json-schema-to-typescript takes the interface's name: MailAccountSuspension. */
function named(schema: Schema, kind: string, title: string): CompilerSchema {
  const { properties, items, type, description, enum: values, required } = schema;
  return {
    ...(type !== undefined && { type: type as 'object' }),
    ...(description !== undefined && { description }),
    ...(values !== undefined && { enum: [...values] }),
    ...(required !== undefined && { required: [...required] }),
    ...(properties !== undefined && { title, properties: namedProperties(properties, kind) }),
    ...(items !== undefined && { items: named(items, kind, title.replace(/s$/, '')) }),
  };
}

function namedProperties(properties: Readonly<Record<string, Schema>>, kind: string): Record<string, CompilerSchema> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, child]) => [
      name,
      named(child, kind, kind + name.charAt(0).toUpperCase() + name.slice(1)),
    ]),
  );
}
