import { beforeAll, describe, expect, test } from 'vitest';
import { Canary, formsOf, seedsIn } from '../../support/canary.ts';
import { printed } from '../../support/scenario-cluster.ts';
import { sharedStage } from '../../support/scenario.ts';
import { stages } from '../../support/scenario-stage.ts';

/** Seeds are minted by the hundred; fewer would mean that this test looks in the wrong place. */
const leastSeeds = 500;

let canary: Canary;
let seeds: ReadonlySet<string>;

const found = (texts: readonly string[]): readonly string[] => {
  expect(texts.join('').length).toBeGreaterThan(0);
  return texts.filter((text) => canary.foundIn(text).size > 0).map((text) => text.slice(0, 200));
};

describe('none of the seeds that were minted in these scenarios', () => {
  beforeAll(async () => {
    await sharedStage().look(sharedStage().operator);
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
    expect(found(stages.flatMap(({ operators }) => operators.flatMap(({ lines }) => lines)))).toEqual([]);
  });

  test('is in an object that people can read, an Event, a metric, or an argument of a process', () => {
    expect(found(stages.flatMap(({ shown }) => shown))).toEqual([]);
  });

  test('is in anything that kubectl printed, but for the Secret itself', () => {
    expect(found(printed)).toEqual([]);
  });

  test('is in a request of an operator, but for the one write that takes it to its Secret', () => {
    const requests = stages.flatMap(({ proxy }) => proxy.requests);
    const others = requests.filter((request) => seedsIn(request).length === 0).map(({ path, body }) => path + body);
    expect(found(others)).toEqual([]);
    expect(found(requests.map(({ path }) => path))).toEqual([]);
  });
});
