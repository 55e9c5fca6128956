import type { MergePatch } from '../client/client.ts';
import { microTime } from '../micro-time.ts';
import type { KubeObject, Resource } from '../client/resource.ts';

export const eventsResource: Resource = { group: 'events.k8s.io', version: 'v1', plural: 'events', namespaced: true };

export interface EventRegarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** What happened, for people: `kubectl describe` shows it. Never a secret. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** UpperCamelCase, at most 128 characters. */
  readonly reason: string;
  /** What was done, UpperCamelCase. */
  readonly action: string;
  /** Cut to 1,024 bytes. */
  readonly note: string;
}

export interface EventSource {
  readonly controller: string;
  readonly instance: string;
}

const longestNoteBytes = 1_024;
/** A name of at most 253 characters, of which a dot and 16 hexadecimal digits are its time and make it unique. */
const longestStem = 253 - 17;

/** Cuts at a character, so that no half of one is left. */
export const cutNote = (note: string): string => {
  const bytes = Buffer.from(note, 'utf8');
  if (bytes.length <= longestNoteBytes) return note;
  const ellipsis = '…';
  let end = longestNoteBytes - Buffer.byteLength(ellipsis);
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + ellipsis;
};

/** Events that differ only in their time are one series. */
export const seriesKey = (regarding: EventRegarding, { reason, note }: EventNote): string =>
  [regarding.kind, regarding.namespace, regarding.name, regarding.uid ?? '', reason, note].join('\n');

/** As client-go names them, so that `kubectl describe`, which reads them by name, tells them in order. */
export const eventName = (regarding: EventRegarding, unixNs: bigint): string =>
  `${regarding.name.slice(0, longestStem)}.${unixNs.toString(16).padStart(16, '0')}`;

export const eventObject = (
  name: string,
  regarding: EventRegarding,
  event: EventNote,
  source: EventSource,
  unixMs: number,
): KubeObject => {
  const object = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { namespace: regarding.namespace, name },
    eventTime: microTime(unixMs),
    reportingController: source.controller,
    reportingInstance: source.instance.slice(0, 128),
    type: event.type,
    reason: event.reason,
    action: event.action,
    regarding,
    note: cutNote(event.note),
  };
  return object;
};

/** Says that it happened `count` times by now. */
export const seriesPatch = (count: number, unixMs: number): MergePatch => ({
  series: { count, lastObservedTime: microTime(unixMs) },
});
