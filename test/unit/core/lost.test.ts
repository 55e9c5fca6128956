import { enrolled, enrolledAt, erased, hours, inStep, mintedAt, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const seedLost = {
  phase: 'Blocked',
  ready: 'False SeedLost',
  enforced: 'True SeedLost',
  enrolled: 'Unknown SeedLost',
  stalled: 'True SeedLost',
};
const secretInvalid = {
  phase: 'Blocked',
  ready: 'False SecretInvalid',
  enforced: 'True SecretInvalid',
  enrolled: 'Unknown SecretInvalid',
  stalled: 'True SecretInvalid',
};
const older = { ...enrolled, 'minted-at': '2026-10-01T00:00:00.000Z' };
const resetNow = { reset: { requestedAt: hours(-1) } };
const resetLongAgo = { reset: { requestedAt: '2026-10-15T00:00:00Z' } };

sentences('not due, and the Secret has no seed or an older one: SeedLost', [
  {
    says: 'without a Secret none is made (the login refuses what it does not find)',
    status: remembered,
    wants: { act: 'keep', ...seedLost, events: ['SeedLost'], remembers: [mintedAt, enrolledAt] },
  },
  {
    says: 'no seed in the Secret',
    secret: inStep,
    status: remembered,
    wants: { act: 'keep', ...seedLost, remembers: [mintedAt, enrolledAt] },
  },
  {
    says: 'no seed: inside a window nobody is asked, as the order of the verdict says',
    asks: { suspension: { requestedAt: hours(-1), hours: 2 } },
    secret: { ...inStep, suspended: `${hours(-1)}/${hours(1)}` },
    status: remembered,
    wants: {
      act: 'keep',
      phase: 'Suspended',
      ready: 'False SeedLost',
      enforced: 'False Suspended',
      enrolled: 'Unknown SeedLost',
    },
  },
  {
    says: 'an older seed writes `refused`',
    secret: older,
    status: remembered,
    wants: { act: 'annotate', ...seedLost, remembers: [mintedAt, enrolledAt] },
    onlyChanges: { 'second-factor': 'refused' },
  },
  {
    says: 'an older seed is refused inside a window too',
    asks: { suspension: { requestedAt: hours(-1), hours: 2 } },
    secret: { ...older, suspended: `${hours(-1)}/${hours(1)}` },
    status: remembered,
    wants: seedLost,
  },
  {
    says: 'an older reset than the lost seed is not due',
    asks: resetLongAgo,
    secret: older,
    status: remembered,
    wants: { act: 'annotate', ...seedLost },
  },
  {
    says: 'a due reset cures: no Secret',
    asks: resetNow,
    status: remembered,
    wants: {
      act: 'create',
      over: true,
      phase: 'Enrolling',
      ready: 'True Reconciled',
      stalled: undefined,
      events: ['Reset'],
    },
  },
  {
    says: 'a due reset cures: an older seed',
    platform: resetNow,
    secret: { ...older, 'second-factor': 'refused' },
    status: remembered,
    wants: { act: 'replace', over: true, phase: 'Enrolling', changes: { 'second-factor': 'required' } },
  },
  {
    says: 'the Secret restored as it was: required again',
    secret: { ...enrolled, 'second-factor': 'refused' },
    status: remembered,
    wants: { act: 'annotate', phase: 'Enforced', ready: 'True Reconciled', stalled: undefined },
    onlyChanges: { 'second-factor': 'required' },
  },
  {
    says: 'a later seed than the status remembers is the present one',
    secret: { ...enrolled, 'minted-at': '2026-11-10T00:00:00.000Z' },
    status: remembered,
    wants: { act: 'keep', phase: 'Enforced', remembers: ['2026-11-10T00:00:00.000Z', enrolledAt] },
  },
  {
    says: 'unless it was erased since: then the status counts for nothing, and it mints',
    secret: erased,
    status: remembered,
    wants: { act: 'replace', over: false, phase: 'Enrolling' },
  },
  {
    says: 'erased before the remembered seed was minted: a restored backup, and no reason to mint',
    secret: { ...erased, 'erased-at': '2026-10-20T00:00:00Z' },
    status: remembered,
    wants: { act: 'annotate', ...seedLost, events: ['SeedLost'], remembers: [mintedAt, enrolledAt] },
    onlyChanges: { 'second-factor': 'required' },
  },
  {
    says: 'the same while the second factor is off: nothing is forgotten',
    asks: { state: 'Enabled' },
    platform: { state: 'Disabled' },
    secret: { ...erased, 'erased-at': '2026-10-20T00:00:00Z' },
    status: remembered,
    wants: { phase: 'Off', remembers: [mintedAt, enrolledAt] },
  },
  {
    says: 'an erased-at that is no instant erased nothing',
    secret: { ...erased, 'erased-at': 'yesterday' },
    status: remembered,
    wants: { ...seedLost, remembers: [mintedAt, enrolledAt] },
  },
  {
    says: 'Secret and status both lost is a new account',
    status: { observedGeneration: -1 },
    wants: { act: 'create', over: false },
  },
  {
    says: 'a memory that is no instant is none',
    status: { seedMintedAt: 'yesterday', enrolledAt },
    wants: { act: 'create', over: false },
  },
]);

sentences('an enrolment known to status and gone from the same seed: SecretInvalid', [
  {
    says: 'a lost enrolment writes `refused`',
    secret: unscanned,
    status: remembered,
    wants: { act: 'annotate', ...secretInvalid, events: ['SecretInvalid'], remembers: [mintedAt, enrolledAt] },
    onlyChanges: { 'second-factor': 'refused' },
  },
  {
    says: 'inside a window too',
    asks: { suspension: { requestedAt: hours(-1), hours: 2 } },
    secret: { ...unscanned, suspended: `${hours(-1)}/${hours(1)}` },
    status: remembered,
    wants: secretInvalid,
  },
  {
    says: 'not of a later seed',
    secret: { ...unscanned, 'minted-at': '2026-11-10T00:00:00.000Z' },
    status: remembered,
    wants: { act: 'keep', phase: 'Enrolling', ready: 'True Reconciled' },
  },
  {
    says: 'a due reset cures',
    asks: resetNow,
    secret: { ...unscanned, 'second-factor': 'refused' },
    status: remembered,
    wants: { act: 'replace', over: true, phase: 'Enrolling', ready: 'True Reconciled' },
  },
  {
    says: 'the enrolment put back: required again',
    secret: { ...enrolled, 'second-factor': 'refused' },
    status: remembered,
    wants: { act: 'annotate', phase: 'Enforced' },
  },
]);
