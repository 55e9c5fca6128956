import { hourMs } from '../../api/instants.ts';
import { type Key, KeyError, type KeyPurpose, type KeyRing } from './keys.ts';

/**
 * A key makes nothing before its file is so old: until then another replica may lack the file (a kubelet brings it within
 * two minutes, and it is read within half a minute), or a relying party's copy of our public keys may.
 */
const knownEverywhereMs = 600_000;

/**
 * Whether the date in a key's name is yet to come (it begins at 00:00 UTC). Such a key makes nothing where
 * there is another: it would go on doing so past every key that is added meanwhile, as the newest by name.
 */
export const isToCome = ({ kid }: Key, nowMs: number): boolean =>
  Date.parse(/\d{4}-\d\d-\d\d/.exec(kid)?.[0] ?? '') > nowMs;

/** A key that was added on its day, wherever that begins, is known everywhere two days later. */
const oldDayMs = 48 * hourMs;

/**
 * The newest is active whose date has come and that is known everywhere. Without such a one, the first of days to come that is:
 * a date by another clock must keep nobody out. Where all files are new, as in a new pod, the dates say which is old, or the one
 * before the newest is known best.
 *
 * @param keys newest first
 */
export const ringOf = <K extends Key>(
  purpose: KeyPurpose,
  keys: readonly { readonly key: K; readonly ageMs: number }[],
  nowMs: number,
): KeyRing<K> => {
  const all = keys.map(({ key }) => key);
  const come = keys.filter(({ key }) => !isToCome(key, nowMs));
  const isOfOldDay = ({ key }: { readonly key: Key }): boolean => !isToCome(key, nowMs - oldDayMs);
  const isKnown = ({ ageMs }: { readonly ageMs: number }): boolean => ageMs >= knownEverywhereMs;
  const { key: active } =
    come.find(isKnown) ?? keys.findLast(isKnown) ?? come.find(isOfOldDay) ?? come[1] ?? come[0] ?? keys.at(-1) ?? {};
  if (!active) throw new KeyError(`no key for ${purpose}: a file ${purpose}-DATE is missing`);
  return { active, all };
};
