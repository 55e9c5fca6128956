/** How many letters must be added, dropped or changed (Levenshtein's distance). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

interface Near {
  readonly candidate: string;
  /** What was typed is its beginning. */
  readonly isBegun: boolean;
  readonly far: number;
}

const byNearness = (a: Near, b: Near): number =>
  Number(b.isBegun) - Number(a.isBegun) || a.far - b.far || (a.candidate < b.candidate ? -1 : 1);

/**
 * The few candidates that somebody may have meant, the nearest first: those that begin so, then those with a slip in three
 * letters at most.
 */
export const nearest = (word: string, candidates: Iterable<string>, most = 3): readonly string[] => {
  const wanted = word.toLowerCase();
  if (wanted === '') return [];
  const limit = Math.max(1, Math.min(3, Math.floor(wanted.length / 3)));
  const near: Near[] = [];
  for (const candidate of new Set(candidates)) {
    const isBegun = candidate.toLowerCase().startsWith(wanted);
    if (!isBegun && Math.abs(candidate.length - wanted.length) > limit) continue;
    const far = distance(wanted, candidate.toLowerCase());
    if (isBegun || far <= limit) near.push({ candidate, isBegun, far });
  }
  return near
    .toSorted(byNearness)
    .slice(0, most)
    .map(({ candidate }) => candidate);
};
