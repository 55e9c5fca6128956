import { describe, expect, it } from 'vitest';
import { type FakeStream, status } from './fake-server.ts';
import { asked, reflectorFixture } from './reflector-fixture.ts';
import { added, bookmark, deleted, modified, page, thing } from './reflector-world.ts';
import { settle } from './virtual-clock.ts';

const { watching } = reflectorFixture();

describe('while watching', () => {
  it('tells what changes, once, whatever is repeated or out of order', async () => {
    const { stream, news } = await watching();
    stream.tell(modified('a', '11'), modified('a', '11'), modified('b', '13'), modified('a', '12'), modified('a', '9'));
    stream.tell(deleted('b', '14'), added('b', '6'), modified('b', '13'), added('b', '15'));
    await settle();
    expect(news()).toEqual(['ns/a@11', 'ns/b@13', 'ns/a@12', '-ns/b@14', 'ns/b@15']);
  });

  it('reads lines and characters that are split anywhere', async () => {
    const { stream, news } = await watching();
    for (const byte of Buffer.from(`${JSON.stringify(modified('a', '11', 'ü€😀'))}\n`)) stream.raw(Uint8Array.of(byte));
    await settle();
    expect(news()).toEqual(['ns/a@11 ü€😀']);
  });

  it('goes on when a handler or a projection throws', async () => {
    const { stream, told, logged } = await watching({
      project: (object) => {
        if (object.spec?.text === 'bad') throw new Error('cannot project');
        return '';
      },
    });
    stream.tell(modified('a', '11', 'bad'), modified('b', '12'));
    await settle();
    expect(told).toEqual(['ns/b@12']);
    expect(logged).toEqual([
      { level: 'error', fields: { key: 'ns/a', error: 'cannot project' }, message: 'a handler failed' },
    ]);
  });

  it('stops for good when told to', async () => {
    const { stream, reflector, news } = await watching();
    await reflector.stop();
    stream.tell(modified('a', '11'));
    await settle();
    expect(stream.closed).toBe(true);
    expect(news()).toEqual([]);
  });
});

/** Each ends the first watch after an event at 11, and says what the next two requests are. */
const resuming: readonly (readonly [string, (stream: FakeStream) => void, string[]])[] = [
  ['a clean end', (s) => s.end(), ['watch from 11']],
  ['a cut, after making sure that storage is not behind', (s) => s.cut(), ['check', 'watch from 11']],
  ['a line broken off', (s) => s.raw('{"type":"MODI').end(), ['check', 'watch from 11']],
  ['malformed JSON', (s) => s.tell('{"type":'), ['watch from 11']],
  ['a page of HTML', (s) => s.tell('<html>'), ['watch from 11']],
  ['an object of another shape', (s) => s.tell({ type: 'ADDED', object: { kind: 'Status' } }), ['watch from 11']],
  ['an event of no known type', (s) => s.tell({ type: 'WHATEVER', object: thing('a', '12') }), ['watch from 11']],
  ['an ERROR with 429', (s) => s.tell({ type: 'ERROR', object: status(429, 'TooManyRequests') }), ['watch from 11']],
  [
    'an ERROR with 500',
    (s) => s.tell({ type: 'ERROR', object: status(500, 'InternalError') }),
    ['check', 'watch from 11'],
  ],
  ['an ERROR that is none', (s) => s.tell({ type: 'ERROR', object: 'x' }), ['watch from 11']],
  [
    'an ERROR with 410, from the latest version if it can',
    (s) => s.tell({ type: 'ERROR', object: status(410, 'Expired') }),
    ['read not older than 11'],
  ],
];

describe('a watch goes on, without a new reading, after', () => {
  it.each(resuming)('%s', async (_what, end, expected) => {
    const { stream, server, clock, news } = await watching();
    stream.tell(modified('a', '11'));
    server.respond = () => ({ status: 200, body: page('11', [thing('a', '11')]) });
    server.requests.length = 0;
    end(stream);
    await clock.advance(10_000);
    expect(asked(server)).toEqual(expected);
    expect(news()).toEqual(['ns/a@11']);
  });
});

describe('silence', () => {
  it('of a hundred seconds is a dead connection; bookmarks are enough to live on', async () => {
    const { stream, server, clock } = await watching();
    for (const version of ['11', '12', '13']) {
      await clock.advance(60_000);
      stream.tell(bookmark(version));
      await settle();
    }
    expect(stream.closed).toBe(false);
    server.requests.length = 0;
    await clock.advance(99_000);
    expect(server.requests).toEqual([]);
    await clock.advance(2_000);
    expect(stream.closed).toBe(true);
    // Long enough for another storage to have come up, and further: only what there is tells.
    expect(asked(server)).toEqual(['read not older than 13']);
  });
});

describe('very short watches', () => {
  it('back off', async () => {
    const { stream, server, clock } = await watching();
    for (let round = 0; round < 100; round++) server.watch().end();
    stream.end();
    server.requests.length = 0;
    await clock.advance(10_000);
    expect(server.requests.length).toBeLessThan(8);
  });

  it('with events do not', async () => {
    const { stream, server, clock } = await watching();
    for (let round = 0; round < 20; round++)
      server
        .watch()
        .tell(modified('a', String(20 + round)))
        .end();
    stream.end();
    server.requests.length = 0;
    await clock.advance(0);
    expect(server.requests).toHaveLength(21);
  });
});
