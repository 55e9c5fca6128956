import type { Command, Option } from 'commander';
import { createProgram } from '../program.ts';

/** Cobra's directives, which kubectl's completion scripts of bash, zsh and fish understand. */
const directive = { none: 0, noFiles: 4 } as const;

/** What completes what: values of options and arguments that only the cluster knows. */
const wantsAccounts = ['status', 'explain', 'suspend', 'resume', 'reset', 'unlock', 'remove', 'enable', 'code', 'qr'];
const filesAfter = ['--kubeconfig', '-f', '--filename', '--svg', '--png'];

/** The words that may come next, and the directive for the shell. */
interface Candidates {
  readonly words: readonly string[];
  readonly directive: number;
}

const noFiles = (words: readonly string[]): Candidates => ({ words, directive: directive.noFiles });

const optionOf = ({ options }: Command, flag: string): Option | undefined =>
  options.find(({ short, long }) => flag === short || flag === long);

/** The cluster that the words so far name. */
const clusterOptions = (words: readonly string[]) => {
  const after = (...flags: string[]): string | undefined => {
    const at = words.findLastIndex((word) => flags.includes(word));
    return at < 0 ? undefined : words[at + 1];
  };
  const [kubeconfig, context, namespace] = [after('--kubeconfig'), after('--context'), after('-n', '--namespace')];
  return {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(namespace !== undefined && { namespace }),
  };
};

/** Names from the cluster; none if it can't be asked: a completion says no errors. */
const fromCluster = async (what: 'accounts' | 'platforms', words: readonly string[]): Promise<readonly string[]> => {
  const [{ withCluster }, { listAccounts, listPlatforms }] = await Promise.all([
    import('../cluster/connect.ts'),
    import('../cluster/accounts.ts'),
  ]);
  try {
    return await withCluster(clusterOptions(words), async (cluster) => {
      const { namespace } = cluster;
      const objects =
        what === 'accounts' ? await listAccounts(cluster, { namespace }) : await listPlatforms(cluster, { namespace });
      return objects.map(({ metadata }) => metadata.name);
    });
  } catch {
    return [];
  }
};

/** The contexts of the kubeconfig that the words so far name. */
const contexts = async (words: readonly string[]): Promise<readonly string[]> => {
  const { contextNames, kubeconfigFiles } = await import('../cluster/kubeconfig-files.ts');
  try {
    return await contextNames(kubeconfigFiles(clusterOptions(words).kubeconfig, process.env));
  } catch {
    return [];
  }
};

const valuesAfter = async (
  flag: string,
  command: Command,
  words: readonly string[],
): Promise<Candidates | undefined> => {
  if (filesAfter.includes(flag)) return { words: [], directive: directive.none };
  if (flag === '--platform') return noFiles(await fromCluster('platforms', words));
  if (flag === '--context') return noFiles(await contexts(words));
  const option = optionOf(command, flag);
  if (option?.argChoices) return noFiles(option.argChoices);
  return option?.required ? noFiles([]) : undefined;
};

/** `--flag=value` as two words: kubectl's scripts want the value alone. */
const apart = (words: readonly string[]): readonly string[] =>
  words.flatMap((word) => {
    const [, flag, value] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    return flag === undefined || value === undefined ? [word] : [flag, value];
  });

const flagsOf = ({ options }: Command): readonly string[] =>
  options.flatMap(({ short, long }) => [long, short].filter((flag) => typeof flag === 'string'));

/** The word that names the command, after the options that may come before it. */
const commandWord = (program: Command, [word, ...rest]: readonly string[]): string | undefined => {
  if (!word?.startsWith('-')) return word;
  return commandWord(program, optionOf(program, word)?.required ? rest.slice(1) : rest);
};

/** What may follow these words, of which the last is being typed. */
const candidatesFor = async (words: readonly string[]): Promise<Candidates> => {
  const program = createProgram();
  const [before, typed] = [words.slice(0, -1), words.at(-1) ?? ''];
  const name = commandWord(program, before);
  const command = name === undefined ? program : program.commands.find((each) => each.name() === name);
  if (!command) return noFiles([]);
  const values = await valuesAfter(before.at(-1) ?? '', command, words);
  if (values) return values;
  if (typed.startsWith('-')) return noFiles(flagsOf(command));
  if (name === undefined) return noFiles(program.commands.map((each) => each.name()).concat('help'));
  if (name === 'validate' || name === 'import') return { words: [], directive: directive.none };
  return noFiles(wantsAccounts.includes(name) ? await fromCluster('accounts', words) : []);
};

/** Answers kubectl: candidates one a line, and the directive at the end. */
export const complete = async (typedWords: readonly string[]): Promise<void> => {
  const words = apart(typedWords);
  const typed = words.at(-1) ?? '';
  const { words: all, directive: forShell } = await candidatesFor(words);
  const fitting = all.filter((word) => word.startsWith(typed));
  process.stdout.write([...fitting, `:${forShell}`, ''].join('\n'));
};
