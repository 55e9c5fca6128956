import { type ApiRequest, ask } from '../../support/api-request.ts';

export const namespace = 'crds';

const plural = { ExchangePlatform: 'exchangeplatforms', MailAccount: 'mailaccounts' } as const;

export type Kind = keyof typeof plural;

export const requestedAt = '2026-12-01T08:00:00Z';
export const hash = `sha256:${'0'.repeat(32)}:${'a'.repeat(64)}`;

const specs = {
  ExchangePlatform: { issuer: 'Example Mail', twoFactor: { state: 'Enabled' } },
  MailAccount: { platformRef: { name: 'example-mail' }, address: 'anna@example.com' },
} as const;

/** A valid object of the kind. */
export function valid(kind: Kind, name: string): Record<string, unknown> {
  const metadata = { name, namespace };
  return { apiVersion: 'exchange2fa.io/v1alpha1', kind, metadata, spec: structuredClone(specs[kind]) };
}

/** The same with one field set, by its path such as spec.twoFactor.totp.digits; undefined takes it away. */
export function withField(kind: Kind, path: string, value: unknown): object {
  const object = valid(kind, 'case');
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let parent = object;
  for (const step of steps) parent = (parent[step] ??= {}) as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return object;
}

export function collectionPath(kind: Kind): string {
  return `/apis/exchange2fa.io/v1alpha1/namespaces/${namespace}/${plural[kind]}`;
}

/** What the API server adds when a field's type or bound is wrong; it is true, and the same for every CRD. */
const notChecked =
  ', <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** What the API server says to a request that it would not carry out; empty when it would. */
export async function refusal(request: ApiRequest): Promise<string> {
  const { message } = await ask({ ...request, path: `${request.path}?dryRun=All&fieldValidation=Strict` });
  const sentence = message.replace(/^.*? (is invalid|strict decoding error): /, '');
  return sentence.includes(notChecked) ? sentence.replace(notChecked, '').replace(/^\[(.*)\]$/, '$1') : sentence;
}

export async function creationRefusal(kind: Kind, path: string, value: unknown): Promise<string> {
  return refusal({ method: 'POST', path: collectionPath(kind), body: withField(kind, path, value) });
}
