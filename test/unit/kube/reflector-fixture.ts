import { afterEach, expect } from 'vitest';
import type { FakeServer, FakeStream } from './fake-server.ts';
import { added, initialEnd, type ReflectorWorld, reflectorWorld } from './reflector-world.ts';
import { settle } from './virtual-clock.ts';

type Options = Parameters<typeof reflectorWorld>[0];

export interface ReflectorFixture {
  /** A reflector, not yet started; stopped after the test, when it must have left no timer. */
  readonly open: (options?: Options) => ReflectorWorld;
  /** Watching: a at 5 and b at 6, all up to 10. */
  readonly watching: (options?: Options) => Promise<ReflectorWorld & { readonly stream: FakeStream }>;
}

export const reflectorFixture = (): ReflectorFixture => {
  let world: ReflectorWorld | undefined;
  afterEach(async () => {
    await world?.reflector.stop();
    expect(world?.clock.timers).toBe(0);
  });
  const open = (options?: Options): ReflectorWorld => (world = reflectorWorld(options));
  return {
    open,
    watching: async (options) => {
      const opened = open(options);
      const stream = opened.server.watch().tell(added('a', '5'), added('b', '6'), initialEnd('10'));
      opened.reflector.start();
      await settle();
      opened.news();
      return { ...opened, stream };
    },
  };
};

export const describeRequest = (path: string): string => {
  const query = new URL(path, 'http://fake').searchParams;
  const version = query.get('resourceVersion');
  if (query.get('sendInitialEvents') === 'true')
    return version === null ? 'read now' : `read not older than ${version}`;
  return query.get('watch') === 'true' ? `watch from ${version}` : 'check';
};

/** Everything asked since the requests were last forgotten, one sentence each. */
export const asked = (server: FakeServer): string[] => server.requests.map(({ path }) => describeRequest(path));
