import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fieldsOf, isFields, type Fields } from '../../kube/fields.ts';
import { Failure } from '../frame/failure.ts';

const lists = ['clusters', 'contexts', 'users'] as const;
/** Fields that name files, relative to the kubeconfig that they stand in. */
const fileFields = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** Where kubectl looks that is told no kubeconfig: the files of KUBECONFIG, else ~/.kube/config. */
export const usualKubeconfigs = (environment: NodeJS.ProcessEnv): readonly string[] => {
  const named = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return named.length > 0 ? named : [join(homedir(), '.kube', 'config')];
};

/**
 * The kubeconfig files in kubectl's order: `--kubeconfig`, else those of KUBECONFIG, of which missing ones are passed
 * over, else ~/.kube/config. Empty if there is none.
 */
export const kubeconfigFiles = (flag: string | undefined, environment: NodeJS.ProcessEnv): readonly string[] => {
  if (flag !== undefined) {
    if (!existsSync(flag)) throw new Failure(`--kubeconfig: there is no file ${flag}`);
    return [flag];
  }
  return usualKubeconfigs(environment).filter((path) => existsSync(path));
};

const withAbsoluteFiles = (entry: Fields, folder: string): Fields =>
  Object.fromEntries(
    Object.entries(entry).map(([key, value]) => {
      if (isFields(value)) return [key, withAbsoluteFiles(value, folder)];
      return [
        key,
        fileFields.includes(key) && typeof value === 'string' && value !== '' ? resolve(folder, value) : value,
      ];
    }),
  );

const entriesOf = (config: Fields, list: string): readonly Fields[] =>
  Array.isArray(config[list]) ? config[list].filter(isFields) : [];

/** Several files as one, as kubectl merges them: the first to name an entry, or the current context, wins. */
export const mergeKubeconfigs = (configs: readonly { readonly folder: string; readonly config: Fields }[]): Fields => {
  const merged: Record<string, unknown> = { apiVersion: 'v1', kind: 'Config' };
  const currents = configs.map(({ config }) => config['current-context']);
  merged['current-context'] = currents.find((name) => typeof name === 'string' && name !== '');
  for (const list of lists) {
    const byName = new Map<unknown, Fields>();
    for (const { folder, config } of configs) {
      for (const entry of entriesOf(config, list)) {
        if (!byName.has(entry['name'])) byName.set(entry['name'], withAbsoluteFiles(entry, folder));
      }
    }
    merged[list] = [...byName.values()];
  }
  return merged;
};

/** The names of all contexts in these files. */
export const contextNames = async (paths: readonly string[]): Promise<readonly string[]> => {
  const { parse } = await import('yaml');
  const config: unknown = parse(await readKubeconfigs(paths));
  return entriesOf(fieldsOf(config), 'contexts').flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
};

/** The text of the kubeconfig that these files make together. */
export const readKubeconfigs = async (paths: readonly string[]): Promise<string> => {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  if (texts.length === 1) return texts[0] ?? '';
  const { parse } = await import('yaml');
  const configs = texts.map((text, index) => {
    const config: unknown = parse(text);
    return { folder: dirname(resolve(paths[index] ?? '')), config: isFields(config) ? config : {} };
  });
  return JSON.stringify(mergeKubeconfigs(configs));
};
