import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import type { FaultProxy } from '../../support/fault-proxy.ts';
import type { Act, ActiveRule } from '../../support/fault-proxy-rules.ts';
import { readsOf } from './requests.ts';
import { Watched } from './watched.ts';
import { World } from './world.ts';

type Options = ConstructorParameters<typeof Watched>[2];

/** For each test of a file a namespace with a and b in it, and a reflector of it behind a proxy. */
export interface ReflectorStage {
  readonly world: World;
  readonly proxy: FaultProxy;
  readonly space: string;
  /** Starts the reflector. */
  watch(options?: Options): Watched;
  /** Starts it, and waits until it has told of a and b. */
  watching(options?: Options): Promise<Watched>;
  /** What its nth watch from now meets. */
  onWatch(nth: number, act: Act): ActiveRule;
  /** Forgets rules and requests and loses the present watch: what is added before is for the watches that follow. */
  interrupt(...acts: readonly Act[]): ActiveRule[];
  /** What it has asked. */
  asked(): string[];
}

export const reflectorStage = (): ReflectorStage => {
  let world: World;
  let space = '';
  let watched: Watched | undefined;

  beforeAll(async () => void (world = await World.open(inject('kubeconfig'))));
  afterAll(() => world.close());
  beforeEach(async () => {
    space = await world.newNamespace();
    await world.put(space, 'a', '1');
    await world.put(space, 'b', '1');
  });
  afterEach(async () => {
    await watched?.stop();
    watched = undefined;
    world.proxy.reset();
  });

  const watch = (options: Options = {}): Watched => (watched = new Watched(world, space, options));
  const onWatch = (nth: number, act: Act): ActiveRule =>
    world.proxy.add({ method: 'GET', path: /\?watch=true/, nth, act });
  return {
    get world() {
      return world;
    },
    get proxy() {
      return world.proxy;
    },
    get space() {
      return space;
    },
    watch,
    watching: async (options) => {
      const opened = watch(options);
      await opened.tells('+a=1', '+b=1', 'synced');
      return opened;
    },
    onWatch,
    interrupt: (...acts) => {
      world.proxy.reset();
      const rules = acts.map((act, index) => onWatch(index + 1, act));
      world.proxy.cutAll();
      return rules;
    },
    asked: () => readsOf(world.proxy.requests),
  };
};
