import fc from 'fast-check';
import type { MailAccountSpec, MailAccountStatus } from '../../../../src/api/generated/mail-account.ts';
import { annotation, type Annotations } from '../../../../src/api/record.ts';
import type { AccountFacts, Facts, PlatformFacts } from '../../../../src/core/facts.ts';
import { account, codeHash, platform, secret } from '../given.ts';
import { accountAsks, hour, hourMs, platformAsks, start } from './asks.ts';

const minted = hour.map((text) => text.replace('Z', '.000Z'));
const window = fc.tuple(hour, hour).map(([from, until]) => `${from}/${until}`);
const wrongCodes = fc
  .record({ row: fc.constantFrom(0, 4, 5, 24, 25, 99, 100), count: fc.constantFrom(0, 5, 24, 25), hour })
  .map(({ row, count, hour: text }) =>
    JSON.stringify({
      row,
      unknown: Array.from({ length: count }, () => Date.parse(text) / 1000 - 29 * 86_400),
      known: [],
    }),
  );
const junk = fc.oneof(fc.constantFrom('', '?', '{}', 'off', '2026-02-30T00:00:00Z'), fc.string());

const valid: Readonly<Record<string, fc.Arbitrary<string>>> = {
  [annotation.account]: fc.constantFrom('anna', 'bert', 'deleted'),
  [annotation.secondFactor]: fc.constantFrom('required', 'required', 'off', 'refused'),
  [annotation.suspended]: fc.array(window, { minLength: 1, maxLength: 2 }).map((windows) => windows.join(' ')),
  [annotation.mintedAt]: minted,
  [annotation.erasedAt]: hour,
  [annotation.enrollUntil]: hour,
  [annotation.enrollmentCode]: fc.oneof(
    fc.constant('required'),
    hour.map((text) => `${codeHash} ${text}`),
  ),
  [annotation.unlockedAt]: hour,
  [annotation.orphanedAt]: hour,
  [annotation.eraseAfter]: hour,
  [annotation.firstShownAt]: hour,
  [annotation.failures]: wrongCodes,
  [annotation.dataInvalid]: minted,
};
const rarely = new Set<string>([
  annotation.orphanedAt,
  annotation.eraseAfter,
  annotation.dataInvalid,
  annotation.erasedAt,
]);

const enrolment = fc.option(
  fc.record({ [annotation.enrolledAt]: hour, [annotation.lastStep]: fc.constantFrom('0', '59000000') }),
  { nil: {} },
);

const withoutGaps = (some: Readonly<Record<string, string | undefined>>): Annotations =>
  Object.fromEntries(Object.entries(some).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** Annotations that mostly parse, and mostly hang together. */
const annotations = (mostly: fc.Arbitrary<string> | undefined): fc.Arbitrary<Annotations> =>
  fc
    .tuple(
      fc.record(
        Object.fromEntries(
          Object.entries(valid).map(([key, value]) => {
            const any = mostly ? fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: mostly }) : value;
            const nothing = { weight: rarely.has(key) ? 6 : 1, arbitrary: fc.constant(undefined) };
            return [key, fc.oneof(nothing, { weight: 2, arbitrary: any })];
          }),
        ),
      ),
      enrolment,
    )
    .map(([some, more]) => ({ ...withoutGaps(some), ...more }));

export const anyAnnotations = annotations(junk);

const text = fc.oneof(hour, minted, junk);
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const condition = fc.record({
  type: fc.constantFrom('Ready', 'Enforced', 'Enrolled', 'Stalled', '?'),
  status: fc.constantFrom('True' as const, 'False' as const, 'Unknown' as const),
  reason: fc.constantFrom('Removed', 'PlatformDisabled', 'Reconciled', 'SeedLost', ''),
  message: junk,
  lastTransitionTime: text,
});

const status: fc.Arbitrary<MailAccountStatus> = fc
  .record({
    phase: fc.constantFrom(undefined, 'Off', 'Suspended', 'Enrolling', 'Enforced', 'Locked', 'Blocked'),
    seedMintedAt: optional(fc.oneof({ weight: 8, arbitrary: minted }, text)),
    enrolledAt: optional(text),
    suspendedUntil: optional(text),
    conditions: optional(fc.array(condition, { maxLength: 4 })),
  })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, each]) => each !== undefined)));

const rivals: readonly AccountFacts[][] = [
  [],
  [],
  [],
  [account({}, { name: 'bert', createdAt: '2026-12-01T00:00:00Z' })],
];

const foreign = hour.map((text) => ({ foreignUntil: Date.parse(text) }));

/** Facts as they may be; `junkSpecs` are what no schema would let through. */
export const anyFacts = (junkSpecs?: fc.Arbitrary<unknown>): fc.Arbitrary<Facts> => {
  const specOr = <Spec>(spec: fc.Arbitrary<Spec>): fc.Arbitrary<Spec> =>
    junkSpecs ? fc.oneof(spec, junkSpecs as fc.Arbitrary<Spec>) : spec;
  const accountSpec = specOr<MailAccountSpec>(accountAsks.map((asks) => account(asks).spec));
  const platformSpec = specOr<PlatformFacts['spec']>(
    platformAsks.map((asks) => ({ issuer: 'Example Mail', twoFactor: asks })),
  );
  const secretFacts = fc
    .tuple(
      junkSpecs ? anyAnnotations : fc.oneof(annotations(undefined), anyAnnotations),
      fc.constantFrom('hosted', 'hosted', undefined),
    )
    .map(([some, platformLabel]) => ({ ...secret({}), platformLabel, annotations: some }));
  return fc.record({
    account: fc.tuple(accountSpec, status).map(([spec, last]) => account(undefined, { spec, status: last })),
    rivals: fc.constantFrom(...rivals),
    platform: fc.option(
      platformSpec.map((spec) => platform({}, { spec })),
      { nil: undefined, freq: 6 },
    ),
    secret: fc.oneof({ weight: 8, arbitrary: secretFacts }, fc.option(foreign, { nil: undefined, freq: 2 })),
    refusedWrite: fc
      .constantFrom(undefined, undefined, undefined, -1, 0.5, 3)
      .map((hours) => hours && { status: 422 as const, field: 'x', retryAt: start + hours * hourMs }),
    holdUntil: fc.constantFrom(undefined, undefined, start - hourMs, start + hourMs),
  });
};

/** Anything JSON can say, and specs of which one field is something else. */
export const junkSpec: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant(undefined),
  fc.jsonValue(),
  fc
    .tuple(
      accountAsks,
      platformAsks,
      fc.constantFrom('state', 'suspension', 'reset', 'unlock', 'enrollmentCode', 'totp', 'enrollment'),
      fc.jsonValue(),
    )
    .map(([asks, more, key, value]) => ({
      ...account().spec,
      issuer: 'x',
      twoFactor: { ...more, ...asks, [key]: value },
    })),
);
