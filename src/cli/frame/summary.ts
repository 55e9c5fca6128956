import { tell } from './terminal.ts';

interface Ended {
  readonly kind: 'done' | 'nothing' | 'failed' | 'owned' | 'uncertain';
}

/**
 * How many ended how; after Ctrl-C also which were not begun. What became of a single one is told already.
 *
 * @param done what became of those that are done
 */
export const tellSummary = (
  done: string,
  ended: readonly Ended[],
  notBegun: readonly string[],
  isInterrupted: boolean,
): void => {
  const total = ended.length + notBegun.length;
  if (total < 2) return;
  const count = (...kinds: Ended['kind'][]): number => ended.filter(({ kind }) => kinds.includes(kind)).length;
  const uncertain = count('uncertain');
  const parts = [
    `${count('done')} ${done}`,
    `${count('nothing')} unchanged`,
    `${count('failed', 'owned')} failed`,
    ...(uncertain > 0 ? [`${uncertain} uncertain`] : []),
    ...(isInterrupted ? [`${notBegun.length} not begun`] : []),
  ];
  const summary = `${parts.join(', ')}, of ${total}`;
  tell(isInterrupted ? `Interrupted: ${summary}` : summary, isInterrupted ? 'attention' : 'plain');
  if (notBegun.length > 0) tell('Not begun:');
  for (const name of notBegun) tell(`  ${name}`);
};
