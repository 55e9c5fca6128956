import { formatSeconds, hourMs, secondMs } from '../../src/api/instants.ts';
import type { Verdict } from '../../src/core/second-factor.ts';
import type { Phase } from '../../src/api/phases.ts';
import type { Account } from './objects.ts';

export const address = 'anna@example.com';

/** What moves the story on: a person's command, a phone, or time. */
export type Move =
  | {
      readonly kind: 'patch';
      readonly object: 'xp' | 'ma';
      readonly name: string;
      readonly patch: (now: number) => string;
    }
  | { readonly kind: 'scan' }
  | { readonly kind: 'wait' };

export interface TourStep {
  readonly title: string;
  readonly move: Move;
  /** What must be seen then, on the API server and at the login. */
  readonly phase: Phase;
  readonly also?: (account: Account) => boolean;
  readonly verdict: Verdict['kind'];
  readonly shows: readonly ('xp' | 'ma')[];
}

/** A platform that is switched off, with an account that says nothing; in this order the first count has the account. */
export const openingManifests = (namespace: string): string => `
apiVersion: exchange2fa.io/v1alpha1
kind: MailAccount
metadata: { name: anna, namespace: ${namespace} }
spec: { platformRef: { name: example-mail }, address: ${address} }
---
apiVersion: exchange2fa.io/v1alpha1
kind: ExchangePlatform
metadata: { name: example-mail, namespace: ${namespace} }
spec: { issuer: Example Mail, twoFactor: { state: Disabled } }
`;

export const opening: Omit<TourStep, 'move'> = {
  title: 'The platform is off',
  phase: 'Off',
  verdict: 'none',
  shows: ['xp', 'ma'],
};

/** How long the suspension lasts whose end the tour waits for. */
const shortMs = 10 * secondMs;

const onAccount = (twoFactor: (now: number) => string): Move => ({
  kind: 'patch',
  object: 'ma',
  name: 'anna',
  patch: (now) => `spec: {twoFactor: {${twoFactor(now)}}}`,
});

const at = (instant: number): string => `"${formatSeconds(instant)}"`;
const isEnforcedBy =
  (reason: string) =>
  ({ status }: Account): boolean =>
    status?.conditions?.some(({ type, reason: found }) => type === 'Enforced' && found === reason) === true;

export const tourSteps: readonly TourStep[] = [
  {
    title: 'Enable the platform: accounts may have a second factor, and by default have none',
    move: { kind: 'patch', object: 'xp', name: 'example-mail', patch: () => 'spec: {twoFactor: {state: Enabled}}' },
    phase: 'Off',
    also: isEnforcedBy('DisabledByDefault'),
    verdict: 'none',
    shows: ['xp', 'ma'],
  },
  {
    title: 'Enable the account: a seed is minted',
    move: onAccount(() => 'state: Enabled'),
    phase: 'Enrolling',
    verdict: 'enroll',
    shows: ['ma'],
  },
  { title: 'Scan', move: { kind: 'scan' }, phase: 'Enforced', verdict: 'code', shows: ['ma'] },
  {
    title: 'Suspend for an hour',
    move: onAccount((now) => `suspension: {requestedAt: ${at(now)}, hours: 1, reason: phone left at home}`),
    phase: 'Suspended',
    verdict: 'none',
    shows: ['ma'],
  },
  {
    title: 'The same an hour ago: a suspension that ends in seconds',
    move: onAccount(
      (now) => `suspension: {requestedAt: ${at(now - hourMs + shortMs)}, hours: 1, reason: phone left at home}`,
    ),
    phase: 'Suspended',
    also: ({ status }) => Date.parse(status?.suspendedUntil ?? '') - Date.now() <= shortMs,
    verdict: 'none',
    shows: ['ma'],
  },
  {
    title: 'Resume: the window ends, and the same phone goes on',
    move: { kind: 'wait' },
    phase: 'Enforced',
    verdict: 'code',
    shows: ['ma'],
  },
  {
    title: 'Reset, for a new phone: the seed is replaced',
    move: onAccount((now) => `reset: {requestedAt: ${at(now)}, reason: phone lost}`),
    phase: 'Enrolling',
    also: isEnforcedBy('EnrollmentRequired'),
    verdict: 'enroll',
    shows: ['ma'],
  },
  { title: 'Scan with the new phone', move: { kind: 'scan' }, phase: 'Enforced', verdict: 'code', shows: ['ma'] },
  {
    title: 'Remove: the seed is erased',
    move: onAccount(() => 'state: Removed'),
    phase: 'Off',
    also: isEnforcedBy('Removed'),
    verdict: 'none',
    shows: ['ma'],
  },
];
