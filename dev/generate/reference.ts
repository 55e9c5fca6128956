import { type Crd, type Field, type Schema, fieldsOf, rootSchema } from './crd.ts';

const header = `<!-- Generated from crds/ by \`npm run generate\`; edit the CRDs instead. -->

# API reference

What \`kubectl explain\` shows, in one place. Defaults are those of the operator; the schema sets none in \`spec\`, so that what is read back is what was applied.
A request (\`suspension\`, \`reset\`, \`unlock\`, \`enrollmentCode\`) and \`platformRef\` are atomic: server-side apply treats each as one value with one owner.
`;

/** docs/api.md: a section for each kind. */
export function referenceOf(crds: readonly Crd[]): string {
  return [header, ...crds.map(kindSection)].join('\n');
}

function kindSection(crd: Crd): string {
  const { group, names, versions } = crd.spec;
  const [version] = versions;
  const root = rootSchema(crd);
  const fields = fieldsOf(root);
  const part = (prefix: string): readonly Field[] => fields.filter(({ path }) => path.startsWith(`${prefix}.`));
  const lines = [
    `## ${names.kind}`,
    '',
    `\`${group}/${version.name}\`, ${crd.spec.scope.toLowerCase()}; \`kubectl get ${names.plural}\`, \`${names.shortNames.join('`, `')}\`, or with the category \`${names.categories.join('`, `')}\`.`,
    '',
    root.description ?? '',
    '',
    `### ${names.kind} spec`,
    '',
    ...fieldTable(part('spec')),
    '',
    `### ${names.kind} status`,
    '',
    ...fieldTable(part('status')),
    '',
    `### What ${names.kind} refuses`,
    '',
    'Beside the types, values and lengths above, with these messages:',
    '',
    ...refusals([{ path: '(the object)', schema: root, required: true }, ...fields]),
    '',
    `### ${names.kind} columns`,
    '',
    ...columns(version.additionalPrinterColumns),
    '',
  ];
  return [...lines, ...selectable(version.selectableFields ?? [])].join('\n');
}

function fieldTable(fields: readonly Field[]): readonly string[] {
  return [
    '| field | type | meaning |',
    '|---|---|---|',
    ...fields.map(
      ({ path, schema, required }) =>
        `| \`${path}\` | ${typeCell(schema)}${required ? '; required' : ''} | ${cell(schema.description ?? '')} |`,
    ),
  ];
}

function typeCell(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' \\| ');
  const atomic = [schema['x-kubernetes-map-type'], schema['x-kubernetes-list-type']].includes('atomic');
  return [`${atomic ? 'atomic ' : ''}${schema.type ?? ''}`, ...bounds(schema)].join(', ');
}

function bounds(schema: Schema): readonly string[] {
  const { minimum, maximum, minLength, maxLength, maxItems } = schema;
  const range = (low: number | undefined, high: number | undefined, unit: string): readonly string[] => {
    if (low !== undefined && high !== undefined) return [`${low}–${high}${unit}`];
    if (low !== undefined) return [`at least ${low}${unit}`];
    return high === undefined ? [] : [`at most ${high}${unit}`];
  };
  return [
    ...range(minimum, maximum, ''),
    ...range(minLength, maxLength, ' characters'),
    ...range(undefined, maxItems, ' items'),
  ];
}

function refusals(fields: readonly Field[]): readonly string[] {
  const rows = fields.flatMap(({ path, schema }) =>
    (schema['x-kubernetes-validations'] ?? []).map(({ message }) => `| \`${path}\` | ${cell(message)} |`),
  );
  return ['| field | message |', '|---|---|', ...rows];
}

function columns(all: Crd['spec']['versions'][0]['additionalPrinterColumns']): readonly string[] {
  const rows = all.map(({ name, jsonPath, description, priority }) => {
    const wide = priority === undefined ? '' : ' (with `-o wide`)';
    return `| ${name}${wide} | ${cell(`\`${jsonPath}\``)} | ${cell(description ?? '')} |`;
  });
  return ['| column | from | meaning |', '|---|---|---|', ...rows];
}

function selectable(fields: readonly { readonly jsonPath: string }[]): readonly string[] {
  if (fields.length === 0) return [];
  const names = fields.map(({ jsonPath }) => `\`${jsonPath.slice(1)}\``).join(', ');
  return [`Selectable with \`--field-selector\`, also together: ${names}.`, ''];
}

/** A table cell is one line, and a bar would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', '<br>');
}
