import { join } from 'node:path';
import { findProgram } from '../control-plane/search-path.ts';
import { apiAccount } from './install.ts';
import type { Stage } from './stage.ts';

/** A command for a person's shell; its lines are pasted together. */
export interface NextCommand {
  readonly comment: string;
  readonly command: readonly string[];
}

const root = join(import.meta.dirname, '../..');

/** The plugin, as README.md says, with its link beside the kubeconfig: it goes when that goes. */
const pluginSetup = [
  `cd ${quoted(root)} && npm run --silent build`,
  'ln -sf "$PWD/dist/cli.js" "${KUBECONFIG%/*}/kubectl-twofactor"',
  'export PATH="${KUBECONFIG%/*}:$PATH"',
];

/** What makes the commands work in another terminal: where kubectl is not installed, the one that came along does. */
export function shellSetup({
  kubeconfig,
  kubectlCommand,
}: Pick<Stage, 'kubeconfig' | 'kubectlCommand'>): readonly string[] {
  const setup = [`export KUBECONFIG=${quoted(kubeconfig)}`];
  if (findProgram('kubectl') === undefined) setup.push(`kubectl() { ${kubectlCommand.map(quoted).join(' ')} "$@"; }`);
  if (findProgram('kubectl-twofactor') === undefined) setup.push(...pluginSetup);
  return setup;
}

function quoted(text: string): string {
  return /^[\w/.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What the samples' files say of an account, kubectl changes; for the rest there is the plugin. */
export const nextCommands: readonly NextCommand[] = [
  {
    comment: "suspend Anna's second factor for an hour: it comes back by itself",
    command: ['kubectl twofactor suspend anna --hours 1'],
  },
  {
    comment: 'resume before that: codes are asked for again at once',
    command: ['kubectl twofactor resume anna'],
  },
  {
    comment: 'reset it, for a new phone: the old seed is void, and the next login shows a new QR code',
    command: ['kubectl twofactor reset anna'],
  },
  { comment: 'let Emil in again', command: ['kubectl twofactor unlock emil'] },
  { comment: "remove Gil's: the seed is erased", command: ['kubectl twofactor remove gil'] },
  { comment: 'enable it again: another seed, and a new QR code', command: ['kubectl twofactor enable gil'] },
  {
    comment: "end Carl's suspension as it was asked for, in YAML: his sample's file owns it",
    command: ['kubectl patch ma carl --type merge -p "spec: {twoFactor: {suspension: null}}"'],
  },
  {
    comment: 'look',
    command: [
      'kubectl twofactor status',
      'kubectl twofactor explain anna',
      'kubectl describe ma anna',
      'kubectl explain ma.spec.twoFactor',
    ],
  },
];

/** The token goes by way of a file: arguments can be read by everybody on the machine. */
export const apiCommand = (issuer: string): NextCommand => ({
  comment: 'ask the JSON API, as a login service of your own would',
  command: [
    'header=$(mktemp)',
    `printf 'Content-Type: application/json\\nAuthorization: Bearer %s\\n' \\`,
    `  "$(kubectl create token ${apiAccount} --audience exchange2fa-login)" > "$header"`,
    `ask() { curl -sSw '\\n' -H @"$header" ${issuer}/v1/$1 -d "$2"; }`,
    `ask login '{"address": "anna@example.com"}'`,
    `ask enroll '{"address": "gil@example.com"}'`,
    `ask verify '{"address": "anna@example.com", "code": "123456"}'`,
  ],
});
