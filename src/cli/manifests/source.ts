import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { SourceText } from '../frame/documents.ts';
import type { Path } from './findings.ts';
import { keyOf, misreadIn } from './misread.ts';

/** A place in a file; lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** Characters on that line that are meant. */
  readonly length: number;
}

interface SyntaxProblem {
  readonly place: Place;
  readonly message: string;
}

/** One object of a file, and where its parts stand. */
export interface SourceObject {
  readonly file: string;
  readonly value: unknown;
  placeOf(path: Path, atKey: boolean): Place;
}

export interface Source {
  readonly file: string;
  readonly lines: readonly string[];
  readonly problems: readonly SyntaxProblem[];
  readonly objects: readonly SourceObject[];
}

/**
 * YAML as Kubernetes reads it: 1.1 with merge keys, `yes` and `off` as truth values and octal numbers, but no instants,
 * sexagesimal numbers, sets or ordered maps.
 */
const notRead = [
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:set',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
  'tag:yaml.org,2002:binary',
];

/** What it reads beside that: octal numbers of YAML 1.2, `!!float 12`, and bytes as text. */
const readToo = [
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?0o[0-7]+$/,
    resolve: (text: string) => Number(text.replace(/^[-+]/, '')) * (text.startsWith('-') ? -1 : 1),
  },
  { tag: 'tag:yaml.org,2002:float', resolve: Number },
  { tag: 'tag:yaml.org,2002:binary', resolve: (text: string) => Buffer.from(text, 'base64').toString('utf8') },
];

const options = {
  version: '1.1',
  schema: 'yaml-1.1',
  merge: true,
  uniqueKeys: true,
  logLevel: 'error',
  customTags: (tags: readonly unknown[]) => [
    ...readToo,
    ...tags.filter((tag) => {
      const { tag: name, format } = tag as { readonly tag?: string; readonly format?: string };
      return !notRead.includes(name ?? '') && format !== 'TIME';
    }),
  ],
} as const;

type Parsed = Document.Parsed;

const findPair = (node: unknown, key: string | number): Pair | undefined =>
  isMap(node) ? node.items.find((pair) => isPair(pair) && String(keyOf(pair)) === String(key)) : undefined;

/** The node at a path, or of the nearest ancestor that the file itself has; its key where that is meant. */
const nodeAt = (document: Parsed, path: Path, atKey: boolean): Node | null => {
  let node: unknown = document.contents;
  let key: unknown;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = findPair(node, part);
    const inner: unknown = pair ? pair.value : isSeq(node) ? node.items[Number(part)] : undefined;
    if (!pair && inner === undefined) return isNode(key) ? key : isNode(node) ? node : null;
    key = pair?.key;
    node = inner;
  }
  if ((atKey || node === null) && isNode(key)) return key;
  return isNode(node) ? node : null;
};

const placeAt = (lines: readonly string[], counter: LineCounter, start: number, end: number): Place => {
  const { line, col } = counter.linePos(start);
  const after = counter.linePos(end);
  const rest = (lines[line - 1]?.length ?? 0) - (col - 1);
  const length = after.line === line ? after.col - col : rest;
  return { line, column: col, length: Math.max(1, Math.min(length, Math.max(1, rest))) };
};

/** A key of two values, `{a: {b: 1}}` without quotes, is what a template leaves. */
const valueOf = (document: Parsed): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
};

/** An object, or the items of a List. */
const objectsIn = (file: string, lines: readonly string[], document: Parsed, counter: LineCounter): SourceObject[] => {
  const at =
    (prefix: Path) =>
    (path: Path, atKey: boolean): Place => {
      const node = nodeAt(document, [...prefix, ...path], atKey);
      const [start, end] = node?.range ?? [document.range[0], document.range[0]];
      return placeAt(lines, counter, start, end);
    };
  const value = valueOf(document);
  if (value === null || value === undefined) return [];
  const { kind, items } = value as { readonly kind?: unknown; readonly items?: unknown };
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    return items.map((item: unknown, index) => ({ file, value: item, placeOf: at(['items', index]) }));
  }
  return [{ file, value, placeOf: at([]) }];
};

const template = 'this looks like a template: validate what it renders (helm template, kustomize build)';

const messageOf = (message: string, line: string): string => {
  const said = message.split(' at line ')[0] ?? message;
  return /\{\{|\$\(|\$\{/.test(line) ? `${said}; ${template}` : said;
};

/** Reads a file's documents, with what is no YAML in them. */
export const readSource = ({ file, text }: SourceText): Source => {
  // of a picture, say, or of UTF-16
  if (text.includes('\0')) {
    const problem = { place: { line: 1, column: 1, length: 1 }, message: 'this is no text in UTF-8' };
    return { file, lines: [], problems: [problem], objects: [] };
  }
  const counter = new LineCounter();
  const lines = text.split(/\r?\n/);
  const documents = parseAllDocuments(text, { ...options, lineCounter: counter } as Parameters<
    typeof parseAllDocuments
  >[1]);
  const problems: SyntaxProblem[] = [];
  const objects: SourceObject[] = [];
  for (const document of Array.isArray(documents) ? (documents as Parsed[]) : []) {
    for (const error of document.errors) {
      const place = placeAt(lines, counter, error.pos[0], error.pos[1]);
      problems.push({ place, message: messageOf(error.message, lines[place.line - 1] ?? '') });
    }
    if (document.errors.length > 0) continue;
    const misread = misreadIn(document);
    const [start, end] = misread?.node.range ?? [0, 0];
    if (misread) problems.push({ place: placeAt(lines, counter, start, end), message: misread.message });
    else objects.push(...objectsIn(file, lines, document, counter));
  }
  return { file, lines, problems, objects };
};
