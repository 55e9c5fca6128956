import type { Progress } from './progress.ts';

/** In flight at the same time: more only adds latency (the API server's own floor). */
const concurrency = 32;

/** What became of an item: done, or so already. */
export const endedWell = ({ kind }: { readonly kind: string }): boolean => kind === 'done' || kind === 'nothing';

/**
 * Works through items, several at a time, and tells of each as it ends. Once stopped it begins no other; those begun are
 * finished. Returns the items that were not begun.
 */
export const runMany = async <Item, Answer extends { readonly kind: string }>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
  hooks: { readonly progress: Progress; readonly stopped: AbortSignal; readonly onEnd: (answer: Answer) => void },
): Promise<readonly Item[]> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && !hooks.stopped.aborted) {
      const item = items[next++] as Item;
      const answer = await work(item);
      hooks.onEnd(answer);
      hooks.progress.step(!endedWell(answer));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return items.slice(next);
};
