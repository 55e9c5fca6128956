import type { Effect, EffectKind } from './effect.ts';

/** How effects of a kind are counted; `%` stands for their hours. */
const counted: Readonly<Record<EffectKind, { readonly one: string; readonly many: string }>> = {
  newQr: { one: 'login will meet a new QR', many: 'logins will meet a new QR' },
  suspended: { one: 'login will be suspended', many: 'logins will be suspended' },
  suspensionRefused: { one: 'suspension% is refused', many: 'suspensions% are refused' },
  suspensionEnded: { one: 'suspension ends early', many: 'suspensions end early' },
  suspensionWithdrawn: { one: 'suspension is withdrawn', many: 'suspensions are withdrawn' },
  off: { one: 'login loses its second factor', many: 'logins lose their second factor' },
  on: { one: 'login gets a second factor', many: 'logins get a second factor' },
  codeNeeded: { one: 'login needs an enrolment code', many: 'logins need an enrolment code' },
  blocked: { one: 'login will be refused', many: 'logins will be refused' },
  letIn: { one: 'login will be refused no longer', many: 'logins will be refused no longer' },
  created: { one: 'new account', many: 'new accounts' },
};

/** ` of 400 h`, ` of 30 to 400 h`; nothing where there are no hours. */
const hoursOf = (effects: readonly Effect[]): string => {
  const hours = effects.flatMap((effect) => effect.hours ?? []);
  const [least, most] = [Math.min(...hours), Math.max(...hours)];
  if (hours.length === 0) return '';
  return least === most ? ` of ${most} h` : ` of ${least} to ${most} h`;
};

/** `3 logins will meet a new QR, 1 suspension of 400 h is refused`. */
export const summaryOf = (effects: readonly Effect[]): string => {
  const kinds = Object.keys(counted) as EffectKind[];
  const parts = kinds.flatMap((kind) => {
    const ofKind = effects.filter((effect) => effect.kind === kind);
    const words = counted[kind][ofKind.length === 1 ? 'one' : 'many'];
    return ofKind.length === 0 ? [] : [`${ofKind.length} ${words.replace('%', hoursOf(ofKind))}`];
  });
  return parts.length === 0 ? 'nothing changes for any login' : parts.join(', ');
};
