import { isAlias, isMap, isScalar, isSeq, visit, type Document, type Node, type Pair } from 'yaml';

export const keyOf = ({ key }: Pair): unknown => (isScalar(key) ? key.value : undefined);

/** What is no error of YAML, and what the API server refuses all the same. */
interface Misread {
  readonly node: Node;
  readonly message: string;
}

const isMergeKey = (key: unknown): boolean => {
  if (!isScalar(key)) return false;
  const { value } = key;
  return (typeof value === 'symbol' ? value.description : value) === '<<';
};

/** The keys that a merge key brings, or a map has. */
const keysIn = (document: Document.Parsed, node: unknown): readonly string[] => {
  if (isAlias(node)) return keysIn(document, node.resolve(document));
  if (isSeq(node)) return node.items.flatMap((item) => keysIn(document, item));
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) => (isMergeKey(pair.key) ? keysIn(document, pair.value) : [String(keyOf(pair))]));
};

/** The API server takes no key twice, and what a merge key brings counts. */
const twiceIn = (document: Document.Parsed, map: Node): Misread | undefined => {
  const keys = keysIn(document, map);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  return twice === undefined ? undefined : { node: map, message: `${twice} is said twice, once by a merge key (<<)` };
};

/** What only the whole document shows: aliases of nothing, and keys that are merged over others. */
export const misreadIn = (document: Document.Parsed): Misread | undefined => {
  let found: Misread | undefined;
  visit(document, {
    Alias: (_, node) => {
      if (!node.resolve(document)) found ??= { node, message: `nothing is named &${node.source}` };
    },
    Map: (_, node) => {
      if (node.items.some(({ key }) => isMergeKey(key))) found ??= twiceIn(document, node);
    },
  });
  return found;
};
