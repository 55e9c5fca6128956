import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Asker } from '../authenticator/authenticator.ts';
import type { ApiCaller, ApiScope } from '../config/config.ts';
import type { LoginDependencies } from '../dependencies.ts';
import type { Subject } from '../secrets/subject.ts';
import { type Answer, enrollAnswerOf, loginAnswerOf, verifyAnswerOf } from './answers.ts';
import type { Callers } from './callers.ts';
import { type ProblemName, problemOfDenial, problemOfEnrollmentCode } from './problems.ts';
import {
  enrollAnswer,
  enrollBody,
  loginAnswer,
  loginBody,
  problemAnswers,
  verifyAnswer,
  verifyBody,
  verifyHeaders,
} from './schemas.ts';
import { sendAnswer, sendProblem } from './send.ts';

/** Of every route. */
interface AboutSomebody {
  readonly address: string;
  readonly deviceToken?: string;
}

type Enroll = AboutSomebody & { readonly enrollmentCode?: string };
type Verify = Enroll & { readonly code: string; readonly mintedAt?: string };

const everyProblem = [
  'bad-request',
  'unauthorized',
  'missing-scope',
  'address-not-served',
  'method-not-allowed',
  'too-large',
  'not-json',
  'rate-exceeded',
  'internal',
  'unavailable',
] as const satisfies readonly ProblemName[];

const denials = [...Object.values(problemOfDenial), ...Object.values(problemOfEnrollmentCode)];

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls the API; set before the body is read. */
    apiCaller?: ApiCaller;
  }
}

/** Before the body is read: who is not admitted learns nothing from it. */
const admitting =
  (callers: Callers, scope: ApiScope) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { authorization } = request.headers;
    const admission = await callers.admit({ authorization, remote: request.ip }, scope);
    if (admission.kind === 'problem') return sendProblem(reply, admission.problem);
    request.apiCaller = admission.caller;
    return undefined;
  };

const isServed = ({ mailDomains }: ApiCaller, address: string): boolean =>
  mailDomains === undefined || mailDomains.includes(address.slice(address.lastIndexOf('@') + 1).toLowerCase());

/** Asks on behalf of the caller, in its one namespace. */
const asking = async (
  { apiCaller: caller }: FastifyRequest,
  reply: FastifyReply,
  { address, deviceToken }: AboutSomebody,
  ask: (subject: Subject, asker: Asker) => Promise<Answer>,
): Promise<FastifyReply> => {
  if (!caller) return sendProblem(reply, { name: 'unauthorized' });
  if (!isServed(caller, address)) return sendProblem(reply, { name: 'address-not-served' });
  const { namespace, name: relyingParty, mode } = caller;
  return sendAnswer(reply, await ask({ namespace, address }, { relyingParty, mode, deviceToken }));
};

const described = (
  operationId: string,
  summary: string,
  body: object,
  answer: object,
  problems: readonly ProblemName[],
) => ({
  operationId,
  summary,
  body,
  response: { 200: answer, ...problemAnswers([...everyProblem, ...problems]) },
});

/** The three questions of a login. */
export const routes = (app: FastifyInstance, { authenticator, clock }: LoginDependencies, callers: Callers): void => {
  app.post<{ Body: AboutSomebody }>(
    '/login',
    {
      onRequest: admitting(callers, 'verify'),
      schema: described('login', 'What a login of this account meets now', loginBody, loginAnswer, []),
    },
    (request, reply) =>
      asking(request, reply, request.body, async (subject, asker) =>
        loginAnswerOf(await authenticator.meets(subject, asker)),
      ),
  );
  app.post<{ Body: Enroll }>(
    '/enroll',
    {
      onRequest: admitting(callers, 'enroll'),
      schema: described('enroll', 'Show the QR code; needs the scope enroll', enrollBody, enrollAnswer, [
        ...denials,
        'not-asked',
        'already-enrolled',
      ]),
    },
    (request, reply) =>
      asking(request, reply, request.body, async (subject, asker) =>
        enrollAnswerOf(await authenticator.showEnrollment(subject, asker, request.body)),
      ),
  );
  app.post<{ Body: Verify }>(
    '/verify',
    {
      onRequest: admitting(callers, 'verify'),
      schema: {
        ...described('verify', 'Judge a code', verifyBody, verifyAnswer, [
          'malformed-code',
          'wrong-code',
          'code-replayed',
          ...denials,
          'seed-changed',
          'waiting',
        ]),
        headers: verifyHeaders,
      },
    },
    (request, reply) =>
      asking(request, reply, request.body, async (subject, asker) => {
        const { 'idempotency-key': key } = request.headers;
        const typed = { ...request.body, idempotencyKey: typeof key === 'string' ? key : undefined };
        return verifyAnswerOf(await authenticator.verify(subject, asker, typed), clock.now());
      }),
  );
};
