import type { Command } from 'commander';

/** The options by which kubectl finds a cluster, for every command that asks one. */
export const withClusterOptions = (command: Command): Command =>
  command
    .option('--kubeconfig <file>', 'kubeconfig to use, instead of KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig')
    .option('-n, --namespace <name>', 'namespace; without it, that of the context');
