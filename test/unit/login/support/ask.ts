import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type FastifyInstance } from 'fastify';
import { address, tokens } from './world.ts';

type Schema = Readonly<Record<string, unknown>>;

interface Described {
  readonly content: Readonly<Record<string, { readonly schema: Schema } | undefined>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Described | undefined>>;
}

interface Description {
  readonly paths: Readonly<Record<string, { readonly post: Operation } | undefined>>;
}

const description = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../docs/openapi.json'), 'utf8'),
) as Description;

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));

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

/** Why an answer is not as docs/openapi.json says; empty if it is. */
const undescribed = (route: string, { status, body, headers }: Answered): string => {
  const media = String(headers['content-type']).replace(/;.*/, '');
  const described = description.paths[`/v1/${route}`]?.post.responses[String(status)];
  const schema = described?.content[media]?.schema;
  if (!schema) return `${route}: ${status} ${media} is not described`;
  return ajv.validate(schema, body) ? '' : `${route}: ${status} ${ajv.errorsText()}`;
};

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
  const fault = undescribed(route, answered);
  if (fault !== '') throw new Error(fault);
  return answered;
};

/** `200 accepted`, or the status and the last part of the problem's type. */
export const brief = ({ status, body }: Answered): string =>
  `${status} ${String(body['result'] ?? body['type']).replace('https://exchange2fa.io/problems/', '')}`;
