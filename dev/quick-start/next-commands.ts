import { findProgram } from '../control-plane/search-path.ts';
import { apiAccount } from './install.ts';
import type { Stage } from './stage.ts';

/** A command for a person's shell; its lines are pasted together. */
export interface NextCommand {
  readonly comment: string;
  readonly command: readonly string[];
}

/** What makes the commands work in another terminal; where kubectl is not installed, the one that came along does. */
export function shellSetup({
  kubeconfig,
  kubectlCommand,
}: Pick<Stage, 'kubeconfig' | 'kubectlCommand'>): readonly string[] {
  const setup = [`export KUBECONFIG=${quoted(kubeconfig)}`];
  if (findProgram('kubectl') === undefined) setup.push(`kubectl() { ${kubectlCommand.map(quoted).join(' ')} "$@"; }`);
  return setup;
}

const quoted = (text: string): string => (/^[\w/.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const patch = (name: string, twoFactor: string): readonly string[] => [
  `kubectl patch ma ${name} --type merge -p \\`,
  `  "spec: {twoFactor: {${twoFactor}}}"`,
];

const now = '$(date -u +%FT%TZ)';

export const nextCommands: readonly NextCommand[] = [
  {
    comment: "suspend Anna's second factor for an hour: it comes back by itself",
    command: patch('anna', `suspension: {requestedAt: ${now}, hours: 1}`),
  },
  { comment: 'resume before that: codes are asked for again at once', command: patch('anna', 'suspension: null') },
  {
    comment: 'reset it, for a new phone: the old seed is void, and the next login shows a new QR code',
    command: patch('anna', `reset: {requestedAt: ${now}}`),
  },
  { comment: 'remove it: the seed is erased', command: patch('anna', 'state: Removed') },
  { comment: 'enable it again: another seed, and a new QR code', command: patch('anna', 'state: Enabled') },
  { comment: 'let Emil in again', command: patch('emil', `unlock: {requestedAt: ${now}}`) },
  {
    comment: 'look',
    command: ['kubectl get ma', 'kubectl describe ma anna', 'kubectl explain ma.spec.twoFactor'],
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
