import { parseSeconds } from '../../api/instants.ts';
import type { Clock } from '../../host/clock.ts';
import { keyOf } from '../../kube/client/resource.ts';
import type { Account } from '../cluster/objects.ts';
import { rowOf, type AccountRow } from './account-rows.ts';

interface FeedOptions {
  /** As the API server has it. */
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly isWanted: (account: Account) => boolean;
  readonly print: (rows: readonly AccountRow[]) => void;
}

/** An account that was printed. */
interface Printed {
  /** What its login meets. */
  readonly text: string;
  /** It is looked at again when that ends by itself, whether or not an operator is alive to say so. */
  readonly cancel: () => void;
}

/** Prints all accounts together once they are known, then each whose login meets something else. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #printed = new Map<string, Printed>();
  #first: AccountRow[] | undefined = [];

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** One that is no longer wanted is printed a last time: what it has become is what was waited for. */
  see(account: Account): void {
    const { isWanted } = this.#options;
    const key = keyOf(account.metadata);
    const printed = this.#printed.get(key);
    if (!printed && !isWanted(account)) return;
    const row = this.#look(key, account);
    if (printed?.text !== this.#printed.get(key)?.text) this.#tell(row);
    if (!isWanted(account)) this.forget(key);
  }

  forget(key: string): void {
    this.#printed.get(key)?.cancel();
    this.#printed.delete(key);
  }

  flush(): void {
    const rows = this.#first ?? [];
    this.#first = undefined;
    if (rows.length > 0) this.#options.print(rows);
  }

  stop(): void {
    for (const key of [...this.#printed.keys()]) this.forget(key);
  }

  #look(key: string, account: Account): AccountRow {
    const { clock } = this.#options;
    this.#printed.get(key)?.cancel();
    const now = clock.now();
    const row = rowOf(account, now);
    const until = parseSeconds(row.meets.until ?? '');
    const cancel = until === undefined || until <= now ? () => {} : clock.after(until - now, () => this.see(account));
    this.#printed.set(key, { text: JSON.stringify(row.meets), cancel });
    return row;
  }

  #tell(row: AccountRow): void {
    if (this.#first) this.#first.push(row);
    else this.#options.print([row]);
  }
}
