import { beforeEach, describe, expect, test } from 'vitest';
import type { AccountFacts, PlatformFacts } from '../../../src/core/facts.ts';
import { World } from '../../../src/operator/see/world.ts';

const accountKey = 'mail/anna';
const platformKey = 'platform mail/hosted';

const account = (resourceVersion: string): AccountFacts => ({
  namespace: 'mail',
  name: 'anna',
  uid: 'u',
  resourceVersion,
  generation: 1,
  createdAt: '2026-03-01T08:00:00Z',
  spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com' },
  status: {},
});

const platform = (resourceVersion: string): PlatformFacts => ({
  namespace: 'mail',
  name: 'hosted',
  uid: 'p',
  resourceVersion,
  generation: 1,
  spec: { issuer: 'Example', twoFactor: { state: 'Enabled' } },
  status: {},
});

describe('what a consistent read did not find, while the watch is late', () => {
  let world: World;

  beforeEach(() => {
    world = new World({ mailboxChanged: () => {}, mailboxWritten: () => {}, platformChanged: () => {} });
    world.seeAccount(accountKey, account('100'));
    world.seePlatform(platform('100'));
    world.missAccount(accountKey, '200');
    world.missPlatform('mail', 'hosted', '200');
  });

  const found = () => [world.account(accountKey)?.resourceVersion, world.platform(platformKey)?.resourceVersion];

  test('is gone', () => {
    expect(found()).toEqual([undefined, undefined]);
  });

  test('is not brought back by what the watch tells of the time before', () => {
    world.seeAccount(accountKey, account('150'));
    world.seePlatform(platform('200'));
    expect(found()).toEqual([undefined, undefined]);
  });

  test('is there again once it was made anew', () => {
    world.seeAccount(accountKey, account('201'));
    world.seePlatform(platform('201'));
    expect(found()).toEqual(['201', '201']);
  });

  test('is there again, whatever its version, if storage went back', () => {
    world.forgetVersions();
    world.seeAccount(accountKey, account('50'));
    world.seePlatform(platform('50'));
    expect(found()).toEqual(['50', '50']);
  });

  test('is forgotten once the watch has told that it went', () => {
    world.loseAccount(accountKey, '180');
    world.losePlatform('mail', 'hosted', '180');
    world.seeAccount(accountKey, account('190'));
    world.seePlatform(platform('190'));
    expect(found()).toEqual(['190', '190']);
  });
});
