import { describe, expect, test } from 'vitest';
import type { OrphanFacts } from '../../../src/core/facts.ts';
import { decideOrphan } from '../../../src/core/orphan.ts';
import { secondFactor } from '../../../src/core/second-factor.ts';
import { formatSeconds } from '../../../src/api/instants.ts';
import { annotations, at, enrolled, hours, now, platform, secret, type Short } from './given.ts';
import { secretAfter } from './applied.ts';
import { changesOf } from './rows.ts';

interface Row extends Pick<OrphanFacts, 'refusedWrite' | 'holdUntil'> {
  readonly says: string;
  readonly secret?: Short;
  readonly platform?: OrphanFacts['platform'] | 'missing';
  readonly at?: number;
  readonly wants: { act?: string; changes?: object; events?: string[]; requeueAt?: string | undefined };
}

const factsOf = (row: Row): OrphanFacts => ({
  secret: secret(row.secret ?? enrolled),
  platform: row.platform === 'missing' ? undefined : (row.platform ?? platform()),
  refusedWrite: row.refusedWrite,
  holdUntil: row.holdUntil,
});

const inShort = (facts: OrphanFacts, instant: number) => {
  const { secret: act, events, requeueAt } = decideOrphan(facts, instant);
  return {
    act: act.kind,
    changes: changesOf(act),
    events: events.map(({ reason }) => reason),
    requeueAt: requeueAt === undefined ? undefined : formatSeconds(requeueAt),
  };
};

const thirtyDays = 720;
const orphan = { ...enrolled, 'orphaned-at': hours(-1) };
const stamped = { ...orphan, 'erase-after': hours(1) };
const refusedWrite = { status: 403, field: 'secrets', retryAt: at(hours(0.1)) } as const;

describe('no account of the address: orphan, then delete after `erase-after`', () => {
  test.each<Row>([
    {
      says: 'orphaned, and stamped with that moment + retainDeletedHours (720 by default)',
      wants: {
        act: 'orphan',
        changes: { 'orphaned-at': hours(0), 'erase-after': hours(thirtyDays) },
        events: ['Orphaned'],
        requeueAt: hours(thirtyDays),
      },
    },
    {
      says: 'retainDeletedHours',
      platform: platform({ retainDeletedHours: 5 }),
      wants: { act: 'orphan', changes: { 'orphaned-at': hours(0), 'erase-after': hours(5) } },
    },
    {
      says: 'a platform that is off keeps its orphans as long',
      platform: platform({ state: 'Disabled' }),
      wants: { changes: { 'orphaned-at': hours(0), 'erase-after': hours(thirtyDays) } },
    },
    {
      says: 'stamped only when a platform is known: orphaned without',
      platform: 'missing',
      wants: { act: 'orphan', changes: { 'orphaned-at': hours(0) }, requeueAt: undefined },
    },
    {
      says: 'stamped when a platform is known at last: that moment +',
      secret: orphan,
      wants: {
        act: 'annotate',
        changes: { 'erase-after': hours(thirtyDays) },
        events: [],
        requeueAt: hours(thirtyDays),
      },
    },
    { says: 'not before', secret: orphan, platform: 'missing', wants: { act: 'keep', requeueAt: undefined } },
    {
      says: 'a platform that can’t be understood is none',
      secret: orphan,
      platform: platform({ retainDeletedHours: -1 }),
      wants: { act: 'keep' },
    },
    {
      says: 'stamped once: another retainDeletedHours changes nothing',
      secret: stamped,
      platform: platform({ retainDeletedHours: 0 }),
      wants: { act: 'keep', requeueAt: hours(1) },
    },
    {
      says: 'kept until the instant',
      secret: stamped,
      at: at(hours(1)) - 1,
      wants: { act: 'keep', requeueAt: hours(1) },
    },
    {
      says: 'deleted at it',
      secret: stamped,
      at: at(hours(1)),
      wants: { act: 'delete', events: [], requeueAt: undefined },
    },
    {
      says: 'deleted after it, though its platform is gone',
      secret: stamped,
      platform: 'missing',
      at: at(hours(9)),
      wants: { act: 'delete' },
    },
    {
      says: 'an unreadable `erase-after` deletes nothing',
      secret: { ...stamped, 'erase-after': '1999' },
      at: at(hours(9)),
      wants: { act: 'keep', requeueAt: undefined },
    },
    {
      says: 'orphaned again: an old `erase-after` is of another time',
      secret: { ...enrolled, 'erase-after': hours(-9) },
      wants: { act: 'orphan', changes: { 'orphaned-at': hours(0), 'erase-after': hours(thirtyDays) } },
    },
    {
      says: 'and goes, where no platform says another',
      secret: { ...enrolled, 'erase-after': hours(-9) },
      platform: 'missing',
      wants: { act: 'orphan', changes: { 'orphaned-at': hours(0), 'erase-after': null } },
    },
    {
      says: 'an unreadable orphaned-at is one',
      secret: { ...stamped, 'orphaned-at': '?' },
      wants: { act: 'keep', requeueAt: hours(1) },
    },
    {
      says: 'kept for 0 hours: looked at again at once',
      platform: platform({ retainDeletedHours: 0 }),
      wants: { act: 'orphan', requeueAt: '2026-11-25T12:00:01Z' },
    },
    { says: 'held: orphaning', holdUntil: at(hours(0.5)), wants: { act: 'keep', events: [], requeueAt: hours(0.5) } },
    {
      says: 'held: deleting',
      secret: { ...stamped, 'erase-after': hours(-1) },
      holdUntil: at(hours(0.5)),
      wants: { act: 'keep', requeueAt: hours(0.5) },
    },
    { says: 'not held: stamping', secret: orphan, holdUntil: at(hours(0.5)), wants: { act: 'annotate' } },
    { says: 'not held any more', holdUntil: now, wants: { act: 'orphan' } },
    {
      says: 'a refused write is tried again at its time',
      refusedWrite,
      wants: { act: 'keep', events: [], requeueAt: hours(0.1) },
    },
    { says: 'at it', refusedWrite: { ...refusedWrite, retryAt: now }, wants: { act: 'orphan' } },
    {
      says: 'a refused deletion',
      secret: { ...stamped, 'erase-after': hours(-1) },
      refusedWrite,
      wants: { act: 'keep', requeueAt: hours(0.1) },
    },
  ])('$says', (row) => {
    const short = inShort(factsOf(row), row.at ?? now);
    expect(short).toMatchObject(row.wants);
    if (row.wants.changes) expect(short.changes).toEqual(row.wants.changes);
  });

  test('refused at login from then on, whatever it says', () => {
    const facts = factsOf({ says: '', secret: { ...enrolled, 'second-factor': 'off' }, wants: {} });
    const after = secretAfter(facts.secret, decideOrphan(facts, now).secret)!;
    expect(secondFactor({ type: 'exchange2fa.io/totp', annotations: after.annotations }, now)).toEqual({
      kind: 'deny',
      reason: 'Orphaned',
    });
  });

  test('seed and enrolment are kept, to be taken back', () => {
    const facts = factsOf({ says: '', wants: {} });
    const after = secretAfter(facts.secret, decideOrphan(facts, now).secret)!;
    expect(after.annotations).toMatchObject(annotations(enrolled));
  });

  test.each([enrolled, orphan, stamped])('deciding again does nothing and tells nothing', (short) => {
    const facts = factsOf({ says: '', secret: short, wants: {} });
    const first = decideOrphan(facts, now);
    const again = decideOrphan({ ...facts, secret: secretAfter(facts.secret, first.secret)! }, now);
    expect(again).toEqual({ ...first, secret: { kind: 'keep' }, events: [] });
  });
});
