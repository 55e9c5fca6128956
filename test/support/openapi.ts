import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

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
  readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'),
) as Description;

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));

/** An answer of the login service's API. */
interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** Throws if an answer is not as docs/openapi.json says. */
export const expectDescribed = (route: string, { status, contentType, body }: Answer): void => {
  const media = contentType.replace(/;.*/, '');
  const described = description.paths[`/v1/${route}`]?.post.responses[String(status)];
  const schema = described?.content[media]?.schema;
  if (!schema) throw new Error(`${route}: ${status} ${media} is not described`);
  if (!ajv.validate(schema, body)) throw new Error(`${route}: ${status} ${ajv.errorsText()}`);
};
