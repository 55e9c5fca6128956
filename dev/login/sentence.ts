import { formatSeconds } from '../../src/api/instants.ts';
import type { Verdict } from '../../src/core/second-factor.ts';

type Deny = Extract<Verdict, { kind: 'deny' }>;
type Enroll = Extract<Verdict, { kind: 'enroll' }>;

/** What somebody with the right password meets, in a sentence without its full stop. */
export function sentenceOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'none':
      if (verdict.reason === 'Off') return 'the password is enough: there is no second factor';
      return `the password is enough until ${formatSeconds(verdict.until)}: the second factor is suspended`;
    case 'enroll':
      return enrolling(verdict) + waiting(verdict);
    case 'code':
      return `after the password, the code from the phone is asked for${waiting(verdict)}`;
    case 'deny':
      return `refused, whatever is typed: ${refusal(verdict)}`;
  }
}

function enrolling({ enrollmentCode }: Enroll): string {
  switch (enrollmentCode.kind) {
    case 'none':
      return 'after the password, a QR code to scan is shown';
    case 'issued':
      return 'after the password and the enrolment code, a QR code to scan is shown';
    case 'notIssued':
      return 'after the password, an enrolment code is asked for, and no valid one is issued';
  }
}

function waiting({ notBefore }: { readonly notBefore?: number }): string {
  return notBefore === undefined ? '' : `; after so many wrong codes none is judged before ${formatSeconds(notBefore)}`;
}

function refusal({ reason, until, annotation }: Deny): string {
  switch (reason) {
    case 'NoSecret':
      return 'there is no Secret for this address';
    case 'Orphaned':
      return 'its account was deleted';
    case 'SecretInvalid':
      return `the Secret's annotation ${annotation ?? ''} cannot be trusted`;
    case 'Refused':
      return 'the operator says so';
    case 'SeedLost':
      return 'the seed is lost';
    case 'Locked':
      return `too many wrong codes, ${until === undefined ? 'until a reset' : `until ${formatSeconds(until)} or an unlock`}`;
    case 'EnrollmentExpired':
      return 'the QR code was not scanned in time';
  }
}
