import { describe, expect, it } from 'vitest';
import { status } from './fake-server.ts';
import { asked, describeRequest, reflectorFixture } from './reflector-fixture.ts';
import { added, bookmark, initialEnd, page, thing } from './reflector-world.ts';

const { open, watching } = reflectorFixture();

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
    for (let round = 0; round < 20; round++) server.refuseWatch(code, body);
    server.respond = () => ({ status: 200, body: page('10', [thing('b', '6')]) });
    server.requests.length = 0;
    stream.end();
    await clock.advance(60_000);
    expect(describeRequest(server.requests[1]?.path ?? '')).toBe(next);
    const attempts = server.requests.filter(({ path }) => describeRequest(path) !== 'check').length;
    expect(attempts).toBeGreaterThan(5);
    expect(attempts).toBeLessThan(12);
    expect(reflector.status()).toMatchObject({ size: 2 });
    expect(news()).toEqual([]);
  });

  it('403 is logged once, and once when it is over', async () => {
    const { stream, server, clock, logged } = await watching();
    for (let round = 0; round < 4; round++) server.refuseWatch(403, status(403, 'Forbidden'));
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
    server.refuseWatch(429, status(429, 'TooManyRequests'), { 'retry-after': '32' });
    stream.end();
    server.requests.length = 0;
    await clock.advance(32_000);
    expect(server.requests).toHaveLength(1);
    await clock.advance(1_000);
    expect(server.requests).toHaveLength(2);
  });
});

const beginnings: readonly (readonly [string, number, unknown])[] = [
  ['403: a right that comes later', 403, status(403, 'Forbidden')],
  ['404: a CRD that comes later', 404, '404 page not found'],
  ['422 and then 403', 422, status(422, 'Invalid')],
  ['405: a proxy in the way', 405, '<html>'],
];

describe('a first reading that is refused with', () => {
  it.each(beginnings)('%s, is a stream in the end, which goes on', async (_what, code, body) => {
    const { server, reflector, clock, news } = open();
    for (let round = 0; round < 3; round++) server.refuseWatch(code, body);
    server.respond = () => ({ status: 403, body: status(403, 'Forbidden') });
    const stream = server.watch().tell(added('a', '5'), initialEnd('10'));
    reflector.start();
    await clock.advance(10_000);
    stream.tell(added('b', '11'));
    await clock.advance(0);
    expect(asked(server).at(-1)).toBe('read now');
    expect(news()).toEqual(['ns/a@5', 'synced@10', 'ns/b@11']);
    expect(reflector.status()).toMatchObject({ synced: true, trouble: undefined });
  });
});

describe('a version that the server does not have any more', () => {
  it('is given up for a consistent read if "not older than" is refused too', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell({ type: 'ERROR', object: status(410, 'Expired') });
    server.refuseWatch(410, status(410, 'Expired'));
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
    for (let round = 0; round < 3; round++) server.refuseWatch(404, '404 page not found\n');
    stream.end();
    await clock.advance(600);
    expect(reflector.status()).toMatchObject({ synced: false, trouble: { kind: 'unknownResource' }, size: 2 });
    server.watch().tell(added('a', '50'), initialEnd('60'));
    await clock.advance(10_000);
    expect(reflector.status()).toMatchObject({ synced: true, trouble: undefined });
    expect(news()).toEqual(['ns/a@50', '-ns/b', 'synced@60']);
  });
});
