import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import type { Texts } from '../../locales/texts.ts';

export interface Answer {
  readonly redirectUri: string;
  readonly idToken: string;
  readonly state: string | undefined;
}

/** Takes the answer to the relying party: OAuth 2.0 Form Post Response Mode, with a button where scripts are off. */
export const answerPage = (texts: Texts, { redirectUri, idToken, state }: Answer): Page => ({
  title: texts.answer.title,
  submitsItself: true,
  body: html` <h1>${texts.answer.title}</h1>
    ${texts.answer.paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
    <form method="post" action="${redirectUri}">
      <input type="hidden" name="id_token" value="${idToken}" />
      ${state !== undefined && html`<input type="hidden" name="state" value="${state}" />`}
      <button class="go">${texts.continue}</button>
    </form>`,
});
