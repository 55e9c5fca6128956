import type { FastifyReply, FastifyRequest } from 'fastify';
import { prefixOf } from './api/index.ts';
import { sendProblem } from './api/send.ts';
import type { LoginConfig } from './config/config.ts';
import { sendNotice } from './pages/context.ts';

/** Answers an address that no route is even looked for with, such as `/s/%zz`: as pages and API answer everything else. */
export const answerBadAddress =
  (config: LoginConfig) =>
  (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    if (request.raw.url?.startsWith(`${prefixOf(config)}/`))
      sendProblem(reply, { name: 'bad-request', detail: 'The address is not one.' });
    else sendNotice({ config }, request, reply, ({ badRequest }) => badRequest, { status: 400 });
  };
