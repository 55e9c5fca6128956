import { createHash, randomBytes } from 'node:crypto';

/** What a MailAccount says of an enrolment code: `sha256:<salt>:<SHA-256(salt ‖ code)>`, the code without hyphens. */
export const hashOf = (code: string): string => {
  const salt = randomBytes(16);
  const digest = createHash('sha256').update(salt).update(code.replaceAll('-', '').toUpperCase()).digest('hex');
  return `sha256:${salt.toString('hex')}:${digest}`;
};
