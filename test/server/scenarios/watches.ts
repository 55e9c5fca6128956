import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Act, ActiveRule } from '../../support/fault-proxy-rules.ts';
import { sharedCluster, until } from '../../support/scenario-cluster.ts';
import { masked } from '../../support/scenario-golden.ts';
import { type Chapter, newLife, play, seedsOfLife, seedsTaken } from '../../support/scenario-life.ts';
import { account, platform, secretOf } from '../../support/scenario-objects.ts';
import { Stage } from '../../support/scenario-stage.ts';
import { type Tenant, tenantOf } from '../../support/scenario-tenant.ts';

const anna = account('anna');

const expired = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 });

/** What meets each of the three watches of a namespace in every chapter of a life. */
const faults: Readonly<Record<string, Act>> = {
  held: { do: 'hold-events' },
  'held-but-the-last-of-each': { do: 'hold-events', lastOnly: true },
  replayed: { do: 'replay-events', atEvent: 2 },
  swapped: { do: 'swap-events', atEvent: 1 },
  doubled: { do: 'dup' },
  'in-single-bytes': { do: 'split' },
  lost: { do: 'cut', afterEvents: 1 },
  'lost-within-a-line': { do: 'cut', afterEvents: 1, midLine: true },
  ended: { do: 'cut', afterEvents: 1, clean: true },
  'too-old': { do: 'respond', status: 410, body: expired },
  'too-old-in-the-stream': { do: 'respond', status: 200, body: `{"type":"ERROR","object":${expired}}\n` },
  'half-open': { do: 'stall', afterEvents: 1 },
};

const unharmed = 'untouched';
const namespaceOf = (name: string): string => `watches-${name}`;
const watched = ['mailaccounts', 'exchangeplatforms', 'secrets'];

/** What is told late is told after so long. */
const heldMs = 1_000;
/** A watch that says nothing is lost after 100 s (src/kube/reflector/stage.ts). */
const patience = { withinSeconds: 150 };
/** Longer than counts of platforms wait. */
const quietMs = 12_000;
const livesMs = 420_000;

/** The namespace's watches are lost, and meet this when they are opened again. */
const spoil = async ({ stage: { proxy }, namespace }: Tenant, act: Act): Promise<readonly ActiveRule[]> => {
  const watchOf = (resource: string): RegExp => new RegExp(`/namespaces/${namespace}/${resource}\\?watch=true`);
  const rules = watched.map((resource) => proxy.add({ method: 'GET', path: watchOf(resource), nth: 1, act }));
  for (const resource of watched) proxy.cut(watchOf(resource));
  await until('each watch is open again', () => rules.every((rule) => rule.matches() > 0));
  return rules;
};

/** A change without meaning, before one with: an older state that may come after the newer. */
const nudge = (tenant: Tenant): Promise<string> =>
  tenant.kubectl(`annotate mailaccount/anna exchangeplatform/mail example.com/nudged=${Date.now()} --overwrite`);

/** Something that people do, of which the operator hears through spoilt watches. */
const doneMeanwhile = async (tenant: Tenant, act: Act | undefined, deed: () => Promise<void>): Promise<void> => {
  const rules = act ? await spoil(tenant, act) : [];
  await nudge(tenant);
  const released = wait(heldMs).then(() => rules.forEach((rule) => rule.release()));
  await Promise.all([deed(), released]);
  rules.forEach((rule) => rule.remove());
};

/** A half-open watch costs its long silence, so it is so in one chapter only. */
const isMetBy = ({ phase }: Chapter, act: Act): boolean => act.do !== 'stall' || phase === 'Suspended';

/** How status and Secret are at the end of each chapter. */
const live = async (tenant: Tenant, act: Act | undefined): Promise<readonly string[]> => {
  const [beginning, ...chapters] = newLife();
  if (!beginning) throw new Error('a life has a beginning');
  await tenant.given(platform({ retainDeletedHours: 0 }));
  await play(tenant, ['anna'], beginning);
  const ends: string[] = [];
  for (const chapter of chapters) {
    const fault = act && isMetBy(chapter, act) ? act : undefined;
    await doneMeanwhile(tenant, fault, () => play(tenant, ['anna'], chapter, patience));
    ends.push(`${chapter.title}\n${await masked(tenant.stage, tenant.namespace, anna)}`);
  }
  return ends;
};

const isDeleted = async (tenant: Tenant): Promise<void> => {
  await tenant.kubectl('delete mailaccount anna');
  await tenant.eventually(secretOf(anna)).isGone(patience);
};

describe.concurrent('a whole life of an account', () => {
  test(
    'ends as otherwise, with no seed more and then no write, whatever becomes of the watches that tell of it',
    { timeout: livesMs },
    async (context) => {
      const names = [unharmed, ...Object.keys(faults)];
      const namespaces = names.map(namespaceOf);
      const stage = await Stage.raise({ cluster: sharedCluster(), name: 'watches', namespaces });
      context.onTestFinished(() => stage.lower());
      await stage.start();
      const tenants = await Promise.all(namespaces.map((namespace) => tenantOf(stage, namespace, context.expect)));
      const lived = (deed: (tenant: Tenant, act: Act | undefined) => Promise<unknown>): Promise<unknown[]> =>
        Promise.all(tenants.map((tenant, index) => deed(tenant, faults[names[index] ?? ''])));

      const [expected, ...ends] = await lived(live);
      for (const [index, end] of ends.entries()) expect(end, names[index + 1]).toEqual(expected);

      await wait(quietMs);
      const written = stage.writes().length;
      await wait(quietMs);
      expect(stage.writes().slice(written)).toEqual([]);

      await lived((tenant, act) =>
        doneMeanwhile(tenant, act?.do === 'stall' ? undefined : act, () => isDeleted(tenant)),
      );
      const seeds = tenants.map((tenant) => seedsTaken(tenant, anna));
      expect(seeds).toEqual(tenants.map(() => seedsOfLife));
    },
  );
});
