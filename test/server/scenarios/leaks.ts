import { beforeAll, describe, expect, test } from 'vitest';
import { Canary, formsOf, seedsIn } from '../../support/canary.ts';
import { printed } from '../../support/scenario-cluster.ts';
import { sharedStage } from '../../support/scenario.ts';
import { type Stage, stages } from '../../support/scenario-stage.ts';

/** Seeds are minted by the hundred; fewer would mean that this test looks in the wrong place. */
const leastSeeds = 500;

let canary: Canary;
let seeds: ReadonlySet<string>;

/** On a control plane of our own, which can only be had where its programs are (storage.ts). */
const isAudited = ({ clusterWide }: Stage): boolean => clusterWide;

/** The texts that contain a seed; `marks` are what they contain for certain, so that they are the right ones. */
const found = (texts: readonly string[], marks: readonly string[]): readonly string[] => {
  const missing = marks.filter((mark) => !texts.some((text) => text.includes(mark)));
  expect(missing, 'what is searched lacks this').toEqual([]);
  return texts.filter((text) => canary.foundIn(text).size > 0).map((text) => text.slice(0, 200));
};

describe('none of the seeds that were minted in these scenarios', () => {
  beforeAll(async () => {
    // It says some things only when it ends.
    await sharedStage().stop();
    await sharedStage().gather();
    seeds = new Set(stages.flatMap(({ proxy }) => proxy.requests).flatMap(seedsIn));
    canary = new Canary(seeds);
  });

  test('is missed by the search, in any form, within anything', () => {
    expect(seeds.size).toBeGreaterThan(leastSeeds);
    const [seed = ''] = seeds;
    for (const form of formsOf(seed)) expect([...canary.foundIn(`{"any":"text/${form}%20text"}`)]).toEqual([seed]);
    const uri = `otpauth://totp/Example%20Mail:anna%40example.com?secret=${seed}&issuer=Example%20Mail`;
    for (const text of [
      uri,
      encodeURIComponent(uri),
      Buffer.from(uri).toString('base64'),
      Buffer.from(uri).toString('hex'),
    ]) {
      expect([...canary.foundIn(text)]).toEqual([seed]);
    }
  });

  test('is in what an operator said, or in the last words of one that was killed', () => {
    const lines = stages.flatMap(({ operators }) => operators.flatMap((operator) => operator.lines));
    expect(found(lines, ['"msg":"listening"', '"secret":"replace"', '"msg":"looking again"'])).toEqual([]);
  });

  test('is in an object that people can read, an Event, a metric, an argument of a process, or the audit log', () => {
    const marks = ['exchange2fa.io/minted-at', '"seedMintedAt"', '"reason":"Enrolled"', '# HELP ', '--namespaces'];
    const shown = stages.flatMap((stage) => stage.shown);
    expect(found(shown, [...marks, ...(stages.some(isAudited) ? ['"level":"Metadata"'] : [])])).toEqual([]);
  });

  test('is in anything that kubectl printed, but for the Secret itself', () => {
    expect(found(printed, ['mailaccount.exchange2fa.io/anna created'])).toEqual([]);
  });

  test('is in a request of an operator, but for the one write that takes it to its Secret', () => {
    const requests = stages.flatMap(({ proxy }) => proxy.requests);
    const others = requests.filter((request) => seedsIn(request).length === 0).map(({ path, body }) => path + body);
    expect(found(others, ['exchange2fa.io/second-factor'])).toEqual([]);
    const paths = requests.map(({ path }) => path);
    expect(found(paths, ['fieldSelector=type%3Dexchange2fa.io%2Ftotp'])).toEqual([]);
  });

  test('comes back to an operator: it asks for the metadata of Secrets only, also as the answer to a write', () => {
    const asked = stages.flatMap(({ proxy }) => proxy.requests).filter(({ resource }) => resource === 'secrets');
    const forWhole = asked.filter(({ accept }) => !/as=PartialObjectMetadata/.test(accept));
    expect(asked.length).toBeGreaterThan(0);
    expect(forWhole.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});
