import { isFields } from '../../kube/fields.ts';
import { apiError, type Finding, type Path } from './findings.ts';

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedPart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const mostAnnotationBytes = 256 * 1024;

const isSubdomain = (text: string): boolean => text.length <= 253 && subdomain.test(text);

/** `name` or `prefix/name`, as labels, annotations and finalizers are called. */
const isQualified = (text: string): boolean => {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2 || name.length > 63 || !qualifiedPart.test(name)) return false;
  return parts.length === 1 || isSubdomain(parts[0] ?? '');
};

const isLabelValue = (text: string): boolean => text === '' || (text.length <= 63 && qualifiedPart.test(text));

const badName = (path: Path, text: string): Finding =>
  apiError(
    path,
    `${JSON.stringify(text)} is no name: lower case letters, digits, '-' and '.', at most 253, beginning and ending with a letter or digit`,
  );

/** The texts of a map, or findings for what is none. */
const texts = (value: unknown, path: Path): { readonly entries: [string, string][]; readonly findings: Finding[] } => {
  if (value === undefined || value === null) return { entries: [], findings: [] };
  if (!isFields(value)) return { entries: [], findings: [apiError(path, 'must be a map')] };
  const entries: [string, string][] = [];
  const findings: Finding[] = [];
  for (const [key, each] of Object.entries(value)) {
    if (typeof each === 'string') entries.push([key, each]);
    // null is read as an empty text
    else if (each === null) entries.push([key, '']);
    else
      findings.push(
        apiError([...path, key], `must be a text: write ${JSON.stringify(JSON.stringify(each))} in quotes`),
      );
  }
  return { entries, findings };
};

const labelFindings = (value: unknown): readonly Finding[] => {
  const path = ['metadata', 'labels'];
  const { entries, findings } = texts(value, path);
  for (const [key, text] of entries) {
    if (!isQualified(key))
      findings.push(apiError([...path, key], `${JSON.stringify(key)} is no name of a label`, true));
    if (!isLabelValue(text)) {
      findings.push(
        apiError(
          [...path, key],
          "must be at most 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
        ),
      );
    }
  }
  return findings;
};

const annotationFindings = (value: unknown): readonly Finding[] => {
  const path = ['metadata', 'annotations'];
  const { entries, findings } = texts(value, path);
  for (const [key] of entries) {
    if (!isQualified(key.toLowerCase())) {
      findings.push(apiError([...path, key], `${JSON.stringify(key)} is no name of an annotation`, true));
    }
  }
  const bytes = entries.reduce((sum, [key, text]) => sum + Buffer.byteLength(key) + Buffer.byteLength(text), 0);
  if (bytes > mostAnnotationBytes)
    findings.push(apiError(path, `annotations are ${bytes} bytes, at most ${mostAnnotationBytes}`));
  return findings;
};

const textField = (metadata: Readonly<Record<string, unknown>>, name: string): string | undefined | Finding => {
  const value = metadata[name];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : apiError(['metadata', name], `must be a text: write it in quotes`);
};

const nameFindings = (metadata: Readonly<Record<string, unknown>>): readonly Finding[] => {
  const name = textField(metadata, 'name');
  const generateName = textField(metadata, 'generateName');
  const found = [name, generateName].filter((each) => typeof each === 'object');
  if (found.length > 0) return found;
  if (typeof name === 'string' && name !== '') return isSubdomain(name) ? [] : [badName(['metadata', 'name'], name)];
  if (typeof generateName !== 'string' || generateName === '')
    return [apiError(['metadata'], 'metadata.name is missing', true)];
  // the server adds five characters
  return isSubdomain(`${generateName}aaaaa`) ? [] : [badName(['metadata', 'generateName'], generateName)];
};

const namespaceFindings = (metadata: Readonly<Record<string, unknown>>): readonly Finding[] => {
  const namespace = textField(metadata, 'namespace');
  if (typeof namespace === 'object') return [namespace];
  const isRight = namespace === undefined || namespace === '' || (namespace.length <= 63 && label.test(namespace));
  return isRight ? [] : [apiError(['metadata', 'namespace'], `${JSON.stringify(namespace)} is no name of a namespace`)];
};

const finalizerFindings = (value: unknown): readonly Finding[] => {
  if (value === undefined || value === null) return [];
  const path = ['metadata', 'finalizers'];
  if (!Array.isArray(value)) return [apiError(path, 'must be a list')];
  return value.flatMap((each: unknown, index) =>
    typeof each === 'string' && isQualified(each)
      ? []
      : [apiError([...path, index], 'must be a name such as example.com/finalizer')],
  );
};

const whole = (value: unknown): string | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? undefined : 'must be a whole number';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? undefined : 'must be a text: write it in quotes';

/** As Go's time.RFC3339 reads it. */
const instant = (value: unknown): string | undefined =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? undefined
    : 'must be an instant such as 2026-12-01T08:00:00Z';

/** What the API server fills in itself, and a file that was exported from it says. */
const serverFields: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  uid: text,
  selfLink: text,
  resourceVersion: text,
  generation: whole,
  deletionGracePeriodSeconds: whole,
  creationTimestamp: instant,
  deletionTimestamp: instant,
};

const serverFindings = (metadata: Readonly<Record<string, unknown>>): readonly Finding[] =>
  Object.entries(serverFields).flatMap(([name, problemOf]) => {
    const value = metadata[name];
    const problem = value === undefined || value === null ? undefined : problemOf(value);
    return problem === undefined ? [] : [apiError(['metadata', name], problem)];
  });

/** The maps of a list, or findings for what is none. */
const maps = (value: unknown, path: Path): readonly (Readonly<Record<string, unknown>> | Finding)[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [apiError(path, 'must be a list')];
  return value.map((each: unknown, index) => (isFields(each) ? each : apiError([...path, index], 'must be a map')));
};

const isFinding = (value: Readonly<Record<string, unknown>> | Finding): value is Finding =>
  'level' in value && 'path' in value;

const managedFindings = (value: unknown): readonly Finding[] =>
  maps(value, ['metadata', 'managedFields']).filter(isFinding);

const ownerTexts = ['apiVersion', 'kind', 'name', 'uid'];
const ownerSwitches = ['controller', 'blockOwnerDeletion'];

const ownerFindings = (owner: Readonly<Record<string, unknown>>, path: Path): readonly Finding[] => {
  const { apiVersion, kind } = owner;
  const unknown = Object.keys(owner).filter((name) => ![...ownerTexts, ...ownerSwitches].includes(name));
  const missing = ownerTexts.filter((name) => typeof owner[name] !== 'string' || owner[name] === '');
  const switches = ownerSwitches.filter(
    (name) => !['boolean', 'undefined'].includes(typeof (owner[name] ?? undefined)),
  );
  const isVersion = typeof apiVersion === 'string' && apiVersion.split('/').length <= 2;
  const isEvent = apiVersion === 'v1' && kind === 'Event';
  return [
    ...unknown.map((name) => apiError([...path, name], `unknown field ${name}`, true)),
    ...missing.map((name) => apiError(path, `the field ${name} is missing, or no text`, true)),
    ...switches.map((name) => apiError([...path, name], 'must be true or false')),
    ...(isVersion || missing.includes('apiVersion')
      ? []
      : [apiError([...path, 'apiVersion'], 'must be a version, or group/version')]),
    ...(isEvent ? [apiError(path, 'an Event owns nothing')] : []),
  ];
};

const ownersFindings = (value: unknown): readonly Finding[] => {
  const path = ['metadata', 'ownerReferences'];
  const owners = maps(value, path);
  const found = owners.flatMap((owner, index) => (isFinding(owner) ? [owner] : ownerFindings(owner, [...path, index])));
  const controllers = owners.filter((owner) => !isFinding(owner) && owner['controller'] === true).length;
  return controllers > 1 ? [...found, apiError(path, 'only one owner may be the controller')] : found;
};

/** What the API server asks of any object's metadata. */
export const metadataFindings = (metadata: unknown): readonly Finding[] => {
  if (metadata === undefined || metadata === null) return [apiError(['metadata'], 'metadata.name is missing', true)];
  if (!isFields(metadata)) return [apiError(['metadata'], 'must be a map')];
  return [
    ...nameFindings(metadata),
    ...namespaceFindings(metadata),
    ...labelFindings(metadata['labels']),
    ...annotationFindings(metadata['annotations']),
    ...finalizerFindings(metadata['finalizers']),
    ...serverFindings(metadata),
    ...managedFindings(metadata['managedFields']),
    ...ownersFindings(metadata['ownerReferences']),
  ];
};
