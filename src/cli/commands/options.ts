import { Option, type Command } from 'commander';

/** The options by which kubectl finds a cluster: before the command, and of every command that asks one. */
export const withClusterOptions = (command: Command): Command =>
  command
    .option('--kubeconfig <file>', 'kubeconfig to use, instead of KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig')
    .option('-n, --namespace <name>', 'namespace; without it, that of the context');

/** An option with a few values. */
export const oneOf = (flags: string, description: string, values: readonly string[]): Option =>
  new Option(flags, description).choices(values);

export const outputOption = (forms: readonly string[]): Option =>
  oneOf('-o, --output <form>', `form of the output, ${forms[0] ?? ''} if none is named`, forms);
