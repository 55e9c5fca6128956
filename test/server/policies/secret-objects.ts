import type { ApiRequest } from '../../support/api-request.ts';
import { tenant } from './tenant.ts';

export type Act = Pick<ApiRequest, 'method' | 'path' | 'body'>;

type Annotations = Readonly<Record<string, string | null>>;

const secretsPath = `/api/v1/namespaces/${tenant}/secrets`;

export const names = {
  enrolled: `totp-${'a'.repeat(40)}`,
  waiting: `totp-${'b'.repeat(40)}`,
  erased: `totp-${'c'.repeat(40)}`,
  /** A last-step without enrolment, as a broken backup may have it. */
  half: `totp-${'f'.repeat(40)}`,
  /** An enrolment whose seed is gone. */
  emptied: `totp-${'1'.repeat(40)}`,
  /** An enrolment at an instant that is written otherwise, as a restore may bring it. */
  offset: `totp-${'2'.repeat(40)}`,
  /** A last-step that is no number, from before the policies. */
  unreadable: `totp-${'3'.repeat(40)}`,
  foreign: `totp-${'d'.repeat(40)}`,
  fresh: `totp-${'e'.repeat(40)}`,
  /** Of our type, and not named by an address. */
  otherwise: 'imported',
  ordinary: 'ordinary',
} as const;

export const seed = { data: { seed: 'SkJTV1kzRFBFSFBLM1BYUA==' } };
export const minted = { 'second-factor': 'required', 'minted-at': '2026-11-24T08:00:00.000Z' };
export const enrolled = { ...minted, 'enrolled-at': '2026-11-24T09:00:00Z', 'last-step': '100' };

/** Annotations under our prefix, as the metadata of an object or of a merge patch. */
export function annotated(annotations: Annotations): { readonly metadata: { readonly annotations: Annotations } } {
  const entries = Object.entries(annotations).map(([name, value]) => [`exchange2fa.io/${name}`, value] as const);
  return { metadata: { annotations: Object.fromEntries(entries) } };
}

export function secret(name: string, annotations: Annotations = {}, data: object = {}, namespace = tenant): object {
  const metadata = { name, namespace, ...annotated(annotations).metadata };
  return { apiVersion: 'v1', kind: 'Secret', type: 'exchange2fa.io/totp', metadata, ...data };
}

export function opaque(name: string): object {
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name, namespace: tenant } };
}

/** What was there before the policies. */
export const earlier: readonly object[] = [
  opaque(names.foreign),
  secret(names.unreadable, { ...enrolled, 'last-step': 'soon' }, seed),
];

/** What is there before the first case. */
export const stock: readonly object[] = [
  secret(names.enrolled, { ...enrolled, failures: '{}' }, seed),
  secret(names.waiting, minted, seed),
  secret(names.erased, { 'second-factor': 'off', 'erased-at': '2026-11-24T08:00:00Z' }),
  secret(names.half, { ...minted, 'last-step': '100' }, seed),
  secret(names.emptied, enrolled),
  secret(names.offset, { ...enrolled, 'enrolled-at': '2026-11-24T10:00:00+01:00' }, seed),
  secret(names.otherwise, minted, seed),
  opaque(names.ordinary),
];

export const create = (body: object): Act => ({ method: 'POST', path: secretsPath, body });
export const change = (name: string, body: object): Act => ({ method: 'PATCH', path: `${secretsPath}/${name}`, body });
export const annotate = (name: string, annotations: Annotations): Act => change(name, annotated(annotations));
export const remove = (name: string, namespace = tenant): Act => ({
  method: 'DELETE',
  path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
});
export const removeAll: Act = { method: 'DELETE', path: secretsPath };
