import { accountKind } from '../../api/names.ts';
import { fieldsOf } from '../../kube/fields.ts';
import { readSources } from '../frame/documents.ts';
import { Failure } from '../frame/failure.ts';
import { checkObject, isOurs } from '../manifests/check.ts';
import { readSchemas, type Schema } from '../manifests/crds.ts';
import { pathText } from '../manifests/findings.ts';
import { readSource, type Place, type SourceObject } from '../manifests/source.ts';

/** An object of ours that a file proposes. */
export interface Proposed {
  readonly isAccount: boolean;
  readonly namespace: string;
  readonly name: string;
  readonly spec: unknown;
}

const refused = (file: string, { line, column }: Place, message: string): Failure =>
  new Failure(`${file}:${line}:${column}: ${message}; kubectl twofactor validate says more`);

const proposedBy = (schemas: ReadonlyMap<string, Schema>, source: SourceObject, namespace: string): Proposed => {
  const { file, value } = source;
  const [wrong] = checkObject(schemas, value);
  if (wrong) {
    const where = pathText(wrong.path);
    const message = `the API server refuses this: ${where === '' ? '' : `${where}: `}${wrong.message}`;
    throw refused(file, source.placeOf(wrong.path, wrong.atKey ?? false), message);
  }
  const { kind, metadata, spec } = fieldsOf(value);
  const { name, namespace: own } = fieldsOf(metadata);
  return {
    isAccount: kind === accountKind,
    namespace: typeof own === 'string' && own !== '' ? own : namespace,
    name: typeof name === 'string' ? name : '',
    spec,
  };
};

/** Our objects in these files, as the API server would read them; those of others are passed over. */
export const readProposed = async (files: readonly string[], namespace: string): Promise<readonly Proposed[]> => {
  const [schemas, texts] = await Promise.all([readSchemas(), readSources(files)]);
  return texts.map(readSource).flatMap(({ file, problems: [problem], objects }) => {
    if (problem) throw refused(file, problem.place, problem.message);
    return objects.filter(({ value }) => isOurs(value)).map((object) => proposedBy(schemas, object, namespace));
  });
};
