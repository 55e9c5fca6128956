import { expect } from 'vitest';
import { parseMilliseconds, parseSeconds, type Instant } from '../../../../src/api/instants.ts';
import { annotation, readRecord, type Annotations } from '../../../../src/api/record.ts';
import { contains, type Window } from '../../../../src/api/windows.ts';
import { conditionOf } from '../../../../src/core/conditions.ts';
import { isIrreversible } from '../../../../src/core/decision.ts';
import { isForeign, type AccountFacts } from '../../../../src/core/facts.ts';
import { secondFactor, type Verdict } from '../../../../src/core/second-factor.ts';
import {
  readAccount,
  readPlatform,
  type AccountWishes,
  type Misunderstood,
  type PlatformWishes,
} from '../../../../src/core/wishes.ts';
import { secretAfter } from '../applied.ts';
import type { Witness } from './operator.ts';
import type { Server, View } from './server.ts';

const understood = <Wishes extends object>(wishes: Wishes | Misunderstood): Wishes => {
  if ('misunderstood' in wishes) throw new Error(wishes.misunderstood);
  return wishes;
};

/** What the specs ask for at an instant, said as shortly as can be: the oracle. */
interface Asked {
  readonly isOff: boolean;
  readonly windows: readonly Window[];
  readonly resets: readonly Instant[];
}

const windowsOf = (account: AccountWishes, platform: PlatformWishes): readonly Window[] =>
  [account.suspension, platform.suspension].filter(
    (each) => each !== undefined && each.hours <= platform.maxSuspensionHours,
  ) as Window[];

const askedOf = (view: View, account: AccountFacts): Asked | undefined => {
  if (!view.platform) return undefined;
  const platform = understood<PlatformWishes>(readPlatform(view.platform.spec));
  const wishes = understood<AccountWishes>(readAccount(account.spec));
  const state = wishes.state ?? platform.accountDefault;
  return {
    isOff: platform.state === 'Disabled' || state === 'Removed' || state === 'Disabled',
    windows: windowsOf(wishes, platform),
    resets: [wishes.resetAt, platform.resetAt].filter((each) => each !== undefined),
  };
};

/** Everything that was ever asked for in a life: a slow operator may still be about to do it. */
export class History {
  #wasOff = false;
  readonly #windows: Window[] = [];

  note({ view }: Server): void {
    for (const asked of view.accounts.map((account) => askedOf(view, account))) {
      this.#wasOff ||= asked?.isOff ?? false;
      this.#windows.push(...(asked?.windows ?? []));
    }
  }

  /** I7: `none` only inside a declared window ≤ the maximum, after a removal, or with the switch off. I8: absent: deny. */
  check({ record, now }: Server): void {
    const verdict = secondFactor(record, now);
    if (!record) expect(verdict.kind).toBe('deny');
    if (verdict.kind !== 'none') return;
    if (verdict.reason === 'Off') expect(this.#wasOff).toBe(true);
    else expect(this.#windows.some((window) => contains(window, now))).toBe(true);
  }
}

const loginKeys = [
  annotation.firstShownAt,
  annotation.enrolledAt,
  annotation.lastStep,
  annotation.failures,
  annotation.attempt,
  annotation.dataInvalid,
];

const holderNow = (server: Server, name: string) => server.view.accounts.find((each) => each.name === name);

/** The later of `minted-at` and, unless it was erased since, `status.seedMintedAt`. */
const presentSeed = (server: Server, account: AccountFacts | undefined): Instant | undefined => {
  const annotations = server.record?.annotations ?? {};
  const erasedAt = parseSeconds(annotations[annotation.erasedAt] ?? '');
  const [mintedAt, status] = [annotations[annotation.mintedAt], account?.status.seedMintedAt].map((text) =>
    parseMilliseconds(text ?? ''),
  );
  const remembered = erasedAt !== undefined && status !== undefined && erasedAt >= status ? undefined : status;
  const known = [mintedAt, remembered];
  const instants = known.filter((instant) => instant !== undefined);
  return instants.length === 0 ? undefined : Math.max(...instants);
};

/** I2: a seed changes only for a due reset, a removal, the end of a grace period or a first minting. I3: once. */
const checkSecretWrite: Witness['secret'] = (server, act, facts, holdUntil) => {
  if (holdUntil !== undefined && server.now < holdUntil) expect(isIrreversible(act)).toBe(false);
  const { view, record, now } = server;
  const annotations = record?.annotations ?? {};
  const account = facts && (holderNow(server, facts.account.name) ?? facts.account);
  const asked = account && askedOf(view, account);
  switch (act.kind) {
    case 'keep':
      return;
    case 'annotate':
      expect(loginKeys.filter((key) => key in act.patch.annotations)).toEqual([]);
      return;
    case 'erase':
      expect(account?.spec.twoFactor?.state).toBe('Removed');
      return;
    case 'orphan':
      expect(view.accounts).toEqual([]);
      return;
    case 'delete':
      expect(view.accounts).toEqual([]);
      expect(annotations[annotation.orphanedAt]).toBeDefined();
      expect(parseSeconds(annotations[annotation.eraseAfter] ?? '')).toBeLessThanOrEqual(now);
      return;
    case 'create':
    case 'replace': {
      if (!act.seed) return;
      const mintedAt = parseMilliseconds(act.patch.annotations[annotation.mintedAt] ?? '')!;
      const present = presentSeed(server, account);
      const due = (asked?.resets ?? []).filter((at) => (present ?? -Infinity) < at && at <= now);
      if (present === undefined) expect(annotations[annotation.mintedAt]).toBeUndefined();
      else {
        expect(act.over).toBe(true);
        expect(due).not.toEqual([]);
      }
      expect(mintedAt).toBeGreaterThan(present ?? 0);
      expect(mintedAt).toBeGreaterThan(parseSeconds(annotations[annotation.erasedAt] ?? '') ?? 0);
      expect(mintedAt).toBeGreaterThanOrEqual(Math.max(0, ...due));
    }
  }
};

/** What the status remembers of a seed does not fall while the seed was not erased: a backup is found out by it. */
const checkStatusWrite: Witness['status'] = ({ account, secret }, { secret: act, status }) => {
  const seen = isForeign(secret) ? undefined : secretAfter(secret, act);
  const { seedMintedAt, enrolledAt } = account.status;
  const remembered = parseMilliseconds(seedMintedAt ?? '');
  if (remembered === undefined || seen?.annotations[annotation.erasedAt] !== undefined) return;
  expect(parseMilliseconds(status.seedMintedAt ?? '')).toBeGreaterThanOrEqual(remembered);
  if (enrolledAt !== undefined && status.seedMintedAt === seedMintedAt) expect(status.enrolledAt).toBeDefined();
};

export const witness: Witness = { secret: checkSecretWrite, status: checkStatusWrite };

/** On: what was erased is minted again, a seed that is void or that the status knows better is refused. */
const checkSeed = (
  { status }: AccountFacts,
  annotations: Annotations,
  verdict: Verdict,
  due: readonly Instant[],
): void => {
  if (annotations[annotation.mintedAt] === undefined) expect(annotations[annotation.erasedAt]).toBeUndefined();
  const mintedAt = parseMilliseconds(annotations[annotation.mintedAt] ?? '');
  if (mintedAt === undefined) return;
  const isVoid = due.some((at) => mintedAt < at);
  const isOlder = mintedAt < (parseMilliseconds(status.seedMintedAt ?? '') ?? 0);
  const isUnenrolled = status.enrolledAt !== undefined && annotations[annotation.enrolledAt] === undefined;
  if (isVoid || isOlder || isUnenrolled) expect(verdict.kind).toBe('deny');
};

/** Once the operator has come to rest: Secret, verdict and status say what the specs ask for. */
export const checkRest = (server: Server): void => {
  const { view, record, now } = server;
  const verdict = secondFactor(record, now);
  const read = record && readRecord(record);
  if (view.accounts.length === 0) {
    expect(verdict).toMatchObject({ kind: 'deny', reason: record ? 'Orphaned' : 'NoSecret' });
    return;
  }
  const holders = view.accounts.filter(({ status }) => conditionOf(status, 'Ready')?.reason !== 'AddressInUse');
  expect(holders).toHaveLength(1);
  const [holder] = holders;
  const { phase, seedMintedAt } = holder!.status;
  // I1: phase Enforced needs a seed confirmed by a code
  if (phase === 'Enforced') {
    expect(read).toMatchObject({ enrolledAt: expect.any(Number) as number, mintedAt: expect.any(Number) as number });
    // without a platform a restored seed is not refused: nothing changes then
    if (view.platform) expect(seedMintedAt).toBe(record?.annotations[annotation.mintedAt]);
  }
  const asked = askedOf(view, holder!);
  if (!asked) return;
  if (!asked.isOff) {
    const due = asked.resets.filter((at) => at <= now);
    checkSeed(holder!, record?.annotations ?? {}, verdict, due);
  }
  const isInvalid = verdict.kind === 'deny' && verdict.reason === 'SecretInvalid';
  expect(verdict.kind === 'none' && verdict.reason === 'Off').toBe(asked.isOff && !isInvalid);
  if (verdict.kind === 'none' && verdict.reason === 'Suspended') {
    expect(asked.windows.some((window) => contains(window, now))).toBe(true);
  } else if (!asked.isOff && asked.windows.some((window) => contains(window, now))) {
    expect(verdict.kind).toBe('deny');
  }
};
