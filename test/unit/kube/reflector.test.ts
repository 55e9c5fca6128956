import { describe, expect, it } from 'vitest';
import { type FakeStream, status } from './fake-server.ts';
import { asked, describeRequest, reflectorFixture } from './reflector-fixture.ts';
import { added, bookmark, deleted, initialEnd, modified, page, thing } from './reflector-world.ts';
import { settle } from './virtual-clock.ts';

const { open, watching } = reflectorFixture();

describe('the first reading', () => {
  it('streams the initial set by a consistent read', async () => {
    const { server, reflector, news } = open({ namespace: 'ns', fieldSelector: 'type=x', metadataOnly: true });
    server.watch().tell(added('a', '5', 'hello'), initialEnd('10'));
    reflector.start();
    await settle();
    expect(news()).toEqual(['ns/a@5 hello', 'synced@10']);
    expect(server.requests[0]?.path).toMatch(/^\/apis\/example.io\/v1\/namespaces\/ns\/things\?/);
    expect(server.query).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      fieldSelector: 'type=x',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      timeoutSeconds: '300',
    });
    expect(server.requests[0]?.headers['accept']).toContain('as=PartialObjectMetadata;');
  });

  it('is not synced before the bookmark that ends the initial set', async () => {
    const { server, reflector, news } = open();
    const stream = server.watch().tell(added('a', '5'), bookmark('9'));
    reflector.start();
    await settle();
    expect(reflector.status().synced).toBe(false);
    stream.tell(initialEnd('10'));
    await settle();
    expect(reflector.status()).toMatchObject({ synced: true, size: 1, lists: 1 });
    expect(news()).toEqual(['ns/a@5', 'synced@10']);
  });

  it('begins anew when cut before it, and never resumes from an initial event', async () => {
    const { server, reflector, clock, news } = open();
    server.watch().tell(added('a', '5'), added('b', '6')).cut();
    server.watch().tell(added('b', '6'), initialEnd('12'));
    reflector.start();
    await clock.advance(1_000);
    expect(server.query['resourceVersion']).toBeUndefined();
    expect(news()).toEqual(['ns/a@5', 'ns/b@6', '-ns/a', 'synced@12']);
  });

  it('goes page by page where the server does not stream it', async () => {
    const { server, reflector, news } = open();
    server
      .watch(422)
      .raw(JSON.stringify(status(422, 'Invalid')))
      .end();
    server.answer(200, page('10', [thing('a', '5')], 'more')).answer(200, page('10', [thing('b', '6')]));
    reflector.start();
    await settle();
    expect(news()).toEqual(['ns/a@5', 'ns/b@6', 'synced@10']);
    expect(server.requests.map(({ path }) => path.replace(/timeoutSeconds=\d+/, ''))).toEqual([
      expect.stringContaining('sendInitialEvents=true'),
      '/apis/example.io/v1/things?limit=500',
      '/apis/example.io/v1/things?limit=500&continue=more',
      expect.stringContaining('watch=true&allowWatchBookmarks=true&resourceVersion=10'),
    ]);
  });

  it('prunes nothing with an inconsistent continue token, but reads the pages again', async () => {
    const { server, reflector, clock, news } = open();
    server
      .watch(400)
      .raw(JSON.stringify(status(400, 'BadRequest')))
      .end();
    server.answer(200, page('10', [thing('a', '5')], 'more'));
    server.answer(410, { ...status(410, 'Expired'), metadata: { continue: 'inconsistent' } });
    server.answer(200, page('20', [thing('b', '6')]));
    reflector.start();
    await clock.advance(1_000);
    expect(server.requests.filter(({ path }) => path.includes('inconsistent'))).toEqual([]);
    expect(news()).toEqual(['ns/a@5', 'ns/b@6', '-ns/a', 'synced@20']);
  });
});

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

const refusals: readonly (readonly [string, number, unknown, string])[] = [
  ['401: the transport has read the credentials again', 401, status(401, 'Unauthorized'), 'watch from 10'],
  ['403', 403, status(403, 'Forbidden'), 'watch from 10'],
  ['429', 429, status(429, 'TooManyRequests', { details: { retryAfterSeconds: 3 } }), 'watch from 10'],
  ['500', 500, status(500, 'InternalError'), 'check'],
  ['503 in HTML', 503, '<html>', 'check'],
  ['410', 410, status(410, 'Expired'), 'read not older than 10'],
  ['404 in plain text: no such group', 404, '404 page not found', 'read now'],
  ['404 as a Status', 404, status(404, 'NotFound'), 'read now'],
];

describe('a watch that is refused with', () => {
  it.each(refusals)('%s is tried again, longer and longer apart', async (_what, code, body, next) => {
    const { stream, server, clock, news, reflector } = await watching();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    for (let round = 0; round < 20; round++) server.watch(code).raw(text).end();
    server.respond = () => ({ status: 200, body: page('10', [thing('b', '6')]) });
    server.requests.length = 0;
    stream.end();
    await clock.advance(60_000);
    expect(describeRequest(server.requests[1]?.path ?? '')).toBe(next);
    const attempts = server.requests.filter(({ path }) => describeRequest(path) !== 'check').length;
    expect(attempts).toBeGreaterThan(5);
    expect(attempts).toBeLessThan(12);
    expect(reflector.status()).toMatchObject({ size: 2, failingSinceMs: 0 });
    expect(news()).toEqual([]);
  });

  it('403 is logged once, and once when it is over', async () => {
    const { stream, server, clock, logged } = await watching();
    for (let round = 0; round < 4; round++)
      server
        .watch(403)
        .raw(JSON.stringify(status(403, 'Forbidden')))
        .end();
    server.watch().tell(bookmark('12'));
    stream.end();
    await clock.advance(10_000);
    expect(logged.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: watch interrupted',
      'info: watch goes on',
    ]);
  });

  it('429 waits for as long as the server says', async () => {
    const { stream, server, clock } = await watching();
    server
      .watch(429, { 'retry-after': '32' })
      .raw(JSON.stringify(status(429, 'TooManyRequests')))
      .end();
    stream.end();
    server.requests.length = 0;
    await clock.advance(32_000);
    expect(server.requests).toHaveLength(1);
    await clock.advance(1_000);
    expect(server.requests).toHaveLength(2);
  });
});

describe('a version that the server does not have any more', () => {
  it('is given up for a consistent read if "not older than" is refused too', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell({ type: 'ERROR', object: status(410, 'Expired') });
    server
      .watch(410)
      .raw(JSON.stringify(status(410, 'Expired')))
      .end();
    server.watch().tell(added('b', '6'), added('c', '30'), initialEnd('40'));
    await clock.advance(5_000);
    expect(describeRequest(server.requests.at(-1)?.path ?? '')).toBe('read now');
    expect(news()).toEqual(['ns/c@30', '-ns/a', 'synced@40']);
  });

  it('nor has yet (504 ResourceVersionTooLarge) is given up too', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell({ type: 'ERROR', object: status(410, 'Expired') });
    const tooLarge = status(504, 'Timeout', { details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } });
    server.watch().tell({ type: 'ERROR', object: tooLarge });
    server.watch().tell(added('a', '5'), added('b', '6'), initialEnd('40'));
    await clock.advance(5_000);
    expect(describeRequest(server.requests.at(-1)?.path ?? '')).toBe('read now');
    expect(news()).toEqual(['synced@40']);
  });
});

describe('a CRD that is gone', () => {
  it('keeps what is known, says so, and is read anew when it is back', async () => {
    const { stream, server, clock, news, reflector } = await watching();
    for (let round = 0; round < 3; round++) server.watch(404).raw('404 page not found\n').end();
    stream.end();
    await clock.advance(600);
    expect(reflector.status()).toMatchObject({ synced: false, crdMissing: true, size: 2 });
    server.watch().tell(added('a', '50'), initialEnd('60'));
    await clock.advance(10_000);
    expect(reflector.status()).toMatchObject({ synced: true, crdMissing: false });
    expect(news()).toEqual(['ns/a@50', '-ns/b', 'synced@60']);
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

  it('before the initial set is whole makes it begin anew', async () => {
    const { server, reflector, clock } = open();
    server.watch().tell(added('a', '5'));
    reflector.start();
    await clock.advance(101_000);
    expect(asked(server)).toEqual(['read now', 'read now']);
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
