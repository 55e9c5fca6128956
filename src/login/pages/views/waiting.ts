import type { CodeAsked } from '../../authenticator/authenticator.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { alert, back, despiteSuspension, who, type FormPlace } from './parts.ts';

export interface WaitingView {
  readonly asked: CodeAsked;
  /** How long, in words. */
  readonly wait: string;
  readonly problems: readonly string[];
}

/** Too soon after wrong codes: instead of the field, how long to wait. */
export const waitingPage = (place: FormPlace, { asked, wait, problems }: WaitingView): Page => {
  const { texts } = place;
  return {
    title: texts.waiting.title,
    isError: true,
    body: html` ${who(place)}
      <h1>${texts.waiting.title}</h1>
      ${alert(problems)}
      <p>${texts.waiting.lead(wait)}</p>
      ${despiteSuspension(place, asked)}
      <a class="go" href="${place.path}">${texts.waiting.tryAgain}</a>
      ${back(place)}`,
  };
};
