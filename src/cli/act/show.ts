import { accountName, type Account } from '../cluster/objects.ts';
import type { ActForm } from '../commands/choices.ts';
import { printable, say, tell } from '../frame/terminal.ts';
import type { WaitResult } from './plan.ts';
import type { CodeToShow, AccountResult } from './run-one.ts';

/** Shows one account as far as a command has come with it: as a line, or as its object. */
type Show = (account: Account, says: string) => void;

/** Standard output has this form and nothing else. */
export const showIn = async (form: ActForm): Promise<Show> => {
  if (form === 'name') return ({ metadata }) => say(accountName(metadata.name));
  if (form === 'text') return ({ metadata }, says) => say(`${accountName(metadata.name)} ${printable(says)}`);
  const { documentOf } = await import('../frame/output.ts');
  return (account) => say(form === 'json' ? JSON.stringify(account) : `---\n${documentOf(account, form)}`);
};

const standing: Readonly<Record<CodeToShow['hash'], string>> = {
  written: '',
  uncertain: ', if it was issued at all',
  notWritten: ', once the change is committed',
};

export const codeLine = ({ spec }: Account, { code, expiresAt, hash }: CodeToShow): string =>
  `  ${spec.address}   code ${code}   valid until ${expiresAt}${standing[hash]}`;

/**
 * Shows a code the one time that it is shown: beside the account's line, or on standard error where standard output is
 * for machines, or nobody reads it any more. One that the API server does not know of is no code.
 */
export const showCode = ({ kind, account, code }: AccountResult, form: ActForm): void => {
  if (!code || (code.hash === 'notWritten' && kind !== 'owned')) return;
  const line = codeLine(account, code);
  if (kind === 'done' && form === 'text') say(line, () => tell(line));
  else tell(line);
};

export const tellTaken = (ended: readonly AccountResult[]): void => {
  const managers = [...new Set(ended.flatMap((done) => (done.kind === 'done' ? done.tookFrom : [])))];
  if (managers.length === 0) return;
  tell(
    `Taken from ${managers.join(' and ')}: if that is a GitOps tool, its next sync puts back what Git says, or stops at ` +
      'a conflict. Commit the same change (--print shows it).',
    'attention',
  );
};

/** What belongs to somebody else, as it would be committed there. */
export const tellOwned = async (ended: readonly AccountResult[], form: ActForm): Promise<void> => {
  const owned = ended.filter((done) => done.kind === 'owned');
  if (owned.length === 0) return;
  const { commitYaml } = await import('./commit.ts');
  const yaml = commitYaml(owned.map(({ account, changes }) => [account, changes] as const)).trimEnd();
  if (form === 'text') say(yaml);
  else tell(yaml);
};

export const tellFailures = (ended: readonly AccountResult[]): void => {
  for (const done of ended) {
    const { kind, account, says } = done;
    if (kind === 'done') continue;
    const prefix = kind === 'nothing' ? '' : kind === 'uncertain' ? 'uncertain: ' : 'error: ';
    tell(`${prefix}${account.metadata.name}: ${printable(says)}`, kind === 'nothing' ? 'plain' : 'bad');
  }
};

/** How many ended how; after Ctrl-C also which were not begun. */
export const tellSummary = (
  ended: readonly AccountResult[],
  notBegun: readonly Account[],
  isInterrupted: boolean,
): void => {
  const total = ended.length + notBegun.length;
  if (total < 2) return;
  const count = (...kinds: AccountResult['kind'][]): number => ended.filter(({ kind }) => kinds.includes(kind)).length;
  const uncertain = count('uncertain');
  const parts = [
    `${count('done')} done`,
    `${count('nothing')} unchanged`,
    `${count('failed', 'owned')} failed`,
    ...(uncertain > 0 ? [`${uncertain} uncertain`] : []),
    ...(isInterrupted ? [`${notBegun.length} not begun`] : []),
  ];
  const summary = `${parts.join(', ')}, of ${total}`;
  tell(isInterrupted ? `Interrupted: ${summary}` : summary, isInterrupted ? 'attention' : 'plain');
  if (notBegun.length > 0) tell('Not begun:');
  for (const { metadata } of notBegun) tell(`  ${metadata.name}`);
};

/** What became of a request that was waited for. */
export const tellWaitResult = ({ metadata }: Account, { isInForce, says }: WaitResult, form: ActForm): void => {
  const { name } = metadata;
  if (isInForce === undefined) tell(`uncertain: ${name}: ${printable(says)}`, 'bad');
  else if (!isInForce) tell(`error: ${name}: not in force: ${printable(says)}`, 'bad');
  else (form === 'text' ? say : tell)(`${accountName(name)} in force: ${printable(says)}`);
};
