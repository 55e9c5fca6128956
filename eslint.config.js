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

const restrictImports = (room, allowed) => {
  const forbidden = Object.keys(rooms).filter((other) => other !== room && !allowed.includes(other));
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^\\.\\./(.*/)?(${forbidden.join('|')}|dev|test|bench)/`,
              message: `src/${room} may import only from: ${allowed.join(', ') || 'itself'}.`,
            },
          ],
        },
      ],
    },
  };
};

/** Pure rooms decide; they never touch the machine. */
const pure = {
  files: ['src/core/**/*.ts', 'src/api/**/*.ts'],
  rules: {
    'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'performance', 'fetch', 'console'],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'The instant is an argument.' },
      { object: 'Math', property: 'random', message: 'Chance is an effect.' },
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
  ...Object.entries(rooms).map(([room, allowed]) => restrictImports(room, allowed)),
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
