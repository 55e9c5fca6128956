import { getHeapStatistics } from 'node:v8';

/** The memory that V8 manages for this process. */
export interface Heap {
  /** What V8 holds, used or not. */
  sizeBytes(): number;
  /** Collects all garbage and gives the room back; takes some 4 ms for each megabyte in use, during which nothing else runs. */
  shrink(): void;
}

const { gc } = globalThis;

/** Only Node's flag --expose-gc lets a program do this; without it V8 keeps what a rush made its heap grow to. */
export const systemHeap: Heap | undefined = gc && {
  sizeBytes: () => getHeapStatistics().total_heap_size,
  shrink: () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
};
