import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { MailAccountSpec } from '../../../src/api/generated/mail-account.ts';
import { accountKind, apiVersion, platformKind } from '../../../src/api/names.ts';
import { conditionOf, type Condition } from '../../../src/core/conditions.ts';
import { decide } from '../../../src/core/decide.ts';
import type { PlatformView } from '../../../src/core/platform.ts';
import type { ReadyReason } from '../../../src/core/problems.ts';
import {
  account,
  enrolled,
  factsOf,
  hours,
  now,
  platform,
  remembered,
  unscanned,
  type Given,
} from '../../unit/core/given.ts';
import { after, viewOf } from '../../unit/core/platform-view.ts';
import { buildProofs, buildTimeoutMs, manifests, needsGo, proof } from './gitops-program.ts';

beforeAll(buildProofs, buildTimeoutMs);
beforeEach(needsGo);

interface InState {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}

/** What kstatus, by which Flux goes, and our Lua for Argo CD take objects for. */
const healthOf = async (object: InState): Promise<readonly [kstatus: unknown, argo: unknown]> => {
  const script = join(manifests, `argocd/health-${object.kind.toLowerCase()}.lua`);
  const [[kstatus], [argo]] = await Promise.all([
    proof<{ status: string }>(['kstatus'], [object]),
    proof<{ status: string }>(['lua', script], [object]),
  ]);
  return [kstatus?.status, argo?.status];
};

const golden = join(import.meta.dirname, '../scenarios/golden');

/** An account as a scenario met it on a real server. */
const met = async (name: string): Promise<InState> => {
  const text = (await readFile(join(golden, `${name}.yaml`), 'utf8')).replaceAll('<instant>', hours(0));
  const { status } = parse(text) as InState;
  return { ...objectOf(accountKind, name, status.observedGeneration ?? 0), status };
};

/** An account as the operator decides it. */
const decided = (given: Given): InState => {
  const facts = factsOf(given);
  return { ...objectOf(accountKind, facts.account.name, facts.account.generation), status: decide(facts, now).status };
};

const objectOf = (kind: string, name: string, generation: number) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'mail', generation },
});

const golds = [
  ['enforced', 'Current', 'Healthy'],
  ['enrolling', 'Current', 'Healthy'],
  ['enrolment-expired', 'Current', 'Healthy'],
  ['locked', 'Current', 'Healthy'],
  ['platform-disabled', 'Current', 'Healthy'],
  ['removed', 'Current', 'Healthy'],
  ['reset', 'Current', 'Healthy'],
  ['suspended', 'Current', 'Suspended'],
  ['platform-not-found', 'InProgress', 'Degraded'],
  ['write-failed', 'InProgress', 'Degraded'],
  ['secret-invalid', 'Failed', 'Degraded'],
  ['secret-name-taken', 'Failed', 'Degraded'],
  ['seed-lost', 'Failed', 'Degraded'],
  ['suspension-too-long', 'Failed', 'Degraded'],
] as const;

/** Every reason for which an account is not Ready, and what a pipeline makes of it: waits, or gives up. */
const troubles: Readonly<Record<ReadyReason, readonly [given: Given, kstatus: 'InProgress' | 'Failed']>> = {
  SpecInvalid: [
    { account: { spec: { ...account().spec, twoFactor: { state: 'Off' } } as unknown as MailAccountSpec } },
    'Failed',
  ],
  AddressInUse: [{ rivals: [account(undefined, { name: 'a', createdAt: '' })] }, 'InProgress'],
  SecretNameTaken: [{ secret: 'foreign' }, 'Failed'],
  PlatformNotFound: [{ platform: 'missing', secret: enrolled }, 'InProgress'],
  WriteFailed: [{ refusedWrite: { status: 403, field: 'a policy', retryAt: now + 1 } }, 'InProgress'],
  StorageWentBack: [
    { holdUntil: now + 1, asks: { state: 'Removed' }, secret: enrolled, status: remembered },
    'InProgress',
  ],
  SeedLost: [{ status: remembered }, 'Failed'],
  SecretInvalid: [{ secret: { ...enrolled, failures: '?' } }, 'Failed'],
  SuspensionTooLong: [{ asks: { suspension: { requestedAt: hours(0), hours: 99 } }, secret: enrolled }, 'Failed'],
};

const ready: readonly (readonly [condition: string, given: Given])[] = [
  ['Enforced False DisabledByDefault', { platform: { accountDefault: 'Disabled' }, secret: enrolled }],
  ['Enforced True Locked', { secret: { ...enrolled, failures: '{"row":100,"unknown":[],"known":[]}' } }],
  ['Enrolled False EnrollmentCodeRequired', { platform: { enrollment: { mode: 'Code' } }, secret: unscanned }],
  ['Ready True Reconciled', { asks: { reset: { requestedAt: hours(1) } }, secret: enrolled }],
];

const inWords = ({ status }: InState): readonly string[] =>
  (status.conditions ?? []).map((each) => `${each.type} ${each.status} ${each.reason}`);

describe('an account', () => {
  test.each(golds)('%s is %s for kstatus and %s for Argo CD', async (name, kstatus, argo) => {
    expect(await healthOf(await met(name))).toEqual([kstatus, argo]);
  });

  test.each(Object.entries(troubles))('that is not Ready because of %s', async (reason, [given, kstatus]) => {
    const object = decided(given);
    expect(conditionOf(object.status, 'Ready')).toMatchObject({ status: 'False', reason });
    expect(await healthOf(object)).toEqual([kstatus, 'Degraded']);
  });

  test.each(ready)('that is Ready with %s', async (condition, given) => {
    const object = decided(given);
    expect(inWords(object)).toEqual(expect.arrayContaining(['Ready True Reconciled', condition]));
    expect(await healthOf(object)).toEqual(['Current', 'Healthy']);
  });

  test.each([
    ['is new', 1, { observedGeneration: -1 }],
    ['was changed since', 4, decided({ secret: enrolled }).status],
    ['was stalled, and changed since', 4, decided({ status: remembered }).status],
  ])('that %s is in progress', async (_, generation, status) => {
    const object = { ...objectOf(accountKind, 'anna', generation), status };
    expect(await healthOf(object)).toEqual(['InProgress', 'Progressing']);
  });

  test('was asked for in every state that the design names', async () => {
    const design = await readFile(join(manifests, '../docs/design.md'), 'utf8');
    const rows = design.split('\n').filter((line) => /^\| (Ready|Enforced|Enrolled|Stalled) \|/.test(line));
    const named = rows.join('\n').match(/\b([A-Z][a-z]+){2,}\b/g) ?? [];
    expect(named).toContain('EnrollmentCodeRequired');
    const givens = [...Object.values(troubles).map(([given]) => given), ...ready.map(([, given]) => given)];
    const objects = [...(await Promise.all(golds.map(([name]) => met(name)))), ...givens.map(decided)];
    const seen = new Set(objects.flatMap(({ status }) => status.conditions?.map(({ reason }) => reason) ?? []));
    expect(named.filter((reason) => !seen.has(reason))).toEqual([]);
  });
});

const tooLong = { suspension: { requestedAt: hours(0), hours: 99 } };

describe('a platform', () => {
  test.each<readonly [what: string, view: PlatformView, kstatus: string, argo: string]>([
    ['whose accounts are still to be decided', viewOf(platform(), { pending: 1 }), 'InProgress', 'Progressing'],
    ['whose accounts are decided', viewOf(platform()), 'Current', 'Healthy'],
    ['whose suspension is too long', viewOf(platform(tooLong)), 'Failed', 'Degraded'],
    ['that can’t be understood', viewOf(platform({ maxSuspensionHours: 0 })), 'Failed', 'Degraded'],
    ['whose reset waits', viewOf(platform({ reset: { requestedAt: hours(1) } })), 'Current', 'Healthy'],
  ])('%s', async (_, view, kstatus, argo) => {
    const { name, generation, status } = after(view);
    expect(await healthOf({ ...objectOf(platformKind, name, generation), status })).toEqual([kstatus, argo]);
  });

  test.each([
    ['is new', 1, { observedGeneration: -1 }],
    ['was changed since', 6, after(viewOf(platform())).status],
    ['was stalled, and changed since', 6, after(viewOf(platform(tooLong))).status],
  ])('that %s is in progress', async (_, generation, status) => {
    const object = { ...objectOf(platformKind, 'hosted', generation), status };
    expect(await healthOf(object)).toEqual(['InProgress', 'Progressing']);
  });
});
