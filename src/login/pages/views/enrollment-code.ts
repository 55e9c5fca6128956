import type { DespiteSuspension } from '../../authenticator/authenticator.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { alert, back, despiteSuspension, focused, help, who, type FormPlace } from './parts.ts';

/** Before the QR, where the account has an enrolment code. */
export const enrollmentCodePage = (place: FormPlace, asked: DespiteSuspension, problems: readonly string[]): Page => {
  const { texts } = place;
  const { title, lead, label, hint } = texts.enrollmentCode;
  const isError = problems.length > 0;
  return {
    title,
    isError,
    body: html` ${who(place)}
      <h1>${title}</h1>
      ${alert(problems)}
      <p>${lead}</p>
      ${despiteSuspension(place, asked)}
      <form method="post" action="${place.path}/enrolment-code">
        <input type="hidden" name="form_token" value="${place.formToken}" />
        <label for="enrolment-code">${label}</label>
        <input
          type="text"
          class="long"
          id="enrolment-code"
          name="enrollment_code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          maxlength="64"
          required${isError ? focused('problem') : html` autofocus aria-describedby="code-hint"`}
        />
        <p class="hint" id="code-hint">${hint}</p>
        <button class="go">${texts.continue}</button>
      </form>
      ${help(place)} ${back(place)}`,
  };
};
