import type { RefusedWrite } from '../../core/facts.ts';
import type { KubeError } from '../../kube/client/errors.ts';
import type { WriteOutcome } from '../do/outcome.ts';
import { retry, type Next, type ReconcileContext } from './context.ts';

/** A refused write is tried again after two to three minutes, or as soon as the mailbox changes: not all at one time. */
const refusedRetry = { shortestMs: 120_000, spreadMs: 60_000 };

const refusedRetryMs = ({ random }: ReconcileContext): number =>
  refusedRetry.shortestMs + random.fraction() * refusedRetry.spreadMs;

/** What is remembered of a write that the API server refused. */
export const refusal = (
  context: ReconcileContext,
  key: string,
  { status, field }: WriteOutcome<never> & { kind: 'refused' },
): RefusedWrite => {
  context.log.error({ key, status, field }, 'the API server refuses to write the Secret');
  return { status, field, retryAt: Math.ceil(context.clock.now() + refusedRetryMs(context)) };
};

/** Conflicts end by themselves; what goes on so long is for a person to see, once: the status may never say it. */
const inVainBeforeTold = 3;

const lookAgain = ({ log, setbacks }: ReconcileContext, key: string, { text }: KubeError): void => {
  const times = setbacks.markUnsure(key);
  if (times === inVainBeforeTold) {
    log.warn(
      { key, error: text, times },
      'writes are in vain or end unknown, in a row; tried again, up to 5 min apart',
    );
  } else log.debug({ key, error: text, times }, 'looking again');
};

/** What to do after a write that was not done; a Secret's refusal becomes a fact instead, see {@link refusal}. */
export const afterWrite = (
  context: ReconcileContext,
  key: string,
  outcome: Exclude<WriteOutcome<never>, { kind: 'done' }>,
): Next => {
  switch (outcome.kind) {
    case 'lookAgain':
      lookAgain(context, key, outcome.error);
      return retry;
    case 'failed':
      context.log.warn({ key, error: outcome.error.text }, 'write failed; it is tried again');
      return { kind: 'retry', atLeastMs: outcome.retryAfterMs };
    case 'refused':
      context.log.error(
        { key, status: outcome.status, field: outcome.field },
        'the API server refuses to write the status',
      );
      return { kind: 'retry', atLeastMs: refusedRetryMs(context) };
    case 'aborted':
      return { kind: 'done' };
  }
};
