import type { DespiteSuspension } from '../../authenticator/authenticator.ts';
import type { RelyingParty } from '../../config/config.ts';
import type { Notice, Texts } from '../../locales/texts.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../layout.ts';

/** Where a page stands: in which language, and for which relying party, if any is known. */
export interface Place {
  readonly texts: Texts;
  readonly relyingParty: RelyingParty | undefined;
}

export interface FormPlace extends Place {
  /** The page's own address; its forms post below it. */
  readonly path: string;
  readonly formToken: string;
  readonly address: string;
}

export const who = ({ texts, address }: FormPlace): Html =>
  html`<p class="who">${texts.signingInAs} <strong>${address}</strong></p>`;

export const help = ({ texts, relyingParty }: Place): Html | undefined =>
  relyingParty?.help === undefined ? undefined : html`<p class="help">${texts.help} ${relyingParty.help}</p>`;

export const back = ({ texts, relyingParty }: Place): Html | undefined =>
  relyingParty && html`<p class="back"><a href="${relyingParty.homeUri}">${texts.backTo(relyingParty.name)}</a></p>`;

/** Said at once by a screen reader, and described to the field that it is about. */
export const alert = (sentences: readonly string[]): Html | undefined =>
  sentences.length === 0
    ? undefined
    : html`<div class="box warn" role="alert" id="problem">
        ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
      </div>`;

/** On every page that a suspension would have spared the person: why it did not. */
export const despiteSuspension = (
  { texts }: Place,
  { suspensionIgnored }: Partial<DespiteSuspension>,
): Html | undefined => (suspensionIgnored ? html`<p class="box">${texts.problem.suspensionIgnored}</p>` : undefined);

interface CodeField {
  readonly label: string;
  readonly button: string;
  readonly mintedAt: string;
  readonly focus: Focus;
}

/** Whether the field has the focus at once, and whether the page's alert is about it. */
export type Focus = 'none' | 'first' | 'problem';

/** The form for a code. Spaces are welcome, so it has no pattern and room for them. */
export const codeForm = (place: FormPlace, { label, button, mintedAt, focus }: CodeField): Html =>
  html` <form method="post" action="${place.path}/code">
    <input type="hidden" name="form_token" value="${place.formToken}" />
    <input type="hidden" name="minted_at" value="${mintedAt}" />
    <label for="code">${label}</label>
    <input
      type="text"
      id="code"
      name="code"
      autocomplete="one-time-code"
      inputmode="numeric"
      maxlength="32"
      required${focused(focus)}
    />
    <button class="go">${button}</button>
  </form>`;

const focusMarkup = {
  none: html``,
  first: html` autofocus`,
  problem: html` autofocus aria-invalid="true" aria-describedby="problem"`,
} as const;

export const focused = (focus: Focus): Html => focusMarkup[focus];

interface MoreOfNotice extends Partial<DespiteSuspension> {
  readonly tryAgain?: string;
  readonly address?: string;
}

/** A page that only says something. */
export const noticePage = (place: Place, notice: Notice, more: MoreOfNotice = {}): Page => ({
  title: notice.title,
  isError: true,
  body: html` ${more.address !== undefined && html`<p class="who">${place.texts.signingInAs} <strong>${more.address}</strong></p>`}
    <h1>${notice.title}</h1>
    ${despiteSuspension(place, more)} ${notice.paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)} ${help(place)}
    ${more.tryAgain !== undefined && html`<a class="go" href="${more.tryAgain}">${place.texts.waiting.tryAgain}</a>`}
    ${back(place)}`,
});
