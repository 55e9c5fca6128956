import { describe, expect, it } from 'vitest';
import { status } from './fake-server.ts';
import { asked, reflectorFixture } from './reflector-fixture.ts';
import { added, bookmark, initialEnd, page, thing } from './reflector-world.ts';
import { settle } from './virtual-clock.ts';

const { open } = reflectorFixture();

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

  it('is done once more where that is asked for, by a consistent read: the watch may be late', async () => {
    const { server, reflector, news } = open();
    server.watch().tell(added('a', '5'), added('b', '6'), initialEnd('10'));
    reflector.start();
    await settle();
    server.watch().tell(added('a', '5'), added('c', '11'), initialEnd('12'));
    reflector.readAnew();
    await settle();
    expect(server.query['resourceVersion']).toBeUndefined();
    expect(news()).toEqual(['ns/a@5', 'ns/b@6', 'synced@10', 'ns/c@11', '-ns/b', 'synced@12']);
    expect(reflector.status()).toMatchObject({ synced: true, lists: 2 });
  });

  it('goes page by page where the server does not stream it', async () => {
    const { server, reflector, news } = open();
    server.refuseWatch(422, status(422, 'Invalid'));
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

  it('asks for the stream again at the next reading: by then another server may answer', async () => {
    const { server, reflector, clock, news } = open();
    server.refuseWatch(422, status(422, 'Invalid'));
    server.answer(200, page('10', [thing('a', '5')]));
    server.watch().tell({ type: 'ERROR', object: status(410, 'Expired') });
    server.watch().tell(added('b', '12'), initialEnd('20'));
    reflector.start();
    await clock.advance(1_000);
    expect(server.query).toMatchObject({ sendInitialEvents: 'true', resourceVersion: '10' });
    expect(news()).toEqual(['ns/a@5', 'synced@10', 'ns/b@12', '-ns/a', 'synced@20']);
  });

  it('prunes nothing with an inconsistent continue token, but reads the pages again', async () => {
    const { server, reflector, clock, news } = open();
    server.refuseWatch(400, status(400, 'BadRequest'));
    server.answer(200, page('10', [thing('a', '5')], 'more'));
    server.answer(410, { ...status(410, 'Expired'), metadata: { continue: 'inconsistent' } });
    server.refuseWatch(400, status(400, 'BadRequest'));
    server.answer(200, page('20', [thing('b', '6')]));
    reflector.start();
    await clock.advance(1_000);
    expect(server.requests.filter(({ path }) => path.includes('inconsistent'))).toEqual([]);
    expect(news()).toEqual(['ns/a@5', 'ns/b@6', '-ns/a', 'synced@20']);
  });

  it('begins anew after a hundred seconds of silence before the set is whole', async () => {
    const { server, reflector, clock } = open();
    server.watch().tell(added('a', '5'));
    reflector.start();
    await clock.advance(101_000);
    expect(asked(server)).toEqual(['read now', 'read now']);
  });
});
