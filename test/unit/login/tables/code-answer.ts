import { type Judged, judgedAt } from '../../../../src/login/authenticator/judged.ts';
import { judgeTyped, type TypedJudgement } from '../../../../src/login/authenticator/judge-typed.ts';
import type { LoginSecret } from '../../../../src/login/secrets/secret.ts';
import { secretType } from '../../../../src/api/names.ts';
import { digitsOf } from '../../../../src/totp/typed-code.ts';
import { attempt, type CodeCase, dataOf, type Expected } from './codes.ts';
import { annotations, now, type Short } from './record.ts';

const inBase64 = (data: Short): Short =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));

const secretOf = (row: CodeCase): LoginSecret | undefined =>
  row.secret && {
    type: secretType,
    metadata: { annotations: annotations(row.secret) },
    data: inBase64(dataOf(row)),
  };

const withoutCode = ({ verdict }: Extract<Judged, { readonly kind: 'withoutCode' }>): Expected => {
  const { kind: answer, reason } = verdict;
  const until = 'until' in verdict ? verdict.until : undefined;
  return { answer, reason, ...(until !== undefined && { until }) };
};

const answerOf = (judgement: TypedJudgement): Expected => {
  switch (judgement.kind) {
    case 'accepted':
      return { answer: 'accepted', firstCode: judgement.firstCode, wrongCodesBefore: judgement.wrongCodesBefore };
    case 'wrong': {
      const { wrongCodes, phoneAhead } = judgement;
      return { answer: 'wrong', wrongCodes, ...(phoneAhead !== undefined && { phoneAhead }) };
    }
    case 'waiting':
      return { answer: 'waiting', notBefore: judgement.notBefore };
    case 'enrollmentCode':
      return { answer: 'enrollmentCode', problem: judgement.problem };
    case 'dataInvalid':
    case 'malformed':
    case 'replayed':
    case 'seedChanged':
      return { answer: judgement.kind };
  }
};

/** What the reference login says of a case, and what it would write. */
export const judged = (row: CodeCase): { readonly answer: Expected; readonly patch: Short | undefined } => {
  const digits = digitsOf(row.typed);
  if (digits === undefined) return { answer: { answer: 'malformed' }, patch: undefined };
  const { browser = 'unknown', honourSuspensions = true } = row;
  const occasion = { now, browser, honourSuspensions };
  const found = judgedAt(secretOf(row), occasion);
  if (found.kind === 'withoutCode') return { answer: withoutCode(found), patch: undefined };
  const judgement = judgeTyped(found, { ...row, digits }, occasion, () => attempt);
  return { answer: answerOf(judgement), patch: 'write' in judgement ? judgement.write : undefined };
};
