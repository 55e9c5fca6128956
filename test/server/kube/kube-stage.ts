import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import type { Client } from '../../../src/kube/client/client.ts';
import type { ObjectRef } from '../../../src/kube/client/resource.ts';
import { World } from './world.ts';

/** For each test of a file a namespace of its own, and a client behind a proxy. */
export interface KubeStage {
  readonly world: World;
  readonly client: Client;
  readonly space: string;
  /** An object of the namespace. */
  named(name: string): ObjectRef & { readonly namespace: string };
}

export const kubeStage = (): KubeStage => {
  let world: World;
  let space = '';

  beforeAll(async () => void (world = await World.open(inject('kubeconfig'))));
  afterAll(() => world.close());
  beforeEach(async () => void (space = await world.newNamespace()));

  return {
    get world() {
      return world;
    },
    get client() {
      return world.client;
    },
    get space() {
      return space;
    },
    named: (name) => ({ namespace: space, name }),
  };
};
