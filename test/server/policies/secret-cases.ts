import {
  type Act,
  annotate,
  annotated,
  change,
  create,
  enrolled,
  minted,
  names,
  opaque,
  remove,
  removeAll,
  secret,
  seed,
} from './secret-objects.ts';
import { type Who, tenant } from './tenant.ts';

/**
 * Who does what, and the reason of a refusal (USER is who asks); none where it is allowed, several where two policies
 * refuse, for the API server keeps no order among them.
 */
export type SecretCase = readonly [who: Who, what: string, act: Act, ...refusedBecause: readonly string[]];

const ours = 'a Secret of type exchange2fa.io/totp, or named totp-<40 hex digits>, needs the verb';
const noCreate = `creating ${ours} mint or restore on mailaccounts, which USER lacks`;
const noChange = `changing ${ours} mint, restore or verify on mailaccounts, which USER lacks`;
const noDelete =
  'deleting a Secret of type exchange2fa.io/totp needs the verb mint on mailaccounts, which USER lacks; set spec.twoFactor.state: Removed or delete the MailAccount instead';
const kept = 'names totp-<40 hex digits> are kept for Secrets of type exchange2fa.io/totp';
const notData =
  "the verb verify, held by USER, covers the login's annotations only, not data, immutable, labels, ownerReferences, finalizers or generateName";
const notThis =
  'the verb verify, held by USER, covers only the annotations first-shown-at, enrolled-at, last-step, failures, attempt and data-invalid';
const noNumber = 'annotation exchange2fa.io/last-step must be a whole number of at most 12 digits';
const falls =
  'annotation exchange2fa.io/last-step never falls and is never removed while data.seed stays the same: a code would be accepted twice';
const enrolledOnce =
  'annotation exchange2fa.io/enrolled-at is set once and kept while data.seed stays the same; ask for a reset instead';
const halfEnrolled =
  'an enrolment is annotation exchange2fa.io/enrolled-at, an instant in whole seconds such as 2026-12-01T08:00:00Z, together with exchange2fa.io/last-step';
const others =
  'USER holds the verb verify on mailaccounts in namespace policies and so writes only Secrets of type exchange2fa.io/totp there';

const unnamed = {
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'exchange2fa.io/totp',
  metadata: { generateName: 'seed-', namespace: tenant },
};

const creations: readonly SecretCase[] = [
  ['operator', 'creates one of ours', create(secret(names.fresh, minted, seed))],
  ['backup', 'creates one of ours', create(secret(names.fresh, enrolled, seed))],
  ['mintAndVerify', 'creates one of ours', create(secret(names.fresh, minted, seed))],
  ['wideLogin', 'creates one of ours', create(secret(names.fresh, minted, seed)), noCreate],
  ['secretsAdmin', 'creates one of ours', create(secret(names.fresh, minted, seed)), noCreate],
  ['secretsAdmin', 'creates one of our type under another name', create(secret('mine')), noCreate],
  ['secretsAdmin', 'creates one of our type with generateName', create(unnamed), noCreate],
  ['secretsAdmin', 'creates another type under our name', create(opaque(names.fresh)), noCreate],
  ['operator', 'creates another type under our name', create(opaque(names.fresh)), kept],
  ['backup', 'creates another type under our name', create(opaque(names.fresh)), kept],
  ['secretsAdmin', 'creates an ordinary Secret', create(opaque('another'))],
  ['secretsAdmin', 'creates a name of 39 hex digits', create(opaque(`totp-${'a'.repeat(39)}`))],
  ['secretsAdmin', 'creates a name of 41 hex digits', create(opaque(`totp-${'a'.repeat(41)}`))],
  ['secretsAdmin', 'creates a name of 40 other letters', create(opaque(`totp-${'g'.repeat(40)}`))],
  ['secretsAdmin', 'creates a name that only ends like ours', create(opaque(`my-${names.fresh}`))],
  ['operator', 'creates with last-step 0', create(secret(names.fresh, { 'last-step': '0' }))],
  ['backup', 'creates with last-step of 12 digits', create(secret(names.fresh, { 'last-step': '9'.repeat(12) }))],
  ['restoreAndVerify', 'creates one of ours', create(secret(names.fresh, enrolled, seed))],
  [
    'backup',
    'creates with last-step of 13 digits',
    create(secret(names.fresh, { 'last-step': '9'.repeat(13) })),
    noNumber,
  ],
  ['operator', 'creates with last-step 007', create(secret(names.fresh, { 'last-step': '007' })), noNumber],
  ['operator', 'creates with an empty last-step', create(secret(names.fresh, { 'last-step': '' })), noNumber],
];

const loginKeys = {
  'first-shown-at': '2026-11-24T08:30:00Z',
  'last-step': '101',
  failures: '{"row":1,"unknown":[],"known":[]}',
  attempt: 'f3',
  'data-invalid': '2026-11-24T08:00:00.000Z',
};
const noInstants = [
  ...['', 'today', '2026-11-24', '2026-11-24T09:00:00+01:00', '2026-11-24T09:00:00.5Z', '2026-11-24T09:00:00Z '],
  ...['2026-13-24T09:00:00Z', '2026-11-32T09:00:00Z', '2026-11-24T24:00:00Z', '2026-11-24T09:60:00Z'],
  ...['2026-11-24T09:00:60Z', ' 2026-11-24T09:00:00Z'],
];
const wipe = { 'enrolled-at': null, 'last-step': null };
const operatorKeys = [
  ...['account', 'address', 'second-factor', 'suspended', 'minted-at', 'erased-at', 'enroll-until'],
  ...['enrollment-code', 'unlocked-at', 'orphaned-at', 'erase-after'],
];

const loginChanges: readonly SecretCase[] = (['login', 'wideLogin'] as const).flatMap((who): readonly SecretCase[] => [
  ...Object.entries(loginKeys).map(([key, value]): SecretCase => [
    who,
    `sets ${key}`,
    annotate(names.enrolled, { [key]: value }),
  ]),
  ...operatorKeys.map((key): SecretCase => [who, `sets ${key}`, annotate(names.waiting, { [key]: 'x' }), notThis]),
  [who, 'removes second-factor', annotate(names.enrolled, { 'second-factor': null }), notThis],
  [who, "sets somebody else's annotation", change(names.enrolled, { metadata: { annotations: { a: 'b' } } }), notThis],
  [who, 'removes failures', annotate(names.enrolled, { failures: null })],
  [who, 'changes nothing', change(names.enrolled, {})],
  [who, 'enrols', annotate(names.waiting, { 'enrolled-at': '2026-11-24T09:00:00Z', 'last-step': '100' })],
  [who, 'enrols without last-step', annotate(names.waiting, { 'enrolled-at': '2026-11-24T09:00:00Z' }), halfEnrolled],
  [who, 'sets last-step without enrolling', annotate(names.waiting, { 'last-step': '100' }), halfEnrolled],
  ...noInstants.map((instant): SecretCase => [
    who,
    `enrols at ${JSON.stringify(instant)}`,
    annotate(names.waiting, { 'enrolled-at': instant, 'last-step': '100' }),
    halfEnrolled,
  ]),
  [who, 'counts a failure on an enrolment written otherwise', annotate(names.offset, { failures: '{}' })],
  [who, 'makes half an enrolment whole', annotate(names.half, { 'enrolled-at': '2026-11-24T09:00:00Z' })],
  [who, 'counts a failure on half an enrolment', annotate(names.half, { failures: '{}' }), halfEnrolled],
  [who, 'sets the same last-step', annotate(names.enrolled, { 'last-step': '100', failures: '{}' })],
  [who, 'lowers last-step', annotate(names.enrolled, { 'last-step': '99' }), falls],
  [who, 'removes last-step', annotate(names.enrolled, { 'last-step': null }), halfEnrolled],
  [who, 'sets last-step to a word', annotate(names.enrolled, { 'last-step': 'soon' }), noNumber],
  [who, 'changes enrolled-at', annotate(names.enrolled, { 'enrolled-at': '2026-11-25T09:00:00Z' }), enrolledOnce],
  [who, 'removes enrolled-at', annotate(names.enrolled, { 'enrolled-at': null }), halfEnrolled],
  [who, 'removes the enrolment', annotate(names.enrolled, wipe), falls],
  [who, 'changes the seed', change(names.enrolled, { data: { seed: 'QQ==' } }), notData],
  [who, 'adds data', change(names.erased, { stringData: { seed: 'A' } }), notData],
  [who, 'removes the data', change(names.enrolled, { data: null }), notData],
  [who, 'makes it immutable', change(names.enrolled, { immutable: true }), notData],
  [who, 'labels it', change(names.enrolled, { metadata: { labels: { a: 'b' } } }), notData],
  [who, 'gives it a generateName', change(names.enrolled, { metadata: { generateName: 'a-' } }), notData],
  [who, 'adds a finalizer', change(names.enrolled, { metadata: { finalizers: ['example.com/a'] } }), notData],
  [who, 'gives it an owner', change(names.enrolled, { metadata: { ownerReferences: [anOwner()] } }), notData],
]);

function anOwner(): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '00000000-0000-0000-0000-000000000000' };
}

const ownerChanges: readonly SecretCase[] = (['operator', 'backup', 'mintAndVerify'] as const).flatMap(
  (who): readonly SecretCase[] => [
    [who, 'sets second-factor', annotate(names.enrolled, { 'second-factor': 'off' })],
    [who, 'labels it', change(names.enrolled, { metadata: { labels: { 'exchange2fa.io/platform': 'p' } } })],
    [who, 'puts back half an enrolment', annotate(names.waiting, { 'enrolled-at': '2026-11-24T09:00:00Z' })],
    [who, 'mints over', change(names.enrolled, { ...annotated(wipe), data: { seed: 'QQ==' } })],
    [who, 'erases', change(names.enrolled, { ...annotated(wipe), data: null })],
    [who, 'lowers last-step for the same seed', annotate(names.enrolled, { 'last-step': '99' }), falls],
    [
      who,
      'lowers last-step with a new seed',
      change(names.enrolled, { ...annotated({ 'last-step': '1', 'enrolled-at': null }), data: { seed: 'QQ==' } }),
    ],
    [
      who,
      'lowers last-step for the same seed beside other data',
      change(names.enrolled, { ...annotated({ 'last-step': '99' }), data: { digits: 'OA==' } }),
      falls,
    ],
    [who, 'clears an enrolment whose seed is gone', annotate(names.emptied, wipe)],
    [who, 'annotates one whose last-step is no number', annotate(names.unreadable, { 'second-factor': 'off' })],
    [who, 'mends a last-step that is no number', annotate(names.unreadable, { 'last-step': '5' })],
    [who, 'removes last-step for the same seed', annotate(names.enrolled, { 'last-step': null }), falls],
    [
      who,
      'changes enrolled-at for the same seed',
      annotate(names.enrolled, { 'enrolled-at': '2020-01-01T00:00:00Z' }),
      enrolledOnce,
    ],
    [who, 'removes enrolled-at for the same seed', annotate(names.enrolled, { 'enrolled-at': null }), enrolledOnce],
    [who, 'changes another type under our name', change(names.foreign, { data: { a: 'QQ==' } }), kept],
  ],
);

const otherChanges: readonly SecretCase[] = [
  ['secretsAdmin', 'annotates one of ours', annotate(names.enrolled, { failures: '{}' }), noChange],
  ['secretsAdmin', 'annotates one under another name', annotate(names.otherwise, { failures: '{}' }), noChange],
  ['secretsAdmin', 'changes the seed', change(names.enrolled, { data: { seed: 'QQ==' } }), noChange],
  ['secretsAdmin', 'changes another type under our name', change(names.foreign, { data: { a: 'QQ==' } }), noChange],
  ['secretsAdmin', 'changes an ordinary Secret', change(names.ordinary, { data: { a: 'QQ==' } })],
  ['operator', 'changes an ordinary Secret', change(names.ordinary, { data: { a: 'QQ==' } })],
  ['mintAndVerify', 'changes an ordinary Secret', change(names.ordinary, { data: { a: 'QQ==' } })],
  ['login', 'changes an ordinary Secret', change(names.ordinary, { data: { a: 'QQ==' } }), others],
  ['login', 'changes another type under our name', change(names.foreign, { data: { a: 'QQ==' } }), others, kept],
  ['wideLogin', 'changes an ordinary Secret', change(names.ordinary, { data: { a: 'QQ==' } }), others],
  ['wideLogin', 'creates an ordinary Secret', create(opaque('another')), others],
  ['restoreAndVerify', 'changes one of ours', annotate(names.enrolled, { 'second-factor': 'off' })],
  ['restoreAndVerify', 'creates an ordinary Secret', create(opaque('another')), others],
];

const deletions: readonly SecretCase[] = [
  ['operator', 'deletes one of ours', remove(names.enrolled)],
  ['mintAndVerify', 'deletes one of ours', remove(names.enrolled)],
  ['operator', 'deletes one under another name', remove(names.otherwise)],
  ['secretsAdmin', 'deletes one under another name', remove(names.otherwise), noDelete],
  ['backup', 'deletes one of ours', remove(names.enrolled), noDelete],
  ['wideLogin', 'deletes one of ours', remove(names.enrolled), noDelete],
  ['secretsAdmin', 'deletes one of ours', remove(names.enrolled), noDelete],
  ['namespaceCleaner', 'deletes one of ours, though it holds every deletion', remove(names.enrolled), noDelete],
  ['secretsAdmin', 'deletes all Secrets', removeAll, noDelete],
  ['secretsAdmin', 'deletes another type under our name', remove(names.foreign)],
  ['operator', 'deletes another type under our name', remove(names.foreign)],
  ['backup', 'deletes another type under our name', remove(names.foreign)],
  ['wideLogin', 'deletes another type under our name', remove(names.foreign), others],
  ['secretsAdmin', 'deletes an ordinary Secret', remove(names.ordinary)],
  ['wideLogin', 'deletes an ordinary Secret', remove(names.ordinary), others],
];

export const cases: readonly SecretCase[] = [
  ...creations,
  ...loginChanges,
  ...ownerChanges,
  ...otherChanges,
  ...deletions,
];
