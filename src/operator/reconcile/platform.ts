import type { Instant } from '../../api/instants.ts';
import { platformKind, platformsResource } from '../../api/names.ts';
import { decidePlatform, firstCountsAt, nextCountsAt } from '../../core/platform.ts';
import { statusPatch, writeStatus } from '../do/status.ts';
import { lookAtPlatform } from '../see/look.ts';
import { afterWrite } from './after-write.ts';
import { recordEvents, regardingOf } from './events.ts';
import { afterFailedRead, type Next, type ReconcileContext } from './context.ts';
import { Tally } from '../see/tally.ts';

const nobody = new Tally();

/** When a platform's counts may be written again, by the platform's key. */
export type CountsDue = Map<string, Instant>;

const remember = (countsDue: CountsDue, key: string, due: Instant | undefined): void => {
  if (due === undefined) countsDue.delete(key);
  else countsDue.set(key, due);
};

/** Brings a platform's status in step with its spec and its accounts. */
export const reconcilePlatform = async (
  context: ReconcileContext,
  key: string,
  countsDue: CountsDue,
): Promise<Next> => {
  const { world, clock, setbacks } = context;
  const known = world.platform(key);
  if (known && setbacks.isUnsure(key)) {
    const look = await lookAtPlatform(context, known.namespace, known.name);
    if (!look.ok) return afterFailedRead(context, key, look.error);
    setbacks.clearUnsure(key);
  }
  const platform = world.platform(key);
  if (!platform) {
    countsDue.delete(key);
    setbacks.forget(key);
    return { kind: 'done' };
  }
  const tally = world.tally(key) ?? nobody;
  const counts = tally.counts();
  const now = clock.now();
  const due = countsDue.get(key) ?? firstCountsAt(platform.status.accounts, counts, now);
  remember(countsDue, key, due > now ? due : undefined);
  const view = { platform, counts, pending: tally.pending, countsDueAt: due };
  const { status, events, requeueAt } = decidePlatform(view, now);
  const patch = statusPatch(platform.status, status);
  if (patch) {
    if (!context.mayWrite(platform.namespace)) return { kind: 'done' };
    const outcome = await writeStatus(context, platformsResource, platform, platform.resourceVersion, patch);
    context.metrics.wrote('platform-status', 'patch', outcome.kind);
    if (outcome.kind !== 'done') return afterWrite(context, key, outcome);
    if ('accounts' in patch) remember(countsDue, key, nextCountsAt(counts, now));
    world.wrotePlatformStatus(platform, outcome.value, status);
    context.log.info(
      { platform: `${platform.namespace}/${platform.name}`, counts, pending: tally.pending },
      'reconciled',
    );
  }
  recordEvents(context.events, regardingOf(platformKind, platform), events);
  return { kind: 'done', requeueAt };
};
