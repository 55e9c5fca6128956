import { Recent } from './recent.ts';

/** An instant in Unix milliseconds. */
export type Instant = number;

export const secondMs = 1000;
export const hourMs = 3_600_000;

const inSpec = /^(2[01]\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:Z|([+-])(\d\d):(\d\d))$/;
const inSeconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const inMilliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** 9999-12-31T23:59:59.999Z: RFC 3339 has no later instant, so what is later is written as this one. */
export const lastInstant: Instant = 253_402_300_799_999;

/** Writes an instant as RFC 3339 UTC with milliseconds: the form of `minted-at`. */
export const formatMilliseconds = (instant: Instant): string => new Date(Math.min(instant, lastInstant)).toISOString();

const textsOfSeconds = new Recent<number, string>();

const textOfSecond = (second: number): string => formatMilliseconds(second * secondMs).replace(/\.\d{3}Z$/, 'Z');

/** Writes an instant as RFC 3339 UTC in whole seconds, rounded down: the form of every annotation but `minted-at`. */
export const formatSeconds = (instant: Instant): string =>
  textsOfSeconds.share(Math.floor(instant / secondMs), textOfSecond);

/** `Date.parse` reads 30 February as 2 March and hour 24 as the next day: of these, day or hour come out as others. */
const parseExactly = (text: string, form: RegExp): Instant | undefined => {
  if (!form.test(text)) return undefined;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) return undefined;
  const date = new Date(instant);
  const [day, hour] = [Number(text.slice(8, 10)), Number(text.slice(11, 13))];
  return date.getUTCDate() === day && date.getUTCHours() === hour ? instant : undefined;
};

/** Reads what {@link formatSeconds} writes; undefined for everything else. */
export const parseSeconds = (text: string): Instant | undefined => parseExactly(text, inSeconds);

/** Reads what {@link formatMilliseconds} writes; undefined for everything else. */
export const parseMilliseconds = (text: string): Instant | undefined => parseExactly(text, inMilliseconds);

/**
 * Reads an instant as a spec may say it: RFC 3339, whole seconds, `Z` or an offset up to 23:59, years 2000–2199 as
 * written, a date that exists. Undefined for everything else.
 */
export const parseSpecInstant = (text: string): Instant | undefined => {
  const parts = inSpec.exec(text);
  if (!parts) return undefined;
  const local = parseSeconds(`${text.slice(0, 19)}Z`);
  const [, , , , , , , sign, hours = '00', minutes = '00'] = parts;
  if (local === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? local + offsetMs : local - offsetMs;
};
