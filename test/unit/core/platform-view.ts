import { formatSeconds } from '../../../src/api/instants.ts';
import { conditionOf } from '../../../src/core/conditions.ts';
import type { PlatformFacts } from '../../../src/core/facts.ts';
import { decidePlatform, type Counts, type PlatformView } from '../../../src/core/platform.ts';
import { now } from './given.ts';

export const counts: Counts = { total: 6, enforced: 1, enrolling: 1, suspended: 1, locked: 1, off: 1, blocked: 1 };
export const viewOf = (facts: PlatformFacts, more: Partial<PlatformView> = {}): PlatformView => ({
  platform: facts,
  counts,
  pending: 0,
  countsDueAt: now,
  ...more,
});

export const inShort = (view: PlatformView, instant = now) => {
  const { status, events, requeueAt } = decidePlatform(view, instant);
  const words = (type: string) => {
    const condition = conditionOf(status, type);
    return condition && `${condition.status} ${condition.reason}`;
  };
  return {
    ready: words('Ready'),
    reconciling: words('Reconciling'),
    stalled: words('Stalled'),
    readyMessage: conditionOf(status, 'Ready')?.message,
    events: events.map(({ reason }) => reason),
    requeueAt: requeueAt === undefined ? undefined : formatSeconds(requeueAt),
  };
};

/** The platform with the status that was decided for it. */
export const after = (view: PlatformView, instant = now): PlatformFacts => ({
  ...view.platform,
  status: decidePlatform(view, instant).status,
});
