import { expect } from 'vitest';
import { enrolled, enrolledAt, erased, hours, inStep, mintedAt, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const byPlatform = { phase: 'Off', ready: 'True Reconciled', enforced: 'False PlatformDisabled' };
const byDefault = { ...byPlatform, enforced: 'False DisabledByDefault' };
const switchedOff = { state: 'Disabled' } as const;
const offByDefault = { accountDefault: 'Disabled' } as const;

sentences('off by the platform’s switch or default', [
  {
    says: 'off; seed kept: seedMintedAt and enrolledAt stay (never cleared by off)',
    platform: switchedOff,
    secret: enrolled,
    status: remembered,
    wants: { act: 'annotate', ...byPlatform, enrolled: 'True FirstCodeAccepted', remembers: [mintedAt, enrolledAt] },
    onlyChanges: { 'second-factor': 'off' },
  },
  {
    says: 'Disabled: no account is asked for a code, whatever it says itself',
    asks: { state: 'Enabled' },
    platform: switchedOff,
    secret: enrolled,
    wants: { act: 'annotate', ...byPlatform },
  },
  {
    says: 'without a Secret: one with off and no data',
    platform: switchedOff,
    wants: {
      act: 'create',
      seed: undefined,
      ...byPlatform,
      enrolled: 'False NotEnrolled',
      remembers: [undefined, undefined],
    },
    onlyChanges: { ...inStep, 'second-factor': 'off' },
  },
  {
    says: 'accountDefault for accounts that say no state',
    platform: offByDefault,
    secret: enrolled,
    wants: { act: 'annotate', ...byDefault },
  },
  {
    says: 'the default of accountDefault is Disabled',
    platform: { accountDefault: undefined } as never,
    secret: enrolled,
    wants: byDefault,
  },
  {
    says: 'an account that says Enabled is on',
    asks: { state: 'Enabled' },
    platform: offByDefault,
    secret: enrolled,
    wants: { act: 'keep', phase: 'Enforced' },
  },
  {
    says: 'none minted: back from Removed to off',
    platform: switchedOff,
    secret: erased,
    wants: { act: 'keep', ...byPlatform, enrolled: 'False SeedErased' },
  },
  {
    says: 'none replaced: a due reset is done when it is on again',
    asks: { reset: { requestedAt: hours(-1) } },
    platform: switchedOff,
    secret: { ...enrolled, 'second-factor': 'off' },
    status: remembered,
    wants: {
      act: 'keep',
      ...byPlatform,
      readyMessage: expect.stringContaining(`reset of ${hours(-1)} waits`) as unknown,
    },
  },
  {
    says: 'on again: the due reset is done',
    asks: { reset: { requestedAt: hours(-1) } },
    secret: { ...enrolled, 'second-factor': 'off' },
    status: { ...remembered, phase: 'Off' },
    wants: { act: 'replace', phase: 'Enrolling' },
  },
  {
    says: 'on again without one: what was',
    secret: { ...enrolled, 'second-factor': 'off' },
    status: { ...remembered, phase: 'Off' },
    wants: { act: 'annotate', phase: 'Enforced', remembers: [mintedAt, enrolledAt] },
    onlyChanges: { 'second-factor': 'required' },
  },
  {
    says: 'a lost seed stays lost meanwhile: Ready is True, and its message says so',
    platform: switchedOff,
    status: remembered,
    wants: {
      act: 'create',
      ...byPlatform,
      enrolled: 'Unknown SeedLost',
      stalled: undefined,
      remembers: [mintedAt, enrolledAt],
      readyMessage: expect.stringContaining(
        'the seed is lost: once the second factor is on, it takes a reset',
      ) as unknown,
    },
  },
  {
    says: 'and is lost when it is on again: the Secret made meanwhile holds none',
    secret: { ...inStep, 'second-factor': 'off' },
    status: { ...remembered, phase: 'Off' },
    wants: { act: 'annotate', phase: 'Blocked', ready: 'False SeedLost' },
    onlyChanges: { 'second-factor': 'required' },
  },
  {
    says: 'a lost enrolment likewise',
    platform: switchedOff,
    secret: { ...unscanned, 'second-factor': 'refused' },
    status: remembered,
    wants: {
      ...byPlatform,
      enrolled: 'Unknown SecretInvalid',
      readyMessage: expect.stringContaining('the enrolment is lost') as unknown,
      remembers: [mintedAt, enrolledAt],
    },
  },
  {
    says: 'what does not parse is refused though it is off, and Ready says so',
    platform: switchedOff,
    secret: { ...enrolled, failures: '?' },
    wants: { act: 'annotate', phase: 'Blocked', ready: 'False SecretInvalid', enforced: 'True SecretInvalid' },
  },
]);
