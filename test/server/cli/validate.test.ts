import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { checkObject } from '../../../src/cli/manifests/check.ts';
import { readSchemas, type Schema } from '../../../src/cli/manifests/crds.ts';
import { readSource } from '../../../src/cli/manifests/source.ts';
import { endpointOf } from '../../support/api-request.ts';
import { corpus, type Sample } from './corpus.ts';

const plurals = { MailAccount: 'mailaccounts', ExchangePlatform: 'exchangeplatforms' };

let schemas: ReadonlyMap<string, Schema>;
let agent: Agent;
let authorization: string | undefined;

interface Kubeconfig {
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }];
}

const decoded = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text, 'base64').toString();

beforeAll(async () => {
  schemas = await readSchemas();
  const path = inject('kubeconfig');
  const { ca } = endpointOf(path);
  const [{ user }] = (parse(readFileSync(path, 'utf8')) as Kubeconfig).users;
  const [cert, key] = [decoded(user['client-certificate-data']), decoded(user['client-key-data'])];
  agent = new Agent({ connect: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } });
  authorization = user['token'] === undefined ? undefined : `Bearer ${user['token']}`;
});

afterAll(() => agent.close());

/** The API server's refusal, or nothing. */
const serverSays = async ({ kind, yaml }: Sample): Promise<string | undefined> => {
  const { server } = endpointOf(inject('kubeconfig'));
  const path = `/apis/exchange2fa.io/v1alpha1/namespaces/default/${plurals[kind]}?dryRun=All&fieldValidation=Strict`;
  const { statusCode, body } = await request(server + path, {
    method: 'POST',
    dispatcher: agent,
    headers: {
      'content-type': 'application/yaml',
      accept: 'application/json',
      ...(authorization && { authorization }),
    },
    body: yaml,
  });
  const { message = '' } = (await body.json()) as { readonly message?: string };
  if (statusCode === 201) return undefined;
  if (statusCode === 400 || statusCode === 422) return message;
  throw new Error(`${statusCode}: ${message}`);
};

/** What `validate` finds, or nothing. */
const weSay = ({ yaml }: Sample): string | undefined => {
  const { problems, objects } = readSource({ file: 'sample.yaml', text: yaml });
  const found = [
    ...problems.map(({ message }) => message),
    ...objects.flatMap(({ value }) => checkObject(schemas, value)).map(({ message }) => message),
  ];
  return found.length === 0 ? undefined : found.join('; ');
};

const verdictOf = (refusal: string | undefined): string => (refusal === undefined ? 'taken' : 'refused');

test('the corpus has several hundred documents, many of each verdict', () => {
  const refused = corpus.filter((sample) => weSay(sample) !== undefined).length;
  expect(corpus.length).toBeGreaterThan(400);
  expect(refused).toBeGreaterThan(150);
  expect(corpus.length - refused).toBeGreaterThan(100);
});

test.each(corpus.map((sample) => [sample.name, sample] as const))(
  '%s: the verdict of the API server',
  async (_, sample) => {
    const [theirs, ours] = [await serverSays(sample), weSay(sample)];
    expect(verdictOf(ours), `we: ${ours ?? ''}; the API server: ${theirs ?? ''}`).toBe(verdictOf(theirs));
  },
);
