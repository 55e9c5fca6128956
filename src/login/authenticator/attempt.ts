import { createHmac } from 'node:crypto';
import { type Instant, secondMs } from '../../api/instants.ts';
import type { Outcome } from '../../core/login/judgement.ts';
import type { Asker } from './authenticator.ts';
import type { Key, KeyRing } from '../keys/keys.ts';
import type { Subject } from '../secrets/subject.ts';

/** One judging of one code. `ids` begins with the one that is written; a rotated key may have made the others. */
export interface Attempt {
  readonly ids: readonly [string, ...string[]];
}

/** A verdict of ours, as the annotation `attempt` keeps it. */
export interface JudgedBefore {
  readonly outcome: Outcome;
  /** Wrong codes before an accepted code, or with this one. */
  readonly count: number;
}

/** A reload or a double click within this time gets the same answer. */
const sameAnswerMs = 60_000;

const idBytes = 18;

const idOf = ({ key }: Key, parts: readonly string[]): string =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest().subarray(0, idBytes).toString('base64url');

/** The same for the same key and code: a double click is one attempt, on whichever replica. */
export const attemptOf = (
  ring: KeyRing,
  subject: Subject,
  { relyingParty }: Asker,
  said: { readonly idempotencyKey: string; readonly digits: string },
): Attempt => {
  const { namespace, address } = subject;
  const parts = [relyingParty, namespace, address.toLowerCase(), said.idempotencyKey, said.digits];
  const others = ring.all.filter(({ kid }) => kid !== ring.active.kid);
  return { ids: [idOf(ring.active, parts), ...others.map((key) => idOf(key, parts))] };
};

/** The annotation's text: id, outcome, count and when, in Unix seconds. */
export const attemptText =
  ({ ids: [id] }: Attempt, now: Instant) =>
  (outcome: Outcome, count: number): string =>
    `${id}:${outcome}:${count}:${Math.floor(now / secondMs)}`;

const shape = /^([A-Za-z0-9_-]{24}):(first|accepted|wrong):(\d{1,15}):(\d{1,12})$/;

/** What this attempt came to, if it is the last one that was judged, and that was within a minute. */
export const judgedBefore = ({ ids }: Attempt, text: string | undefined, now: Instant): JudgedBefore | undefined => {
  const [, id, outcome, count, seconds] = shape.exec(text ?? '') ?? [];
  if (id === undefined || !ids.includes(id)) return undefined;
  if (Math.abs(now - Number(seconds) * secondMs) > sameAnswerMs) return undefined;
  return { outcome: outcome as Outcome, count: Number(count) };
};
