import type {
  Asker,
  Denied,
  DespiteSuspension,
  Enrolling,
  LoginRequirement,
  ShownEnrollment,
} from '../authenticator/authenticator.ts';
import type { LoginDependencies } from '../dependencies.ts';
import { writtenInstant, writtenWait } from '../locales/time.ts';
import type { Notice, Texts } from '../locales/texts.ts';
import type { SecondFactorResult } from '../oidc/id-token.ts';
import { retryAfter } from '../retry-after.ts';
import type { Page } from './layout.ts';
import { problemSentences } from './problems.ts';
import type { Sending } from './send.ts';
import type { PageSession } from './session.ts';
import { codePage } from './views/code.ts';
import { enrollPage } from './views/enroll.ts';
import { enrollmentCodePage } from './views/enrollment-code.ts';
import { noticePage, type FormPlace } from './views/parts.ts';
import { waitingPage } from './views/waiting.ts';

/** What a session is shown: a page, perhaps with a session that learned something; or the answer, as no code is asked for. */
export type Shown =
  | { readonly kind: 'page'; readonly page: Page; readonly sending?: Sending; readonly session?: PageSession }
  | { readonly kind: 'answer'; readonly result: SecondFactorResult };

/** One request for the page of a session. */
export interface Visit {
  readonly session: PageSession;
  readonly place: FormPlace;
  readonly asker: Asker;
  readonly namespace: string;
  readonly nowMs: number;
}

const subjectOf = ({ namespace, session: { address } }: Visit) => ({ namespace, address });

/** What a login meets at this instant, as a page. */
export const show = async ({ authenticator }: LoginDependencies, visit: Visit): Promise<Shown> => {
  const requirement = await authenticator.meets(subjectOf(visit), visit.asker);
  return requirement.kind === 'enroll'
    ? showEnrolling(authenticator, visit, requirement)
    : showRequirement(visit, requirement);
};

const showRequirement = (visit: Visit, requirement: Exclude<LoginRequirement, Enrolling>): Shown => {
  const { place, session, nowMs } = visit;
  const { texts } = place;
  const problems = problemSentences(session.problem, texts);
  switch (requirement.kind) {
    case 'none':
      return { kind: 'answer', result: requirement };
    case 'deny':
      return refusal(visit, denial(requirement, texts), requirement);
    case 'unavailable':
      return {
        kind: 'page',
        page: noticePage(place, texts.notice.unavailable, { tryAgain: place.path, address: session.address }),
        sending: { status: 503, retryAfterSeconds: requirement.retryAfterSeconds },
      };
    case 'code': {
      if (requirement.notBefore === undefined) return { kind: 'page', page: codePage(place, requirement, problems) };
      const waitMs = requirement.notBefore - nowMs;
      return {
        kind: 'page',
        page: waitingPage(place, { asked: requirement, wait: writtenWait(texts.formats, waitMs), problems }),
        sending: { status: 429, retryAfterSeconds: retryAfter(waitMs) },
      };
    }
  }
};

const refusal = (
  { place, session: { address } }: Visit,
  said: Notice,
  { suspensionIgnored }: DespiteSuspension,
): Shown => ({
  kind: 'page',
  page: noticePage(place, said, { address, suspensionIgnored }),
  sending: { status: 403 },
});

/** A page does not tell apart why a mailbox can't complete its second step: that is the help desk's to look up. */
const denial = ({ reason, until }: Denied, { formats, notice: said }: Texts): Notice => {
  switch (reason) {
    case 'Locked':
      return said.locked(until === undefined ? undefined : writtenInstant(formats, until));
    case 'EnrollmentExpired':
      return said.enrollmentExpired;
    case 'NoSecret':
    case 'Orphaned':
    case 'SecretInvalid':
    case 'Refused':
    case 'SeedLost':
      return said.notSetUp;
  }
};

const showEnrolling = async (
  authenticator: LoginDependencies['authenticator'],
  visit: Visit,
  enrolling: Enrolling,
): Promise<Shown> => {
  const { session, place } = visit;
  const { enrollmentCode } = session;
  const { enrollmentCode: needed } = enrolling;
  if (needed === 'notIssued') return refusal(visit, place.texts.notice.codeNotIssued, enrolling);
  if (needed === 'needed' && enrollmentCode === undefined) return askEnrollmentCode(visit, enrolling, session);

  const enrollment = await authenticator.showEnrollment(subjectOf(visit), visit.asker, { enrollmentCode });
  if (enrollment.kind === 'shown') return showQr(visit, enrollment);
  if (enrollment.kind !== 'enrollmentCode') return showRequirement(visit, enrollment);
  if (enrollment.problem === 'notIssued') return refusal(visit, place.texts.notice.codeNotIssued, enrollment);
  // It was replaced meanwhile, or never right.
  const problem = { kind: enrollment.problem === 'wrong' ? 'enrollmentCodeWrong' : 'enrollmentCodeMissing' } as const;
  return askEnrollmentCode(visit, enrollment, { ...session, enrollmentCode: undefined, problem });
};

const askEnrollmentCode = ({ place }: Visit, asked: DespiteSuspension, session: PageSession): Shown => ({
  kind: 'page',
  page: enrollmentCodePage(place, asked, problemSentences(session.problem, place.texts)),
  session: { ...session, enrolling: true },
});

const showQr = (visit: Visit, shown: ShownEnrollment): Shown => {
  const { session, place, nowMs } = visit;
  const { formats } = place.texts;
  const isFirst = !shown.shownBefore || session.firstShownHere === shown.mintedAt;
  const page = enrollPage(place, {
    shown,
    problems: problemSentences(session.problem, place.texts),
    isAboutPage: session.problem?.kind === 'seedChanged',
    shownBefore: isFirst ? undefined : writtenInstant(formats, shown.firstShownAt),
    wait: shown.notBefore === undefined ? undefined : writtenWait(formats, shown.notBefore - nowMs),
  });
  const firstShownHere = isFirst ? { firstShownHere: shown.mintedAt } : {};
  return { kind: 'page', page, session: { ...session, ...firstShownHere, enrolling: true } };
};
