import { describe, expect, test } from 'vitest';
import { conditionOf } from '../../../src/core/conditions.ts';
import { decidePlatform, firstCountsAt, nextCountsAt, type Counts } from '../../../src/core/platform.ts';
import { at, hours, now, platform } from './given.ts';
import { after, counts, inShort, viewOf } from './platform-view.ts';

describe('accounts, written at most every 10 s', () => {
  const others: Counts = { ...counts, total: 7, off: 2 };
  const nobody: Counts = { total: 0, enforced: 0, enrolling: 0, suspended: 0, locked: 0, off: 0, blocked: 0 };

  test('at first at once', () => {
    expect(after(viewOf(platform())).status.accounts).toEqual(counts);
  });
  test('written lately: the old ones stay, and are looked at again when 10 s are over', () => {
    const view = viewOf(after(viewOf(platform())), { counts: others, countsDueAt: now + 10_000 });
    expect(after(view, now + 9_999).status.accounts).toEqual(counts);
    expect(inShort(view, now + 9_999).requeueAt).toBe('2026-11-25T12:00:10Z');
  });
  test('10 s later they are new', () => {
    const view = viewOf(after(viewOf(platform())), { counts: others, countsDueAt: now + 10_000 });
    expect(after(view, now + 10_000).status.accounts).toEqual(others);
    expect(inShort(view, now + 10_000).requeueAt).toBeUndefined();
  });
  test('unchanged, nothing is due', () => {
    const view = viewOf(after(viewOf(platform())), { countsDueAt: now + 10_000 });
    expect(inShort(view, now + 1)).toMatchObject({ requeueAt: undefined, events: [] });
  });
  test('another condition is written at once, with the old ones', () => {
    const facts = { ...after(viewOf(platform({ reset: { requestedAt: hours(1) } }))) };
    const view = viewOf(facts, { counts: others, countsDueAt: at(hours(1)) + 9_000 });
    const { status } = decidePlatform(view, at(hours(1)));
    expect(status.accounts).toEqual(counts);
    expect(conditionOf(status, 'Ready')?.message).toContain('every seed minted before');
  });

  test.each([
    { says: 'none is shown yet: at once', shown: undefined, wants: now },
    { says: 'no account was counted: its first accounts come together', shown: nobody, wants: now + 1_000 },
    { says: 'other accounts were counted: at once', shown: others, wants: now },
  ])('where nothing was written lately, and $says', ({ shown, wants }) => {
    expect(firstCountsAt(shown, counts, now)).toBe(wants);
  });
  test('of nobody, and of nobody before: nothing is due', () => {
    expect(firstCountsAt(nobody, nobody, now)).toBe(now);
  });
  test('the next ten seconds later, but after those of nobody as soon as there is somebody', () => {
    expect([nextCountsAt(counts, now), nextCountsAt(nobody, now)]).toEqual([now + 10_000, undefined]);
  });
});
