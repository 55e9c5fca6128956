import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Browser } from '../../api/failures.ts';
import { hourMs, type Instant, secondMs } from '../../api/instants.ts';
import type { Key, KeyStore } from '../keys/keys.ts';
import type { Subject } from '../secrets/subject.ts';

/** How long a browser stays known after an accepted code. */
const lifeMs = 90 * 24 * hourMs;

/** `kid.until.mac`; what it is for is only in the MAC, so a token says nothing to who finds it. */
const shape = /^(device-[A-Za-z0-9._-]{1,64})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/** The account and its present seed: a reset ends all tokens. */
interface Holder {
  readonly subject: Subject;
  readonly mintedAt: string;
}

const macOf = ({ key }: Key, { subject, mintedAt }: Holder, until: number): Buffer =>
  createHmac('sha256', key)
    .update(['device', subject.namespace, subject.address.toLowerCase(), mintedAt, until].join('\0'))
    .digest();

export interface DeviceToken {
  readonly token: string;
  readonly until: Instant;
}

/** What a browser keeps from an accepted code, so that somebody else's wrong codes don't lock it out. */
export const makeDeviceToken = (key: Key, holder: Holder, now: Instant): DeviceToken => {
  const seconds = Math.floor((now + lifeMs) / secondMs);
  const mac = macOf(key, holder, seconds).toString('base64url');
  return { token: `${key.kid}.${seconds}.${mac}`, until: seconds * secondMs };
};

/** Whether the browser with this token, if any, is a known one of the account. */
export const browserOf = async (
  keys: Pick<KeyStore, 'find'>,
  token: string | undefined,
  holder: Holder,
  now: Instant,
): Promise<Browser> => {
  const [, kid = '', seconds = '', mac = ''] = shape.exec(token ?? '') ?? [];
  const until = Number(seconds);
  const inTime = until * secondMs > now && until * secondMs <= now + lifeMs + hourMs;
  const key = inTime ? await keys.find('device', kid) : undefined;
  if (!key) return 'unknown';
  const given = Buffer.from(mac, 'base64url');
  const wanted = macOf(key, holder, until);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? 'known' : 'unknown';
};
