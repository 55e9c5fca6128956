import { expect, test } from 'vitest';
import {
  isPlatformKey,
  mailboxKeyOf,
  namespaceOf,
  platformKeyOf,
  platformRefOf,
} from '../../../src/operator/see/keys.ts';
import { factsOf } from '../core/given.ts';

const { account } = factsOf({});

test('a key of the queue says what it is of, and in which namespace', () => {
  const platformKey = platformKeyOf('mail', 'example');
  expect([isPlatformKey(platformKey), namespaceOf(platformKey)]).toEqual([true, 'mail']);
  expect(platformRefOf(platformKey)).toEqual({ namespace: 'mail', name: 'example' });
  const mailboxKey = mailboxKeyOf(account);
  expect([isPlatformKey(mailboxKey), namespaceOf(mailboxKey)]).toEqual([false, account.namespace]);
});

test('an account whose address can have no Secret is alone in its mailbox', () => {
  const key = (name: string): string =>
    mailboxKeyOf({ ...account, name, spec: { ...account.spec, address: 'anna@exämple.com' } });
  expect([key('a'), namespaceOf(key('a'))]).toEqual([`${account.namespace}/account a`, account.namespace]);
  expect(key('b')).not.toBe(key('a'));
});
