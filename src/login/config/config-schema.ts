import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { algorithmsOf } from '../keys/public-key.ts';

const text = { type: 'string', minLength: 1, maxLength: 512 } as const;
const dnsLabel = {
  type: 'string',
  pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
  allowed: 'a name of Kubernetes: up to 63 lower-case letters, digits and hyphens, as in mail-demo',
} as const;
const domains = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'string',
    pattern: '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$',
    allowed: 'what stands after the @ of an address, in lower case, as in example.com',
  },
} as const;
const mode = { enum: ['observe', 'enforce'] } as const;

/** Private members are refused: a relying party's private key has no business here. */
const publicKey = {
  type: 'object',
  required: ['kty', 'crv', 'x'],
  additionalProperties: false,
  properties: {
    kty: { enum: ['EC', 'OKP'] },
    crv: { enum: ['P-256', 'Ed25519'] },
    x: text,
    y: text,
    kid: text,
    // Which of them, the curve says.
    alg: text,
    use: { const: 'sig' },
  },
  if: { properties: { kty: { const: 'EC' } } },
  then: { required: ['y'], properties: { crv: { const: 'P-256' }, alg: { enum: algorithmsOf({ crv: 'P-256' }) } } },
  else: { properties: { crv: { const: 'Ed25519' }, alg: { enum: algorithmsOf({ crv: 'Ed25519' }) } } },
} as const;
const keys = { type: 'array', minItems: 1, maxItems: 16, items: publicKey } as const;

const relyingParty = {
  type: 'object',
  required: ['clientId', 'name', 'issuer', 'keys', 'namespace', 'mailDomains', 'redirectUris', 'homeUri', 'mode'],
  additionalProperties: false,
  properties: {
    clientId: text,
    name: text,
    issuer: text,
    keys,
    namespace: dnsLabel,
    mailDomains: domains,
    redirectUris: { type: 'array', minItems: 1, items: text },
    homeUri: text,
    mode,
    help: text,
  },
} as const;

const apiCaller = {
  type: 'object',
  required: ['name', 'namespace', 'scopes', 'requestsPerMinute', 'mode'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
      allowed: 'up to 63 letters, digits, points, underscores and hyphens, as in imap-gateway',
    },
    serviceAccount: {
      type: 'object',
      required: ['namespace', 'name'],
      additionalProperties: false,
      properties: { namespace: dnsLabel, name: text },
    },
    keys,
    namespace: dnsLabel,
    mailDomains: domains,
    scopes: { type: 'array', minItems: 1, uniqueItems: true, items: { enum: ['verify', 'enroll'] } },
    requestsPerMinute: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    mode,
  },
  oneOf: [{ required: ['serviceAccount'] }, { required: ['keys'] }],
} as const;

const schema = {
  type: 'object',
  required: ['issuer'],
  additionalProperties: false,
  properties: {
    issuer: text,
    tokenAudience: text,
    trustedProxies: { type: 'array', items: text },
    relyingParties: { type: 'array', items: relyingParty },
    apiCallers: { type: 'array', items: apiCaller },
  },
} as const;

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false, strictTypes: false });
// What a pattern means, for people.
ajv.addVocabulary(['allowed']);
const validate = ajv.compile(schema);

/** `/relyingParties/0/mode` as people write it. */
const placeOf = (pointer: string): string => {
  const place = pointer
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replace(/^\./, '');
  return place === '' ? 'the file' : place;
};

const foundIn = (data: unknown): string =>
  typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean'
    ? `found ${JSON.stringify(data).slice(0, 80)}; `
    : '';

const sentenceOf = (error: ErrorObject): string => {
  const { instancePath, keyword, params, message = 'is not allowed', data, parentSchema } = error;
  const place = placeOf(instancePath);
  const about = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'enum':
      return `${place}: ${foundIn(data)}allowed are ${(about['allowedValues'] as readonly string[]).join(', ')}`;
    case 'const':
      return `${place}: ${foundIn(data)}allowed is ${String(about['allowedValue'])}`;
    case 'additionalProperties':
      if (/\bkeys\[\d+\]$/.test(place) && about['additionalProperty'] === 'd') {
        return `${place}: this is the private key, by its d; only its owner needs that: give kty, crv, x and y (not with Ed25519) alone`;
      }
      return `${place}: ${String(about['additionalProperty'])} is not known here`;
    case 'required':
      return `${place}: ${String(about['missingProperty'])} is missing`;
    case 'pattern':
      return `${place}: ${foundIn(data)}allowed is ${String(parentSchema?.['allowed'])}`;
    case 'oneOf':
      return `${place}: say either serviceAccount or keys`;
    default:
      return `${place}: ${foundIn(data)}${message}`;
  }
};

/** Every mistake in a sentence; none if the value is as it must be. */
export const validateConfig = (value: unknown): readonly string[] => {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  // Members of oneOf and if report themselves as well; what they add is said already.
  return [
    ...new Set(
      errors.filter(({ keyword, schemaPath }) => keyword !== 'if' && !/oneOf\/\d/.test(schemaPath)).map(sentenceOf),
    ),
  ];
};
