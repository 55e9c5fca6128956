import fc from 'fast-check';
import { formatFailures, noFailures } from '../../../../src/api/failures.ts';
import { formatMilliseconds, formatSeconds } from '../../../../src/api/instants.ts';
import { annotation, read, type Annotations } from '../../../../src/api/record.ts';
import { secondFactor } from '../../../../src/core/second-factor.ts';
import { accountAsks, hourMs, platformAsks } from './asks.ts';
import type { Server } from './server.ts';

/** One thing that happens in a life. */
export interface Step {
  /** For the report of a failure. */
  readonly name: string;
  readonly run: (server: Server) => void;
  /** Somebody took the Secret away or put another there: caches know of it. */
  readonly isByHand?: true;
}

const step = (name: string, run: Step['run']): Step => ({ name, run });
const byHand = (name: string, run: Step['run']): Step => ({ name, run, isByHand: true });

const edits: fc.Arbitrary<Step> = fc.oneof(
  accountAsks.map((asks) => step(`account ${JSON.stringify(asks)}`, (server) => server.putAccount('anna', asks))),
  platformAsks.map((asks) => step(`platform ${JSON.stringify(asks)}`, (server) => server.putPlatform(asks))),
  fc.constantFrom(
    step('account deleted', (server) => server.deleteAccount('anna')),
    step('another account', (server) => server.putAccount('bert', {})),
    step('another account deleted', (server) => server.deleteAccount('bert')),
    step('platform deleted', (server) => server.deletePlatform()),
  ),
);

const times: fc.Arbitrary<Step> = fc
  .constantFrom(1000, hourMs / 2, hourMs / 2, hourMs, hourMs, 3 * hourMs, -hourMs / 4)
  .map((ms) => step(`${ms / hourMs} h pass`, (server) => void (server.now += ms)));

const enrol = (server: Server): void => {
  const verdict = secondFactor(server.record, server.now);
  if (verdict.kind !== 'enroll' || verdict.enrollmentCode.kind === 'notIssued') return;
  server.annotateSecret((annotations) => ({
    ...annotations,
    [annotation.enrolledAt]: formatSeconds(server.now),
    [annotation.lastStep]: `${Math.floor(server.now / 30_000)}`,
    [annotation.firstShownAt]: formatSeconds(server.now),
  }));
};

const wrongCodes = (server: Server, count: number): void => {
  const { kind } = secondFactor(server.record, server.now);
  if (kind !== 'enroll' && kind !== 'code') return;
  server.annotateSecret((annotations) => {
    const { row, unknown, known } = read(annotations, annotation.failures) ?? noFailures;
    const seconds = Array.from({ length: count }, () => Math.floor(server.now / 1000));
    return {
      ...annotations,
      [annotation.failures]: formatFailures({ row: row + count, unknown: [...unknown, ...seconds].slice(-25), known }),
    };
  });
};

const login: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(step('enrols', enrol)) },
  fc.constantFrom(1, 5, 25, 100).map((count) => step(`${count} wrong codes`, (server) => wrongCodes(server, count))),
);

const without = (annotations: Annotations, ...keys: string[]): Annotations =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => !keys.includes(key)));

/** As of a backup from before the last minting. */
const olderSeed = (annotations: Annotations): Annotations => {
  const mintedAt = read(annotations, annotation.mintedAt);
  return mintedAt === undefined
    ? annotations
    : { ...annotations, [annotation.mintedAt]: formatMilliseconds(mintedAt - 4 * hourMs) };
};

/** Annotations that somebody may spoil. Not `off`, windows or the code: the policies keep people from those. */
const spoilt = [
  annotation.secondFactor,
  annotation.enrollUntil,
  annotation.failures,
  annotation.lastStep,
  annotation.mintedAt,
];

/** What a person with too many rights, or a disaster, does to the Secret and the status. */
const disasters: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(
    byHand('Secret deleted', (server) => server.putSecret(undefined)),
    byHand('backup taken', (server) => void (server.backup = server.view.secret)),
    byHand('backup restored', (server) => server.putSecret(server.backup)),
    byHand('status lost', (server) => server.putStatus('anna', { observedGeneration: -1 })),
    byHand('an older seed restored', (server) => server.annotateSecret(olderSeed)),
    byHand('label lost', (server) => {
      const { secret } = server.view;
      if (secret) server.putSecret({ ...secret, facts: { ...secret.facts, platformLabel: undefined } });
    }),
    byHand('enrolment lost', (server) =>
      server.annotateSecret((annotations) => without(annotations, annotation.enrolledAt, annotation.lastStep)),
    ),
    byHand('receipt lost', (server) =>
      server.annotateSecret((annotations) => without(annotations, annotation.mintedAt)),
    ),
  ),
  fc
    .constantFrom(...spoilt)
    .map((key) =>
      byHand(`${key} spoilt`, (server) => server.annotateSecret((annotations) => ({ ...annotations, [key]: '?' }))),
    ),
);

/** Anything that can happen in a life. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: edits },
  { weight: 3, arbitrary: times },
  { weight: 3, arbitrary: login },
  { weight: 2, arbitrary: disasters },
);
