import { dirname, relative, resolve, sep } from 'node:path';
import tseslint from 'typescript-eslint';

/**
 * The house: each room and the rooms it may import from. Imports go one way, down this list.
 * `dev`, `test` and `bench` stand outside and may import everything below them.
 */
const rooms = {
  api: [],
  host: [],
  totp: [],
  core: ['api'],
  kube: ['host'],
  operator: ['api', 'core', 'kube', 'host', 'totp'],
  login: ['api', 'core', 'kube', 'host', 'totp'],
  cli: ['api', 'core', 'kube', 'host', 'totp'],
};

/** Pure rooms decide; they never touch the machine. */
const pureRooms = ['api', 'core'];

const outside = ['dev', 'test', 'bench'];

/** The path of an import below the top folder, `src/core/decide.ts`; undefined for a package. */
const importedFile = (from, source) => {
  if (!source.startsWith('.')) return undefined;
  return relative(import.meta.dirname, resolve(dirname(from), source)).replaceAll(sep, '/');
};

/** Why a file of a room may not import from there; undefined if it may. */
const refusal = (room, from, source) => {
  const file = importedFile(from, source);
  if (file === undefined) {
    if (!pureRooms.includes(room) || source === 'node:crypto') return undefined;
    return `src/${room} is pure: of packages it may import only node:crypto.`;
  }
  const [top, inside] = file.split('/');
  const mayImport = top === 'src' ? inside === room || rooms[room].includes(inside) : !outside.includes(top);
  return mayImport ? undefined : `src/${room} may import only from: ${rooms[room].join(', ') || 'itself'}.`;
};

/** One check for every way to name another file, `import()` and `import('…').Type` as well. */
const oneWay = {
  create: (context) => {
    const [, room] = relative(import.meta.dirname, context.filename).split(sep);
    const check = (node) => {
      if (!node.source) return;
      const message =
        typeof node.source.value === 'string'
          ? refusal(room, context.filename, node.source.value)
          : 'What is imported is written down here.';
      if (message) context.report({ node: node.source, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

const house = {
  files: Object.keys(rooms).map((room) => `src/${room}/**/*.ts`),
  plugins: { house: { rules: { 'one-way': oneWay } } },
  rules: { 'house/one-way': 'error' },
};

const noInstant = 'The instant is an argument.';

const pure = {
  files: pureRooms.map((room) => `src/${room}/**/*.ts`),
  rules: {
    'no-restricted-globals': [
      'error',
      ...['process', 'globalThis', 'global', 'performance', 'crypto', 'fetch', 'console', 'require'],
      ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: noInstant },
      { object: 'Math', property: 'random', message: 'Chance is an effect.' },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: noInstant },
      { selector: 'CallExpression[callee.name="Date"]', message: noInstant },
    ],
    'no-restricted-imports': [
      'error',
      {
        name: 'node:crypto',
        allowImportNames: ['hash', 'createHash', 'timingSafeEqual'],
        message: 'Chance is an effect.',
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', 'src/api/generated'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
    },
  },
  house,
  pure,
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['*.config.js'], ...tseslint.configs.disableTypeChecked },
);
