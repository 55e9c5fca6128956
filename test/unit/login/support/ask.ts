import type { FastifyInstance } from 'fastify';
import { expectDescribed } from '../../../support/openapi.ts';
import { address, tokens } from './world.ts';

export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Asking {
  /** Its name in `tokens`, or the token itself. */
  readonly token?: string;
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the API; throws if the answer is not as docs/openapi.json says. */
export const ask = async (
  app: FastifyInstance,
  route: 'login' | 'enroll' | 'verify',
  { token = 'gateway-token', key, body, headers = {} }: Asking = {},
): Promise<Answered> => {
  const response = await app.inject({
    method: 'POST',
    url: `/v1/${route}`,
    headers: {
      authorization: `Bearer ${tokens[token]?.token ?? token}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
      ...headers,
    },
    payload: typeof body === 'string' ? body : JSON.stringify(body ?? { address }),
  });
  const answered = {
    status: response.statusCode,
    body: response.json<Readonly<Record<string, unknown>>>(),
    headers: response.headers,
    text: response.body,
  };
  expectDescribed(route, { ...answered, contentType: String(response.headers['content-type']) });
  return answered;
};

/** `200 accepted`, or the status and the last part of the problem's type. */
export const brief = ({ status, body }: Answered): string =>
  `${status} ${String(body['result'] ?? body['type']).replace('https://exchange2fa.io/problems/', '')}`;
