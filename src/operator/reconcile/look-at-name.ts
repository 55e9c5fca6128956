import type { Result } from '../../kube/client/errors.ts';
import { lookAtSecret } from '../see/look.ts';
import type { ReconcileContext } from './context.ts';

/** Reads what has the name of a mailbox's Secret, and remembers it where that is somebody else's. */
export const lookAtName = async (
  context: ReconcileContext,
  mailboxKey: string,
): Promise<Result<'ours' | 'foreign' | 'none'>> => {
  const found = await lookAtSecret(context, mailboxKey);
  if (!found.ok) return found;
  if (found.value === 'foreign') context.setbacks.markForeign(mailboxKey, context.clock.now());
  else context.setbacks.clearForeign(mailboxKey);
  return found;
};
