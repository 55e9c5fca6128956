import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CodeVerdict } from '../authenticator/authenticator.ts';
import { formOf } from './authorize.ts';
import type { PagesContext } from './context.ts';
import { redirect } from './send.ts';
import type { SessionVisit } from './session-visit.ts';
import type { PageSession, TypedProblem } from './session.ts';
import { keepDeviceToken, keepSession } from './session-cookies.ts';

/** More than any code with its spaces; longer ones are cut, and malformed all the same. */
const longestTyped = 64;

const typedIn = (request: FastifyRequest, name: string): string => {
  const value = formOf(request)[name];
  return typeof value === 'string' ? value.slice(0, longestTyped) : '';
};

/** A code was typed: it is judged, and the page that follows says how it went. */
export const codeTyped = async (
  context: PagesContext,
  visit: SessionVisit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const { session, namespace, asker, place, nowMs } = visit;
  // A page that the browser kept, shown again by its back button.
  if (session.passed) return redirect(reply, `${place.path}/answer`);
  const verdict = await context.authenticator.verify({ namespace, address: session.address }, asker, {
    code: typedIn(request, 'code'),
    mintedAt: typedIn(request, 'minted_at'),
    enrollmentCode: session.enrollmentCode,
    idempotencyKey: session.key,
  });
  if (verdict.kind !== 'accepted') {
    await keepSession(reply, afterRefusal(session, verdict), context.keys);
    return redirect(reply, place.path);
  }
  keepDeviceToken(reply, { namespace, address: session.address }, verdict.deviceToken, verdict.deviceTokenUntil);
  const guesses = guessesOf(session, verdict.wrongCodesBefore);
  const passed = { at: nowMs, guesses };
  await keepSession(reply, { ...session, problem: undefined, passed }, context.keys);
  return redirect(reply, `${place.path}/${guesses > 0 ? 'signed-in' : 'answer'}`);
};

/**
 * A wrong code of this session, of which the record now counts so many in a row. The same number again: it was typed twice
 * and counted once. A smaller one: somebody signed in meanwhile, and what was typed here before is told already.
 */
const oneMore = ({ wrong: { own, row } = { own: 0, row: 0 } }: PageSession, counted: number) => {
  if (counted === row) return { own, row };
  return { own: counted < row ? 1 : own + 1, row: counted };
};

/** Wrong codes before an accepted one that were not typed here. */
const guessesOf = ({ wrong }: PageSession, counted: number): number =>
  wrong === undefined || counted < wrong.row ? counted : counted - wrong.own;

const afterRefusal = (session: PageSession, verdict: CodeVerdict): PageSession => ({
  ...session,
  problem: problemOf(verdict),
  ...(verdict.kind === 'wrong' && { wrong: oneMore(session, verdict.wrongCodes) }),
  ...(verdict.kind === 'enrollmentCode' && { enrollmentCode: undefined }),
});

/** What the next page has to say beside what it finds itself; a wait, a lock or a suspension it finds itself. */
const problemOf = (verdict: CodeVerdict): TypedProblem | undefined => {
  switch (verdict.kind) {
    case 'wrong':
      return { kind: 'wrong', ...(verdict.clock && { clock: verdict.clock }) };
    case 'malformed':
      return { kind: 'malformed', ...(verdict.digits !== undefined && { digits: verdict.digits }) };
    case 'replayed':
    case 'seedChanged':
    case 'unavailable':
      return { kind: verdict.kind };
    case 'enrollmentCode':
      return { kind: verdict.problem === 'missing' ? 'enrollmentCodeMissing' : 'enrollmentCodeWrong' };
    case 'accepted':
    case 'waiting':
    case 'none':
    case 'deny':
      return undefined;
  }
};

/** An enrolment code was typed: it is kept, and judged where the QR would be shown. */
export const enrollmentCodeTyped = async (
  context: PagesContext,
  { session, place }: SessionVisit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const typed = typedIn(request, 'enrollment_code').trim();
  const next: PageSession =
    typed === ''
      ? { ...session, enrollmentCode: undefined, problem: { kind: 'enrollmentCodeMissing' } }
      : { ...session, enrollmentCode: typed, problem: undefined };
  await keepSession(reply, next, context.keys);
  return redirect(reply, place.path);
};
