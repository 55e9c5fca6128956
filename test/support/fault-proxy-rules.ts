import type { LoggedRequest } from './fault-proxy-log.ts';

/** What happens to the lines of a watch. `atEvent` counts object events from 1. */
export type StreamAct =
  /** The connection is lost after so many events; `midLine` in the middle of the next one. `clean` is a proper end. */
  | { readonly do: 'cut'; readonly afterEvents: number; readonly midLine?: boolean; readonly clean?: boolean }
  /** Nothing comes any more after so many events, and the connection stays. */
  | { readonly do: 'stall'; readonly afterEvents: number }
  /** Nothing comes until `release()`; with `lastOnly`, then only the last event of each object. */
  | { readonly do: 'hold-events'; readonly lastOnly?: boolean }
  /** After so many events they come again, in their order. */
  | { readonly do: 'replay-events'; readonly atEvent: number }
  /** This event and the next change places. */
  | { readonly do: 'swap-events'; readonly atEvent: number }
  /** Every event comes twice. */
  | { readonly do: 'dup' }
  /** Every byte comes in a piece of its own. */
  | { readonly do: 'split' }
  /** Lines that `drop` picks never come. */
  | { readonly do: 'drop-events'; readonly drop: (line: string) => boolean };

export type RequestAct =
  | { readonly do: 'pass' }
  /** Answers itself; with `afterForwarding`, the API server has done it all the same. */
  | {
      readonly do: 'respond';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly afterForwarding?: boolean;
    }
  /** The connection is lost before the API server got the request. */
  | { readonly do: 'drop-before' }
  /** The API server has done it, and the answer is lost; `run` is what happens at that moment. */
  | { readonly do: 'drop-after'; readonly run?: () => void }
  | { readonly do: 'delay'; readonly ms: number }
  /** No answer ever comes, and the connection stays. */
  | { readonly do: 'stall' }
  /** Something happens first: a second writer, a killed process. */
  | { readonly do: 'hook'; readonly run: (request: LoggedRequest) => Promise<void> };

export type Act = RequestAct | StreamAct;

export interface Rule {
  readonly method?: string;
  /** Matched against the path with its query. */
  readonly path: RegExp;
  /** What else must be so: a creation has the name in its body only. */
  readonly when?: (request: LoggedRequest) => boolean;
  /** Only the nth match, from 1. Absent: every one. */
  readonly nth?: number;
  readonly act: Act;
}

/** A rule at work. */
export interface ActiveRule {
  /** Requests that matched, whether or not their turn had come. */
  matches(): number;
  /** Lets held events go. */
  release(): void;
  remove(): void;
}

export class RuleBook {
  readonly #rules: {
    readonly rule: Rule;
    matches: number;
    readonly released: Promise<unknown>;
    readonly release: () => void;
  }[] = [];

  add(rule: Rule): ActiveRule {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const release = (): void => resolve(undefined);
    const entry = { rule, matches: 0, released: promise, release };
    this.#rules.push(entry);
    return {
      matches: () => entry.matches,
      release,
      remove: () => {
        release();
        const place = this.#rules.indexOf(entry);
        if (place >= 0) this.#rules.splice(place, 1);
      },
    };
  }

  clear(): void {
    for (const { release } of this.#rules.splice(0)) release();
  }

  /** The act of the first rule whose turn it is. Each rule counts every request that it matches, also one that another acts on. */
  actFor(request: LoggedRequest): { readonly act: Act; readonly released: Promise<unknown> } {
    const matching = this.#rules.filter(({ rule }) => matches(rule, request));
    for (const entry of matching) entry.matches += 1;
    const turn = matching.find(({ rule, matches }) => rule.nth === undefined || rule.nth === matches);
    return turn
      ? { act: turn.rule.act, released: turn.released }
      : { act: { do: 'pass' }, released: Promise.resolve() };
  }
}

const matches = ({ method, path, when }: Rule, request: LoggedRequest): boolean =>
  (method === undefined || method === request.method) && path.test(request.path) && when?.(request) !== false;
