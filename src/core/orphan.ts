import { formatSeconds, hourMs, parseSeconds, secondMs, type Instant } from '../api/instants.ts';
import { annotation } from '../api/record.ts';
import { earliestAfter, isIrreversible, type OrphanDecision, type SecretAct } from './decision.ts';
import type { OrphanFacts } from './facts.ts';
import { readPlatform, understood } from './wishes.ts';

const keep: SecretAct = { kind: 'keep' };

/** How long the platform keeps a deleted account's Secret; undefined where no platform can be asked. */
const retainMs = ({ platform }: OrphanFacts): number | undefined => {
  const wishes = understood(platform && readPlatform(platform.spec));
  return wishes && wishes.retainDeletedHours * hourMs;
};

const wantedAct = (facts: OrphanFacts, now: Instant): SecretAct => {
  const { annotations } = facts.secret;
  const retain = retainMs(facts);
  const eraseAfter = retain === undefined ? {} : { [annotation.eraseAfter]: formatSeconds(now + retain) };
  if (annotations[annotation.orphanedAt] === undefined) {
    const stale = annotations[annotation.eraseAfter] === undefined ? {} : { [annotation.eraseAfter]: null };
    return {
      kind: 'orphan',
      patch: { annotations: { [annotation.orphanedAt]: formatSeconds(now), ...stale, ...eraseAfter } },
    };
  }
  const stamped = annotations[annotation.eraseAfter];
  if (stamped === undefined)
    return retain === undefined ? keep : { kind: 'annotate', patch: { annotations: eraseAfter } };
  const due = parseSeconds(stamped);
  return due !== undefined && due <= now ? { kind: 'delete' } : keep;
};

/** When the Secret is to be deleted. If this very decision stamps it, a second from now at the earliest. */
const eraseAfterOf = (text: string | undefined, isStampedNow: boolean, now: Instant): Instant | undefined => {
  const eraseAfter = parseSeconds(text ?? '');
  return eraseAfter !== undefined && isStampedNow ? Math.max(eraseAfter, now + secondMs) : eraseAfter;
};

/**
 * What happens to a Secret whose address no account has: refused at login at once, deleted when the platform's
 * `retainDeletedHours` are over. They count from when a platform is first known, and are stamped once.
 */
export const decideOrphan = (facts: OrphanFacts, now: Instant): OrphanDecision => {
  const { holdUntil, refusedWrite, secret } = facts;
  const wanted = wantedAct(facts, now);
  const isHeld = isIrreversible(wanted) && holdUntil !== undefined && now < holdUntil;
  const isRefused = wanted.kind !== 'keep' && refusedWrite !== undefined && now < refusedWrite.retryAt;
  const act = isHeld || isRefused ? keep : wanted;
  const isStamped = act.kind === 'orphan' || act.kind === 'annotate';
  const stamped = isStamped ? act.patch.annotations : secret.annotations;
  return {
    secret: act,
    events:
      act.kind === 'orphan'
        ? [{ type: 'Normal', reason: 'Orphaned', note: 'no MailAccount has this address any more; logins are refused' }]
        : [],
    requeueAt: earliestAfter(now, [
      eraseAfterOf(stamped[annotation.eraseAfter] ?? undefined, isStamped, now),
      isHeld ? holdUntil : undefined,
      isRefused ? refusedWrite.retryAt : undefined,
    ]),
  };
};
