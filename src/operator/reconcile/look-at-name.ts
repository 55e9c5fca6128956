import type { Result } from '../../kube/client/errors.ts';
import { lookAtSecret } from '../see/look.ts';
import type { Surroundings } from './surroundings.ts';

/** Reads what has the name of a mailbox's Secret, and remembers it where that is somebody else's. */
export const lookAtName = async (
  op: Surroundings,
  mailboxKey: string,
): Promise<Result<'ours' | 'foreign' | 'none'>> => {
  const found = await lookAtSecret(op, mailboxKey);
  if (!found.ok) return found;
  if (found.value === 'foreign') op.setbacks.markForeign(mailboxKey, op.clock.now());
  else op.setbacks.clearForeign(mailboxKey);
  return found;
};
