import { isDeepStrictEqual } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { stringify } from 'yaml';
import { see, seeAll } from './scenario-cluster.ts';
import type { Ref } from './scenario-objects.ts';
import type { Stage } from './scenario-stage.ts';
import { type Seen, type View, viewOf, withoutData } from './scenario-view.ts';

/** What a view must say: a regular expression fits any text that it matches, undefined what is absent. */
export type Expected = Readonly<Record<string, unknown>>;

export interface Patience {
  readonly withinSeconds?: number;
}

export interface Eventually {
  /** Resolves with the view that first fits. One of our kinds must also have been decided at its present generation. */
  shows(expected: Expected, patience?: Patience): Promise<View>;
  isGone(patience?: Patience): Promise<void>;
  /** The reasons of all its Events, in their order. */
  tells(reasons: readonly string[], patience?: Patience): Promise<void>;
}

const pollMs = 150;
const patienceSeconds = 45;

const fits = (actual: unknown, expected: unknown): boolean =>
  expected instanceof RegExp
    ? typeof actual === 'string' && expected.test(actual)
    : isDeepStrictEqual(actual, expected);

const misfits = (view: View, expected: Expected): readonly string[] =>
  Object.keys(expected).filter((key) => !fits(view[key], expected[key]));

const show = (value: unknown): string => (value instanceof RegExp ? String(value) : JSON.stringify(value));

const lines = (text: string): string => text.replaceAll(/^/gm, '    ');

interface Subject {
  readonly stage: Stage;
  readonly namespace: string;
  readonly ref: Ref;
}

/** What was expected, what is there, and what the operator said last. */
const failure = async ({ stage, namespace, ref }: Subject, problem: string): Promise<Error> => {
  const seen = await see(stage.cluster, namespace, ref);
  const events = await eventsOf(stage, namespace, ref);
  return new Error(
    [
      `${ref.kind} ${namespace}/${ref.metadata.name}: ${problem}`,
      `  the object:\n${lines(seen ? stringify(withoutData(seen)) : 'is not there')}`,
      `  its events:\n${lines(events.map(({ reason, note }) => `${reason}: ${note}`).join('\n'))}`,
      `  the operator's last lines about ${namespace}:\n${lines(stage.operator.last(12, namespace))}`,
      `  the operator's last lines:\n${lines(stage.operator.last(8))}`,
    ].join('\n'),
  );
};

/** Looks until `judge` finds nothing wrong. */
const lookUntil = async <T>(
  subject: Subject,
  look: () => Promise<T>,
  judge: (seen: T) => string | undefined,
  { withinSeconds = patienceSeconds }: Patience = {},
): Promise<T> => {
  const deadline = performance.now() + withinSeconds * 1000;
  for (;;) {
    const seen = await look();
    const problem = judge(seen);
    if (problem === undefined) return seen;
    if (performance.now() > deadline) throw await failure(subject, `${problem}\n  not within ${withinSeconds} s`);
    await wait(pollMs);
  }
};

const isDecided = (kind: string): Expected => (kind === 'Secret' ? {} : { current: true });

const judgeView =
  (expected: Expected) =>
  (view: View | undefined): string | undefined => {
    if (!view) return 'expected it to be there';
    const wrong = misfits(view, expected).map((key) => `expected ${key} ${show(expected[key])}, is ${show(view[key])}`);
    return wrong.length === 0 ? undefined : wrong.join('\n  ');
  };

interface Told {
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly kind: string; readonly name: string };
  readonly metadata: { readonly resourceVersion: string };
}

/** An object's Events in the order in which they were recorded. */
export const eventsOf = async (stage: Stage, namespace: string, ref: Ref): Promise<readonly Told[]> => {
  const all = await seeAll<Told>(stage.cluster, namespace, 'Event');
  return all
    .filter(({ regarding }) => regarding.kind === ref.kind && regarding.name === ref.metadata.name)
    .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
};

export const lookAt = async ({ stage, namespace, ref }: Subject): Promise<View | undefined> => {
  const seen: Seen | undefined = await see(stage.cluster, namespace, ref);
  return seen && viewOf(ref.kind, seen);
};

export const eventually = (stage: Stage, namespace: string, ref: Ref): Eventually => {
  const subject = { stage, namespace, ref };
  return {
    shows: async (expected, patience) => {
      const judge = judgeView({ ...isDecided(ref.kind), ...expected });
      const view = await lookUntil(subject, () => lookAt(subject), judge, patience);
      return view ?? {};
    },
    isGone: async (patience) => {
      const judge = (view: View | undefined): string | undefined => view && 'expected it to be gone';
      await lookUntil(subject, () => lookAt(subject), judge, patience);
    },
    tells: async (reasons, patience) => {
      const look = async (): Promise<readonly string[]> =>
        (await eventsOf(stage, namespace, ref)).map(({ reason }) => reason);
      const judge = (told: readonly string[]): string | undefined =>
        isDeepStrictEqual(told, reasons) ? undefined : `expected the events ${show(reasons)}, there are ${show(told)}`;
      await lookUntil(subject, look, judge, patience);
    },
  };
};
