import { usageFailure } from './failure.ts';

/** One of the forms that a command can print, the first if none is named; a usage failure names them. */
export const formOf = <const Form extends string>(
  text: string | undefined,
  forms: readonly Form[],
  option = '-o',
): Form => {
  const form = text === undefined ? forms[0] : forms.find((each) => each === text);
  if (form !== undefined) return form;
  throw usageFailure(`${option} ${text ?? ''} is not known here: allowed are ${forms.join(', ')}`);
};
