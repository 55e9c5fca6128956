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

/** The rooms of src/kube in the same way; what stands beside them, in src/kube itself, all may import, and it none. */
const kubeRooms = {
  queue: [],
  credentials: [],
  transport: ['credentials'],
  client: ['transport'],
  watch: ['transport', 'client'],
  reflector: ['transport', 'client', 'watch'],
  lease: ['client'],
  events: ['client'],
};

/** Pure rooms decide; they never touch the machine. */
const pureRooms = ['api', 'core'];

const outside = ['dev', 'test', 'bench'];

/** Below the top folder: `src/core/decide.ts`. */
const fromTop = (file) => relative(import.meta.dirname, file).replaceAll(sep, '/');

/** The room of a file below a folder; empty for the folder's own files, undefined elsewhere. */
const roomIn = (folder, file) => {
  if (!file.startsWith(`${folder}/`)) return undefined;
  const [room, ...rest] = file.slice(folder.length + 1).split('/');
  return rest.length > 0 ? room : '';
};

/** Why a room of this folder may not import from there; undefined if it may, or if it is no matter of this folder. */
const wrongWay = (folder, allowed, from, to) => {
  const [here, there] = [roomIn(folder, from), roomIn(folder, to)];
  if (here === undefined || there === undefined || there === '' || there === here) return undefined;
  const mayImport = allowed[here] ?? [];
  return mayImport.includes(there)
    ? undefined
    : `${folder}/${here} may import only from: ${mayImport.join(', ') || 'itself'}.`;
};

/** Why this file may not import from there; undefined if it may. */
const refusal = (from, source) => {
  const room = roomIn('src', from);
  if (!source.startsWith('.')) {
    if (!pureRooms.includes(room) || source === 'node:crypto') return undefined;
    return `src/${room} is pure: of packages it may import only node:crypto.`;
  }
  const to = fromTop(resolve(import.meta.dirname, dirname(from), source));
  if (outside.some((folder) => to.startsWith(`${folder}/`))) return 'src may not import what stands outside.';
  return wrongWay('src', rooms, from, to) ?? wrongWay('src/kube', kubeRooms, from, to);
};

/** One check for every way to name another file, `import()` and `import('…').Type` as well. */
const oneWay = {
  create: (context) => {
    const check = (node) => {
      if (!node.source) return;
      const message =
        typeof node.source.value === 'string'
          ? refusal(fromTop(context.filename), node.source.value)
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
  files: ['src/**/*.ts'],
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
  {
    files: ['src/cli/*/**/*.ts'],
    ignores: ['src/cli/commands/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^\\.\\./(act|complete|doctor|explain|import|qr|validate|view)/',
              message: "A command's folder is its own: what commands share is in frame, cluster or manifests.",
            },
          ],
        },
      ],
    },
  },
);
