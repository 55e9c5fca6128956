import type { CodeAsked } from '../../authenticator/authenticator.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { alert, back, codeForm, despiteSuspension, help, who, type FormPlace } from './parts.ts';

/** A later login: the field, and nothing that distracts from it. */
export const codePage = (place: FormPlace, asked: CodeAsked, problems: readonly string[]): Page => {
  const { texts } = place;
  const hasProblem = problems.length > 0;
  return {
    title: texts.code.title,
    isError: hasProblem,
    body: html` ${who(place)}
      <h1>${texts.code.title}</h1>
      ${alert(problems)}
      <p>${texts.code.lead}</p>
      ${despiteSuspension(place, asked)}
      ${codeForm(place, { label: texts.code.label, button: texts.continue, mintedAt: asked.mintedAt, focus: hasProblem ? 'problem' : 'first' })}
      <details>
        <summary>${texts.code.noPhone}</summary>
        <p>${texts.code.noPhoneHelp}</p>
        ${help(place)}
      </details>
      ${back(place)}`,
  };
};
