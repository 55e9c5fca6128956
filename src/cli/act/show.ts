import { accountName, type Account } from '../cluster/objects.ts';
import { byReason, lineOf, type AccountOutcome } from '../frame/by-reason.ts';
import type { ActForm } from '../frame/choices.ts';
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

const tellTaken = (ended: readonly AccountResult[]): void => {
  const managers = [...new Set(ended.flatMap((done) => (done.kind === 'done' ? done.tookFrom : [])))];
  if (managers.length === 0) return;
  tell(
    `Taken from ${managers.join(' and ')}: if that is a GitOps tool, its next sync puts back what Git says, or stops at ` +
      'a conflict. Commit the same change (--print shows it).',
    'attention',
  );
};

/** What belongs to somebody else, as it would be committed there. */
const tellOwned = async (ended: readonly AccountResult[], form: ActForm): Promise<void> => {
  const owned = ended.filter((done) => done.kind === 'owned');
  if (owned.length === 0) return;
  const { commitYaml } = await import('./commit.ts');
  const yaml = commitYaml(owned.map(({ account, changes }) => [account, changes] as const)).trimEnd();
  if (form === 'text') say(yaml);
  else tell(yaml);
};

/** For people by reason; beside output for machines each account has a line of its own. */
const tellEach = (told: readonly AccountOutcome[], prefix: string, form: ActForm): void => {
  const lines = form === 'text' ? byReason(told, '; each with -o name') : told.map(lineOf);
  for (const line of lines) tell(`${prefix}${line}`, prefix === '' ? 'plain' : 'bad');
};

/** What became of those that are not as they were asked to be. */
export const tellEnd = async (ended: readonly AccountResult[], form: ActForm): Promise<void> => {
  const told = (...kinds: AccountResult['kind'][]): readonly AccountOutcome[] =>
    ended
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ account: { metadata }, says }) => ({ name: metadata.name, says }));
  tellTaken(ended);
  tellEach(told('nothing'), '', form);
  tellEach(told('failed', 'owned'), 'error: ', form);
  tellEach(told('uncertain'), 'uncertain: ', form);
  await tellOwned(ended, form);
};

/** What became of the requests that were waited for. */
export const tellWaitResults = (results: ReadonlyMap<Account, WaitResult>, form: ActForm): void => {
  const [not, unknown]: [AccountOutcome[], AccountOutcome[]] = [[], []];
  for (const [{ metadata }, { isInForce, says }] of results) {
    const { name } = metadata;
    if (isInForce) (form === 'text' ? say : tell)(`${accountName(name)} in force: ${printable(says)}`);
    else if (isInForce === undefined) unknown.push({ name, says });
    else not.push({ name, says: `not in force: ${says}` });
  }
  tellEach(not, 'error: ', form);
  tellEach(unknown, 'uncertain: ', form);
};
