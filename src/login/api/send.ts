import type { FastifyError, FastifyReply } from 'fastify';
import type { Answer } from './answers.ts';
import { type ApiProblem, problemBody, problemKinds, type ProblemName } from './problems.ts';

/** Answers hold seeds, tokens and verdicts: nobody keeps, frames or guesses at them. */
export const answerHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;

export const sendProblem = (reply: FastifyReply, problem: ApiProblem): FastifyReply => {
  const { retryAfterSeconds, name } = problem;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  if (name === 'unauthorized') void reply.header('www-authenticate', 'Bearer');
  return reply
    .code(problemKinds[name].status)
    .headers(answerHeaders)
    .type('application/problem+json')
    .serializer((body) => JSON.stringify(body))
    .send(problemBody(problem));
};

export const sendAnswer = (reply: FastifyReply, answer: Answer): FastifyReply =>
  answer.kind === 'problem'
    ? sendProblem(reply, answer.problem)
    : reply
        .code(200)
        .headers(answerHeaders)
        .type('application/json')
        .serializer((body) => JSON.stringify(body))
        .send(answer.body);

const nameOf = ({ statusCode }: FastifyError): ProblemName => {
  if (statusCode === 413) return 'too-large';
  if (statusCode === 415) return 'not-json';
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? 'bad-request' : 'internal';
};

/** What Fastify refused before a route saw it. Its words name members and what is allowed, never what was sent. */
export const problemOfError = (error: FastifyError): ApiProblem => {
  const name = nameOf(error);
  const [first] = error.validation ?? [];
  if (name !== 'bad-request') return { name };
  if (!first) return { name, detail: 'The body is not JSON as the description of the API asks for.' };
  const { additionalProperty } = first.params;
  const place = `${error.validationContext ?? 'body'}${first.instancePath}`;
  const which = typeof additionalProperty === 'string' ? `: ${additionalProperty.slice(0, 64)}` : '';
  return { name, detail: `${place} ${first.message ?? 'is not as it must be'}${which}.` };
};
