import type { Notice } from '../../core/decision.ts';
import type { EventRecorder, EventRegarding } from '../../kube/events.ts';

/** Tells people what a change was about: `kubectl describe` shows it. */
export const recordEvents = (events: EventRecorder, regarding: EventRegarding, notices: readonly Notice[]): void => {
  for (const { type, reason, note } of notices) events.record(regarding, { type, reason, action: 'Reconcile', note });
};
