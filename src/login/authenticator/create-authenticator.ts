import type { Audit } from '../audit.ts';
import type { Subject } from '../secrets/subject.ts';
import type { Asker, Authenticator, LoginRequirement } from './authenticator.ts';
import { showEnrollment } from './enrollment.ts';
import { judgedAt } from './judged.ts';
import { requirementOf } from './login-requirement.ts';
import { occasionOf, type Parts } from './parts.ts';
import { verify } from './verification.ts';

const meets = async (parts: Parts, subject: Subject, asker: Asker): Promise<LoginRequirement> => {
  const found = await parts.store.read(subject);
  if (found.kind === 'unavailable') return found;
  const occasion = await occasionOf(parts, subject, asker, found.secret);
  return requirementOf(judgedAt(found.secret, occasion), asker);
};

/** The authenticator of pages and API: its only store are the Secrets. */
export const createAuthenticator = (parts: Parts, audit: Audit): Authenticator => ({
  meets: async (subject, asker) => audit.record('login', subject, asker, await meets(parts, subject, asker)),
  showEnrollment: async (subject, asker, given = {}) =>
    audit.record('enroll', subject, asker, await showEnrollment(parts, subject, asker, given)),
  verify: async (subject, asker, typed) =>
    audit.record('verify', subject, asker, await verify(parts, subject, asker, typed)),
});
