import { parseMilliseconds, type Instant } from '../api/instants.ts';
import { contains } from '../api/windows.ts';
import type { Facts } from './facts.ts';
import { fieldsOf } from './fields.ts';
import { longestReason } from './spec-fields.ts';
import { isGranted, readAccount, readPlatform, understood } from './wishes.ts';

type Specs = Pick<Facts, 'account' | 'platform'>;

/**
 * Somebody's words, in one line: no control characters, nothing that makes a terminal show something else, and no more than
 * the schema allows, as an object that is older than the schema may say more.
 */
const inOneLine = (text: string): string =>
  Array.from(text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim())
    .slice(0, longestReason)
    .join('');

const wordsOf = (spec: unknown, request: 'suspension' | 'reset'): string | undefined => {
  const { reason } = fieldsOf(fieldsOf(fieldsOf(spec)['twoFactor'])[request]);
  const text = typeof reason === 'string' ? inOneLine(reason) : '';
  return text === '' ? undefined : text;
};

/** What was said with the suspension that is in force: the account's own, or else the platform's. */
export const whySuspended = ({ account, platform }: Specs, now: Instant): string | undefined => {
  const [own, all] = [understood(readAccount(account.spec)), understood(platform && readPlatform(platform.spec))];
  const inForce = [
    { spec: account.spec, suspension: own?.suspension },
    { spec: platform?.spec, suspension: all?.suspension },
  ].find(
    ({ suspension }) =>
      suspension && contains(suspension, now) && isGranted(suspension, all?.maxSuspensionHours ?? Infinity, now),
  );
  return wordsOf(inForce?.spec, 'suspension');
};

/** What was said with the reset that voided the seed `before`: the account's own, or else the platform's. */
export const whyReset = ({ account, platform }: Specs, before: string, minted: string): string | undefined => {
  const [from, to] = [before, minted].map((text) => parseMilliseconds(text) ?? NaN) as [Instant, Instant];
  const [own, all] = [understood(readAccount(account.spec)), understood(platform && readPlatform(platform.spec))];
  const answered = [
    { spec: account.spec, resetAt: own?.resetAt },
    { spec: platform?.spec, resetAt: all?.resetAt },
  ].find(({ resetAt }) => resetAt !== undefined && from < resetAt && resetAt <= to);
  return wordsOf(answered?.spec, 'reset');
};
