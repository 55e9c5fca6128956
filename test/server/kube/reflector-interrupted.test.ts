// @module-tag seed-safety
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { reflectorStage } from './reflector-stage.ts';
import { statusBody } from './requests.ts';
import { fasterClock } from './watched.ts';

const stage = reflectorStage();

describe('the first reading', () => {
  it('is one request, that goes on as a watch', async () => {
    const opened = await stage.watching();
    await stage.world.put(stage.space, 'a', '2');
    await opened.tells('+a=2');
    expect(stage.asked()).toEqual(['read now']);
    expect(opened.reflector.status()).toMatchObject({ synced: true, lists: 1, watches: 1, size: 2 });
  });

  it('cut before its end begins anew', async () => {
    stage.onWatch(1, { do: 'cut', afterEvents: 1 });
    await stage.watching();
    expect(stage.asked()).toEqual(['read now', 'read now']);
  });

  it('whose end never comes is not believed, and begins anew after a silence', async () => {
    stage.onWatch(1, { do: 'drop-events', drop: (line) => line.includes('initial-events-end') });
    const opened = stage.watch({ clock: fasterClock(50) });
    await expect.poll(() => opened.told).toEqual(['+a=1', '+b=1']);
    expect(opened.reflector.status().synced).toBe(false);
    await opened.tells('+a=1', '+b=1', 'synced');
    expect(stage.asked()).toEqual(['read now', 'read now']);
  });
});

describe('a watch goes on from where it was, without a new list, after it was', () => {
  it('ended by the server: nothing is asked between', async () => {
    stage.onWatch(1, { do: 'cut', afterEvents: 3, clean: true });
    const opened = await stage.watching();
    await stage.world.put(stage.space, 'a', '2');
    await opened.tells('+a=2');
    await stage.world.put(stage.space, 'b', '2');
    await opened.tells('+b=2');
    expect(stage.asked()).toEqual(['read now', 'watch on']);
    expect(opened.reflector.status()).toMatchObject({ lists: 1, watches: 2, synced: true });
  });

  it.each([
    ['between two events', { do: 'cut', afterEvents: 1 }],
    ['in the middle of one', { do: 'cut', afterEvents: 1, midLine: true }],
  ] as const)('cut %s: storage is asked first whether it is still there', async (_where, act) => {
    const opened = await stage.watching();
    stage.interrupt(act);
    await stage.world.put(stage.space, 'a', '2');
    await opened.tells('+a=2');
    await stage.world.put(stage.space, 'b', 'ü€😀');
    await opened.tells('+b=ü€😀');
    expect(stage.asked()).toEqual(['check', 'watch on', 'check', 'watch on']);
    expect(opened.reflector.status()).toMatchObject({ lists: 1, synced: true });
  });

  it.each([
    ['429 with Retry-After', 429, { 'retry-after': '1' }, statusBody(429, 'TooManyRequests')],
    ['500', 500, {}, statusBody(500, 'InternalError')],
    ['503 in HTML', 503, {}, '<html>down</html>'],
    ['HTML with 200', 200, {}, '<html>hello</html>\n'],
    ['an event of another shape', 200, {}, '{"type":"ADDED","object":{"kind":"Surprise"}}\n'],
    ['an ERROR of 500', 200, {}, `{"type":"ERROR","object":${statusBody(500, 'InternalError')}}\n`],
    ['an ERROR that is none', 200, {}, '{"type":"ERROR","object":"?"}\n'],
  ])('answered by %s', async (_what, status, headers, body) => {
    const opened = await stage.watching();
    const atMs = performance.now();
    stage.interrupt({ do: 'respond', status, headers, body });
    await stage.world.put(stage.space, 'b', '2');
    await opened.tells('+b=2');
    // What says 5xx may be another server by the next time.
    const between = status >= 500 || body.includes('500') ? ['check'] : [];
    expect(stage.asked()).toEqual(['check', 'watch on', ...between, 'watch on']);
    if (status === 429) expect(performance.now() - atMs).toBeGreaterThan(1_000);
  });

  it('ended at once, over and over: ever more seldom', async () => {
    const opened = await stage.watching();
    stage.interrupt(...Array.from({ length: 4 }, () => ({ do: 'cut', afterEvents: 0, clean: true }) as const));
    await stage.world.put(stage.space, 'b', '2');
    const atMs = performance.now();
    await opened.tells('+b=2');
    expect(performance.now() - atMs).toBeGreaterThan(1_400);
    expect(stage.asked().filter((what) => what !== 'watch on')).toEqual(['check']);
  });
});

describe('what may have become another storage meanwhile is read anew, and only what changed is told, after', () => {
  it('a connection that says nothing for a hundred seconds: it is half open', async () => {
    const opened = await stage.watching({ clock: fasterClock(50) });
    stage.interrupt({ do: 'stall', afterEvents: 0 });
    await stage.world.put(stage.space, 'b', '2');
    await opened.tells('+b=2', 'synced');
    expect(stage.asked()).toEqual(['check', 'watch on', 'read not older']);
  });

  it('a server that is not reached', async () => {
    const opened = await stage.watching();
    stage.interrupt({ do: 'drop-before' });
    await stage.world.put(stage.space, 'b', '2');
    await opened.tells('+b=2', 'synced');
    expect(stage.asked()).toEqual(['check', 'watch on', 'read not older']);
  });
});

describe('a version that is too old', () => {
  it.each([
    ['at the start of a watch', { status: 410, body: statusBody(410, 'Expired') }],
    ['in the middle of one', { status: 200, body: `{"type":"ERROR","object":${statusBody(410, 'Expired')}}\n` }],
  ])('%s is read anew, and what vanished meanwhile is told', async (_where, answer) => {
    const opened = await stage.watching();
    stage.interrupt({ do: 'respond', ...answer }, { do: 'delay', ms: 300 });
    await stage.world.remove(stage.space, 'b');
    await opened.tells('-b', 'synced');
    expect(stage.asked()).toEqual(['check', 'watch on', 'read not older']);
    expect(opened.reflector.status()).toMatchObject({ lists: 2, size: 1 });
  });

  it('that even a reading "not older than" is refused for is given up', async () => {
    const opened = await stage.watching();
    const gone = { do: 'respond', status: 410, body: statusBody(410, 'Expired') } as const;
    stage.interrupt(gone, gone);
    await opened.tells('synced');
    expect(stage.asked()).toEqual(['check', 'watch on', 'read not older', 'read now']);
  });

  it('whose new reading is cut throws nothing away that is known', async () => {
    const opened = await stage.watching();
    const gone = { do: 'respond', status: 410, body: statusBody(410, 'Expired') } as const;
    stage.interrupt(gone, { do: 'cut', afterEvents: 1 }, { do: 'cut', afterEvents: 0 });
    await wait(100);
    expect(Object.fromEntries(opened.known)).toEqual({ a: '1', b: '1' });
    await opened.tells('synced');
    expect(stage.asked()).toEqual(['check', 'watch on', ...Array<string>(3).fill('read not older')]);
  });
});
