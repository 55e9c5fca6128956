import type { MailAccountStatus } from './generated/mail-account.ts';

/** What a login meets, in the one word of `status.phase`. */
export type Phase = NonNullable<MailAccountStatus['phase']>;

/** Every phase. */
export const phases = [
  'Off',
  'Suspended',
  'Enrolling',
  'Enforced',
  'Locked',
  'Blocked',
] as const satisfies readonly Phase[];
