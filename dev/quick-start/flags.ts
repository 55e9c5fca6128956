import { parseArgs } from 'node:util';

export const usage = `Shows the operator at work on a real Kubernetes control plane.

  npm start                       sample accounts in every phase, up until Ctrl-C
  npm start -- --tour             the whole story of one account, unattended; exit code 0 if all of it was seen

  --context NAME                  use this context of a kubeconfig instead of a control plane of its own
  --kubeconfig FILE               the file that holds the context
  --help
`;

export interface Flags {
  readonly tour: boolean;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
}

/** A cluster that was only named is not ours to throw away. */
export const isOwnControlPlane = ({ context, kubeconfig }: Flags): boolean =>
  context === undefined && kubeconfig === undefined;

/** Throws for what it does not know. */
export function readFlags(args: readonly string[]): Flags | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tour: { type: 'boolean', default: false },
      context: { type: 'string' },
      kubeconfig: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  return { tour: values.tour, context: values.context, kubeconfig: values.kubeconfig };
}
