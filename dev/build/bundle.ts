import { basename, dirname, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/** What CommonJS packages expect to find in an ES module. */
const commonJs = [
  "import { createRequire as $createRequire } from 'node:module';",
  'const require = $createRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('\n');

/**
 * Exec plugins and OIDC in a kubeconfig need this package: 3.5 MB of source that V8 keeps in memory (27 MB resident)
 * once it is part of a program. So it has a file of its own, loaded when such a kubeconfig is read.
 */
const lazyPackage = '@kubernetes/client-node';
const lazyFile = 'client-node.js';

const lazily: Plugin = {
  name: 'lazily',
  setup: (bundling) =>
    bundling.onResolve({ filter: new RegExp(`^${lazyPackage}$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${lazyFile}`, external: true } : undefined,
    ),
};

const onlyAgent = "export { default as Agent } from 'undici/lib/dispatcher/agent.js';";
const noHttp2 = "module.exports = () => { throw new Error('HTTP/2 is left out of this build'); };";

/**
 * Of undici only HTTP/1.1 connections are used (docs/transport.md). Fetch, caches, mocks and web sockets beside them are
 * 4 MB resident, an import of them fails the build; Node's HTTP/2 is loaded with its client, and is as much again.
 */
const onlyConnections: Plugin = {
  name: 'only-connections',
  setup: (bundling) => {
    const instead = (filter: RegExp, path: string, contents: string): void => {
      bundling.onResolve({ filter }, () => ({ path, namespace: 'only-connections' }));
      bundling.onLoad({ filter: new RegExp(`^${path}$`), namespace: 'only-connections' }, () => ({
        contents,
        resolveDir: import.meta.dirname,
      }));
    };
    instead(/^undici$/, 'undici', onlyAgent);
    instead(/\/client-h2\.js$/, 'client-h2', noHttp2);
  },
};

interface BundleOptions {
  readonly root: string;
  /** A TypeScript file below `root`. */
  readonly entry: string;
  readonly outfile: string;
  readonly isCommandLine: boolean;
}

const common = { bundle: true, platform: 'node', format: 'esm', target: 'node24', metafile: true } as const;
/** Less source to keep in memory; names stay, for stack traces. */
const smaller = { minifyWhitespace: true, minifySyntax: true, legalComments: 'none' } as const;

/** What people type must answer at once: it is cut where it imports lazily, and loads only the pieces that a command needs. */
const cutWhereLazy = (root: string, outfile: string) => ({
  splitting: true,
  outdir: dirname(outfile),
  entryNames: basename(outfile, '.js'),
  chunkNames: `${basename(outfile, '.js')}-[hash]`,
  // Its CommonJS form has no named exports once it is a piece of its own.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
});

/** One program with all that it imports, in one file unless it is a command line; its source map is beside it. */
export async function bundleProgram({ root, entry, outfile, isCommandLine }: BundleOptions): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    ...smaller,
    absWorkingDir: root,
    entryPoints: [entry],
    ...(isCommandLine ? cutWhereLazy(root, outfile) : { outfile }),
    sourcemap: 'linked',
    banner: { js: commonJs },
    plugins: [lazily, onlyConnections],
  });
  return metafile;
}

/** The package that programs load lazily: only what they use of it. */
export async function bundleLazyPackage(root: string, folder: string): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    ...smaller,
    absWorkingDir: root,
    stdin: { contents: `export { KubeConfig } from '${lazyPackage}';`, resolveDir: root },
    outfile: `${folder}/${lazyFile}`,
    banner: { js: commonJs },
  });
  return metafile;
}
