import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { alert, back, who, type FormPlace } from './parts.ts';

/** Too soon after wrong codes: instead of the field, how long to wait. */
export const waitingPage = (place: FormPlace, wait: string, problems: readonly string[]): Page => {
  const { texts } = place;
  return {
    title: texts.waiting.title,
    isError: true,
    body: html` ${who(place)}
      <h1>${texts.waiting.title}</h1>
      ${alert(problems)}
      <p>${texts.waiting.lead(wait)}</p>
      <a class="go" href="${place.path}">${texts.waiting.tryAgain}</a>
      ${back(place)}`,
  };
};
