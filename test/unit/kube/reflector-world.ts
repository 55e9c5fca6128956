import type { Log, LogFields } from '../../../src/host/log.ts';
import { createReflector } from '../../../src/kube/reflector/reflector.ts';
import type { Reflector, ReflectorOptions } from '../../../src/kube/reflector/options.ts';
import type { KubeObject, Resource } from '../../../src/kube/client/resource.ts';
import type { Tripwire } from '../../../src/kube/client/tripwire.ts';
import { type FakeServer, fakeWorld, steadyRandom } from './fake-server.ts';
import { VirtualClock } from './virtual-clock.ts';

export const things: Resource = { group: 'example.io', version: 'v1', plural: 'things', namespaced: true };

interface Thing extends KubeObject {
  readonly spec?: { readonly text: string };
}

export const thing = (name: string, resourceVersion: string, text = ''): Thing => ({
  metadata: { namespace: 'ns', name, uid: `uid-${name}`, resourceVersion },
  spec: { text },
});

export const added = (name: string, version: string, text = ''): object => ({
  type: 'ADDED',
  object: thing(name, version, text),
});
export const modified = (name: string, version: string, text = ''): object => ({
  type: 'MODIFIED',
  object: thing(name, version, text),
});
export const deleted = (name: string, version: string): object => ({ type: 'DELETED', object: thing(name, version) });
export const bookmark = (resourceVersion: string): object => ({
  type: 'BOOKMARK',
  object: { kind: 'Thing', metadata: { resourceVersion } },
});
export const initialEnd = (resourceVersion: string): object => ({
  type: 'BOOKMARK',
  object: { kind: 'Thing', metadata: { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } } },
});

export const page = (version: string, things: readonly object[], more?: string): object => ({
  kind: 'ThingList',
  metadata: { resourceVersion: version, ...(more !== undefined && { continue: more }) },
  items: things,
});

export interface ReflectorWorld {
  readonly clock: VirtualClock;
  readonly server: FakeServer;
  readonly tripwire: Tripwire;
  readonly reflector: Reflector;
  /** What the handlers were told, one line each. */
  readonly told: string[];
  readonly logged: { readonly level: string; readonly fields: LogFields; readonly message: string }[];
  /** What was told since the last call. */
  readonly news: () => string[];
}

/** A started reflector over a fake server, before its first answer. */
export const reflectorWorld = (options: Partial<ReflectorOptions<string, Thing>> = {}): ReflectorWorld => {
  const clock = new VirtualClock();
  const { server, client, tripwire } = fakeWorld(clock);
  const told: string[] = [];
  const logged: ReflectorWorld['logged'] = [];
  const logAt =
    (level: string) =>
    (fields: LogFields, message: string): void =>
      void logged.push({ level, fields, message });
  const log: Log = { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };
  const reflector = createReflector<string, Thing>({
    client,
    clock,
    random: steadyRandom,
    log,
    tripwire,
    resource: things,
    project: (object) => object.spec?.text ?? '',
    handlers: {
      onUpsert: (key, facts, version) => void told.push(`${key}@${version}${facts ? ` ${facts}` : ''}`),
      onDelete: (key, version) => void told.push(`-${key}${version === undefined ? '' : `@${version}`}`),
      onSynced: (version) => void told.push(`synced@${version}`),
      onStorageWentBack: () => void told.push('went back'),
    },
    ...options,
  });
  return { clock, server, tripwire, reflector, told, logged, news: () => told.splice(0) };
};
