import { isFields, type Fields } from '../../kube/fields.ts';
import { nearest } from '../frame/nearest.ts';
import type { Schema } from './crds.ts';
import { apiError, type Finding, type Path } from './findings.ts';

/** As metav1.ObjectMeta has them. */
const metadataFields = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

const unknownField = (path: Path, name: string, known: readonly string[]): Finding => {
  const near = nearest(name, known);
  const hint = near.length > 0 ? `is ${near.join(' or ')} meant?` : `known here are ${known.join(', ')}`;
  return apiError([...path, name], `unknown field ${name}; ${hint}`, true);
};

const below = (schema: Schema, value: unknown, path: Path): readonly Finding[] => {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, index) => below(items, item, [...path, index])) : [];
  }
  const { properties } = schema;
  if (!properties || !isFields(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const child = properties[name];
    return child ? below(child, inner, [...path, name]) : [unknownField(path, name, Object.keys(properties))];
  });
};

/** Fields that no schema knows, as fieldValidation=Strict refuses them, with those that may have been meant. */
export const unknownFields = (schema: Schema, object: Fields): readonly Finding[] => {
  const { metadata } = object;
  const ofMetadata = isFields(metadata)
    ? Object.keys(metadata).flatMap((name) =>
        metadataFields.includes(name) ? [] : [unknownField(['metadata'], name, metadataFields)],
      )
    : [];
  return [...below(schema, object, []), ...ofMetadata];
};

/** The API server drops a null where a field can't be null: it is as if it were not said. */
export const withoutNulls = (schema: Schema, value: unknown): unknown => {
  const { properties, items } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => withoutNulls(items, item)) : value;
  if (!properties || !isFields(value)) return value;
  const kept = Object.entries(value).filter(([name, inner]) => inner !== null || !properties[name]);
  return Object.fromEntries(
    kept.map(([name, inner]) => [name, properties[name] ? withoutNulls(properties[name], inner) : inner]),
  );
};
