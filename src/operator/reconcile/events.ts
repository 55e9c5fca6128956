import { apiVersion } from '../../api/names.ts';
import type { Notice } from '../../core/decision.ts';
import type { AccountFacts, PlatformFacts } from '../../core/facts.ts';
import type { EventRecorder, EventRegarding } from '../../kube/events/events.ts';

/** An account or a platform, as an Event names it. */
export const regardingOf = (kind: string, facts: AccountFacts | PlatformFacts): EventRegarding => {
  const { namespace, name, uid, resourceVersion } = facts;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
};

/** Tells people what a change was about: `kubectl describe` shows it. */
export const recordEvents = (events: EventRecorder, regarding: EventRegarding, notices: readonly Notice[]): void => {
  for (const { type, reason, note } of notices) events.record(regarding, { type, reason, action: 'Reconcile', note });
};
