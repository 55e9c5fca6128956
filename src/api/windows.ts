import { formatSeconds, parseSeconds, type Instant } from './instants.ts';

/** A half-open span of time: `from` belongs to it, `until` no longer does. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

export const contains = (window: Window, now: Instant): boolean => window.from <= now && now < window.until;

/** Reads the annotation `suspended`: ISO 8601 intervals `from/until`, a space between two. Undefined if one is not. */
export const parseWindows = (text: string): readonly Window[] | undefined => {
  const windows: Window[] = [];
  for (const interval of text.split(' ')) {
    const [from, until, ...more] = interval.split('/').map(parseSeconds);
    if (from === undefined || until === undefined || more.length > 0 || from >= until) return undefined;
    windows.push({ from, until });
  }
  return windows;
};

/** Writes the annotation `suspended`; undefined where there is no window to write. */
export const formatWindows = (windows: readonly Window[]): string | undefined =>
  windows.length === 0
    ? undefined
    : windows.map(({ from, until }) => `${formatSeconds(from)}/${formatSeconds(until)}`).join(' ');

/** The same instants as the given windows, in order, overlapping and touching ones joined. */
export const joinWindows = (windows: readonly Window[]): readonly Window[] => {
  const joined: Window[] = [];
  for (const window of windows.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && window.from <= last.until) {
      joined[joined.length - 1] = { from: last.from, until: Math.max(last.until, window.until) };
    } else joined.push(window);
  }
  return joined;
};

/** The instants that lie in one of the windows and in `limit`. */
export const clipWindows = (windows: readonly Window[], limit: Window): readonly Window[] =>
  windows
    .map(({ from, until }) => ({ from: Math.max(from, limit.from), until: Math.min(until, limit.until) }))
    .filter(({ from, until }) => from < until);
