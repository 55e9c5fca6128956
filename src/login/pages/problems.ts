import type { Texts } from '../locales/texts.ts';
import type { TypedProblem } from './session.ts';

/** What was wrong with what was typed last, in sentences; none if nothing was. */
export const problemSentences = (problem: TypedProblem | undefined, texts: Texts): readonly string[] => {
  if (problem === undefined) return [];
  const { problem: said, enrollmentCode, notice } = texts;
  switch (problem.kind) {
    case 'wrong':
      return problem.clock ? [said.wrong, said.clock(problem.clock)] : [said.wrong];
    case 'replayed':
      return [said.replayed];
    case 'malformed':
      return [said.malformed(problem.digits)];
    case 'seedChanged':
      return [said.seedChanged];
    case 'unavailable':
      return [notice.unavailable.title, ...notice.unavailable.paragraphs];
    case 'enrollmentCodeWrong':
      return [enrollmentCode.wrong];
    case 'enrollmentCodeMissing':
      return [enrollmentCode.missing];
  }
};
