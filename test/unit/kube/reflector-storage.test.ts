import { describe, expect, it } from 'vitest';
import { TransportFailure } from '../../../src/kube/transport/transport.ts';
import { status } from './fake-server.ts';
import { asked, reflectorFixture } from './reflector-fixture.ts';
import { added, bookmark, deleted, initialEnd, modified, page, thing, things } from './reflector-world.ts';

const { open, watching } = reflectorFixture();

const lost = new TransportFailure('connection', true, 'ECONNRESET');
const unreachable = new TransportFailure('connection', false, 'ECONNREFUSED');

/** Storage itself says that it has not come to the version that it is asked for. */
const storageAt = (version: string): object =>
  status(504, 'Timeout', {
    message: `Timeout: Too large resource version: 10, current: ${version}`,
    details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
  });

describe('storage that went back', () => {
  it('is noticed by the check after a cut: everything is told again, also at lower versions', async () => {
    const { stream, server, clock, news, reflector } = await watching();
    stream.cut();
    server.answer(504, storageAt('7'));
    server.watch().tell(added('a', '4'), initialEnd('7'));
    await clock.advance(1_000);
    expect(news()).toEqual(['went back', 'ns/a@4', '-ns/b', 'synced@7']);
    expect(reflector.status()).toMatchObject({ synced: true, size: 1 });
  });

  it('and has passed the latest version since is noticed by the object told of last', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell(modified('a', '12')).cut();
    server.answer(200, page('12', [thing('a', '5')]));
    server.watch().tell(added('a', '5'), added('b', '14'), initialEnd('20'));
    await clock.advance(1_000);
    expect(news()).toEqual(['ns/a@12', 'went back', 'ns/a@5', 'ns/b@14', 'synced@20']);
  });

  it('before a deletion is noticed by the deleted object', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell(deleted('a', '12')).cut();
    server.answer(200, page('12', [thing('a', '5')]));
    server.watch().tell(added('a', '5'), added('b', '6'), initialEnd('20'));
    await clock.advance(1_000);
    expect(news()).toEqual(['-ns/a@12', 'went back', 'ns/a@5', 'ns/b@6', 'synced@20']);
  });

  it('is not believed of a deleted object that is not there', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell(deleted('a', '12')).cut();
    server.answer(200, page('12', []));
    server.watch().tell(modified('b', '13'));
    await clock.advance(1_000);
    expect(news()).toEqual(['-ns/a@12', 'ns/b@13']);
  });

  it('while the server was not reached is noticed by the reading that then takes place', async () => {
    const { stream, server, clock, news } = await watching();
    stream.cut();
    server.fail(unreachable).failWatch(unreachable);
    server.watch().tell(added('a', '4'), added('b', '15'), initialEnd('20'));
    server.watch().tell(added('a', '4'), added('b', '15'), initialEnd('20'));
    server.requests.length = 0;
    await clock.advance(10_000);
    expect(asked(server)).toEqual(['check', 'read not older than 10', 'read not older than 10', 'read now']);
    expect(news()).toEqual(['ns/b@15', 'went back', 'ns/a@4', 'ns/b@15', 'synced@20']);
  });

  it('is noticed beside a watch that goes on, within a minute: each bookmark is checked', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell(bookmark('12'));
    server.answer(504, storageAt('7'));
    server.watch().tell(added('a', '4'), added('b', '3'), initialEnd('7'));
    await clock.advance(0);
    expect(stream.closed).toBe(true);
    expect(news()).toEqual(['went back', 'ns/a@4', 'ns/b@3', 'synced@7']);
  });

  it('is asked for by the object told of last, as it was at the latest version, which etcd has to answer', async () => {
    const { stream, server, clock } = await watching({ namespace: 'ns', fieldSelector: 'type=x' });
    stream.tell(bookmark('15'));
    await clock.advance(0);
    expect(server.query).toEqual({
      fieldSelector: 'metadata.name=b,type=x',
      resourceVersion: '15',
      resourceVersionMatch: 'Exact',
    });
    expect(server.requests.at(-1)?.path).toMatch(/^\/apis\/example.io\/v1\/namespaces\/ns\/things\?/);
    expect(server.requests.at(-1)?.headers['accept']).toContain('as=PartialObjectMetadataList;');
  });

  it.each([
    ['does not know such lists', 400, status(400, 'BadRequest'), ['ns/a@12']],
    ['is where it was', 200, page('10', [thing('b', '6')]), ['ns/a@12']],
    ['has compacted that version: it is read anew', 410, status(410, 'Expired'), ['ns/a@12', 'synced@20']],
  ])('is not believed of a server that %s', async (_what, code, body, expected) => {
    const { stream, server, clock, news } = await watching();
    stream.cut();
    server.answer(code, body);
    const next = server.watch().tell(modified('a', '12'));
    if (code === 410) next.tell(added('b', '6'), initialEnd('20'));
    await clock.advance(1_000);
    expect(news()).toEqual(expected);
  });

  it('is not believed of the object told of last if that was in a reading that was broken off', async () => {
    const { server, reflector, clock, news } = open();
    server.watch().tell(added('a', '40')).cut();
    const stream = server.watch().tell(added('a', '8'), initialEnd('30'));
    reflector.start();
    await clock.advance(1_000);
    stream.cut();
    server.answer(200, page('30', []));
    await clock.advance(1_000);
    expect(server.requests.map(({ path }) => new URL(path, 'http://x').searchParams.get('fieldSelector'))).toContain(
      'metadata.name=storage-check',
    );
    expect(news()).toEqual(['ns/a@40', 'synced@30']);
  });

  it('and has come further since is noticed by an object older than it was known', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell(modified('a', '20'), { type: 'ERROR', object: status(410, 'Expired') });
    server.watch().tell(added('a', '8'), added('b', '6'), initialEnd('30'));
    server.watch().tell(added('a', '8'), added('b', '6'), initialEnd('30'));
    await clock.advance(5_000);
    expect(news()).toEqual(['ns/a@20', 'went back', 'ns/a@8', 'ns/b@6', 'synced@30']);
  });

  it('is not believed of older objects in a set that is itself from before', async () => {
    const { server, reflector, clock, news } = open();
    server.watch().tell(added('a', '40')).cut();
    server.watch().tell(added('a', '8'), initialEnd('30'));
    reflector.start();
    await clock.advance(5_000);
    expect(news()).toEqual(['ns/a@40', 'synced@30']);
  });

  it('twice within a minute, under a server whose cache is ahead of it, is read anew when that minute is over', async () => {
    const { server, tripwire, clock, news } = await watching();
    server.watch().tell(added('a', '5'), added('b', '6'), initialEnd('10'));
    tripwire.sample(things, '7', 'write', tripwire.mark(things));
    await clock.advance(1_000);
    expect(news()).toEqual(['went back', 'ns/a@5', 'ns/b@6', 'synced@10']);
    tripwire.sample(things, '8', 'write', tripwire.mark(things));
    await clock.advance(58_000);
    tripwire.mark(things);
    expect(news()).toEqual([]);
    server.watch().tell(added('a', '5'), initialEnd('9'));
    await clock.advance(2_000);
    tripwire.mark(things);
    await clock.advance(0);
    expect(news()).toEqual(['went back', 'ns/a@5', '-ns/b', 'synced@9']);
  });

  it('is noticed by the end of a consistent reading', async () => {
    const { stream, server, clock, news } = await watching();
    stream.tell({ type: 'ERROR', object: status(410, 'Expired') });
    server.refuseWatch(410, status(410, 'Expired'));
    server.watch().tell(added('a', '4'), initialEnd('7'));
    server.watch().tell(added('a', '4'), initialEnd('7'));
    await clock.advance(5_000);
    expect(news()).toEqual(['went back', 'ns/a@4', '-ns/b', 'synced@7']);
  });

  it('is told by somebody else, such as a write or the Lease', async () => {
    const { stream, server, tripwire, clock, news } = await watching();
    tripwire.sample(things, '3', 'write', tripwire.mark(things));
    server.watch().tell(added('a', '2'), initialEnd('4'));
    await clock.advance(0);
    expect(stream.closed).toBe(true);
    expect(news()).toEqual(['went back', 'ns/a@2', '-ns/b', 'synced@4']);
  });

  it('is not believed of a bookmark alone: another server may only lag behind', async () => {
    const { stream, server, tripwire, clock, news } = await watching();
    tripwire.sample(things, '100', 'write', tripwire.mark(things));
    server.watch().tell(bookmark('50'));
    server.answer(200, page('10', [thing('b', '6')]));
    server.requests.length = 0;
    stream.end();
    await clock.advance(5_000);
    expect(asked(server)).toEqual(['watch from 10', 'check', 'watch from 10']);
    expect(news()).toEqual([]);
  });

  it('cuts a wait short, and the alarm during a reading begins it anew', async () => {
    const { stream, server, tripwire, clock, news } = await watching();
    server.failWatch(lost);
    stream.end();
    await clock.advance(0);
    server.watch().tell(added('a', '8'));
    server.watch().tell(added('a', '2'), initialEnd('4'));
    tripwire.sample(things, '3', 'write', tripwire.mark(things));
    await clock.advance(0);
    tripwire.sample(things, '1', 'list', tripwire.mark(things));
    await clock.advance(0);
    expect(news()).toEqual(['went back', 'ns/a@8', 'went back', 'ns/a@2', '-ns/b', 'synced@4']);
  });
});
