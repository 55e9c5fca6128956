import type { KubeError } from '../client/errors.ts';
import type { ReflectorOptions } from './options.ts';
import type { ReflectorProgress } from './progress.ts';
import type { Happening } from './stage.ts';
import type { KubeObject } from '../client/resource.ts';
import type { RequestTraits } from '../client/status.ts';
import type { RawStream } from '../transport/transport.ts';
import type { VersionMark } from '../client/tripwire.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import { followStream } from '../watch/watch-stream.ts';
import { selectionOf } from './whole-set.ts';

/** The server ends a watch after five to ten minutes, not all of them at the same time (as client-go asks). */
const watchSeconds = { shortest: 300, spread: 300 };

/** A stream that ends within this time and without an event is a failure that looks like success. */
const atOnceMs = 1_000;

export interface StreamOptions<Facts, T extends KubeObject> {
  readonly options: ReflectorOptions<Facts, T>;
  readonly request: RequestTraits;
  readonly progress: ReflectorProgress<Facts, T>;
  readonly signal: AbortSignal;
  /** Any byte came. */
  readonly onHeard: () => void;
  /** Watching works: at the first event of a watch, and at the end of the initial set. */
  readonly onGoesOn: () => void;
  /** Everything up to `version` has been told, says the server. */
  readonly onBookmark: () => void;
}

/** Opens a watch and follows it to its end; with `initialEvents` it tells the whole set first. */
export const runStream = async <Facts, T extends KubeObject>(
  stream: StreamOptions<Facts, T>,
  from: { readonly resourceVersion: string | undefined; readonly initialEvents: boolean },
): Promise<Happening> => {
  const { client, resource, random, tripwire } = stream.options;
  const mark = tripwire.mark(resource);
  const opened = await client.watch(resource, {
    ...selectionOf(stream.options),
    signal: stream.signal,
    timeoutSeconds: Math.round(watchSeconds.shortest + random.fraction() * watchSeconds.spread),
    ...(from.initialEvents && { initialEvents: true }),
    ...(from.resourceVersion !== undefined && { resourceVersion: from.resourceVersion }),
  });
  return opened.ok ? follow(stream, opened.value, mark) : { what: 'error', error: opened.error };
};

const follow = async <Facts, T extends KubeObject>(
  stream: StreamOptions<Facts, T>,
  raw: RawStream,
  mark: VersionMark,
): Promise<Happening> => {
  const { request, signal, progress, onHeard, onGoesOn } = stream;
  const { clock } = stream.options;
  const startedMs = clock.monotonic();
  let events = 0;
  let told: Happening | undefined;
  const onEvent = (event: WatchEvent<T>): boolean => {
    events += 1;
    told = react(stream, event, mark);
    if (told === undefined && events === 1 && progress.stage === 'watch') onGoesOn();
    return told === undefined;
  };
  const end = await followStream<T>({ stream: raw, clock, request, signal, onHeard, onEvent });
  if (told) return told;
  if (end !== 'ended') return { what: end === 'silent' ? 'silent' : 'cut' };
  return { what: events === 0 && clock.monotonic() - startedMs < atOnceMs ? 'endedAtOnce' : 'ended' };
};

/** Something to stop the stream for, or nothing. */
const react = <Facts, T extends KubeObject>(
  { progress, onGoesOn, onBookmark }: StreamOptions<Facts, T>,
  event: WatchEvent<T>,
  mark: VersionMark,
): Happening | undefined => {
  switch (event.type) {
    case 'upsert':
      progress.upsert(event.object, mark);
      return undefined;
    case 'delete':
      progress.remove(event.object, mark);
      return undefined;
    case 'bookmark': {
      if (progress.stage === 'watch') {
        const behind = progress.bookmark(event.resourceVersion, mark);
        if (!behind) onBookmark();
        return behind;
      }
      if (!event.initialEnd) return undefined;
      const happening = progress.complete(event.resourceVersion, 'bookmark', mark);
      if (happening.what !== 'complete') return happening;
      onGoesOn();
      return undefined;
    }
    case 'error':
      return { what: 'error', error: event.error };
    case 'malformed':
      return { what: 'malformed' };
  }
};

/** What a server says that does not know, or does not allow, `sendInitialEvents`. */
export const refusesInitialStream = (error: KubeError): boolean =>
  error.kind === 'invalid' || error.kind === 'unexpected';
