import type { ShownEnrollment } from '../../authenticator/authenticator.ts';
import { html, trusted, type Html } from '../html.ts';
import type { Page } from '../layout.ts';
import { alert, back, codeForm, despiteSuspension, help, who, type FormPlace } from './parts.ts';

export interface EnrollView {
  readonly shown: ShownEnrollment;
  readonly problems: readonly string[];
  /** The problem is what the whole page is about (another seed), not the code that was typed. */
  readonly isAboutPage: boolean;
  /** When it was first shown, in words, if that was not in this session. */
  readonly shownBefore: string | undefined;
  /** How long no code is judged, in words. */
  readonly wait: string | undefined;
}

/** The key as a person types it: groups of four. Screen readers and copying get it in one piece, spaces do no harm in apps. */
const groups = (key: string): readonly Html[] =>
  (key.match(/.{1,4}/g) ?? []).map((group) => html`<span>${group}</span> `);

const warning = ({ texts }: FormPlace, { shownBefore }: EnrollView): Html | undefined =>
  shownBefore === undefined
    ? undefined
    : html`<div class="box warn">
        <p><strong>${texts.enroll.shownBefore(shownBefore)}</strong> ${texts.enroll.shownBeforeHelp}</p>
      </div>`;

const scan = ({ texts: { enroll } }: FormPlace, { shown }: EnrollView): Html =>
  html` <p>${enroll.scan}</p>
    <div class="qr" role="img" aria-label="${enroll.qrLabel}">${trusted(shown.qrSvg)}</div>
    <p class="hint">${enroll.onThisPhone} <a href="${shown.otpauthUri}">${enroll.openApp}</a></p>
    <details>
      <summary>${enroll.cannotScan}</summary>
      <p>${enroll.typeKey}</p>
      <code class="key">${groups(shown.key)}</code>
    </details>`;

const first = ({ texts: { enroll } }: FormPlace, { shown }: EnrollView): Html =>
  html` <p>${enroll.install}</p>
    ${shown.replacesEarlier && html`<p class="box">${enroll.deleteOlder(shown.issuer)}</p>`}`;

const last = (place: FormPlace, { shown, wait, problems, isAboutPage }: EnrollView): Html => {
  const { enroll, problem, waiting } = place.texts;
  // Beside the field: on a phone the top of the page is far away.
  const problemHere = isAboutPage ? undefined : alert(problems);
  if (wait !== undefined)
    return html`${problemHere}
      <p>${problem.waiting(wait)}</p>
      <a class="go" href="${place.path}">${waiting.tryAgain}</a>`;
  const focus = problemHere ? 'problem' : 'none';
  return html` <p>${enroll.type}</p>
    ${problemHere} ${codeForm(place, { label: enroll.label, button: enroll.confirm, mintedAt: shown.mintedAt, focus })}`;
};

/** The first login: install an app, scan, type the first code. */
export const enrollPage = (place: FormPlace, view: EnrollView): Page => {
  const { texts } = place;
  return {
    title: texts.enroll.title,
    isError: view.problems.length > 0,
    body: html` ${who(place)}
      <h1>${texts.enroll.title}</h1>
      ${view.isAboutPage && alert(view.problems)}
      <p>${texts.enroll.lead}</p>
      ${despiteSuspension(place, view.shown)} ${warning(place, view)}
      <ol class="steps">
        <li>${first(place, view)}</li>
        <li>${scan(place, view)}</li>
        <li>${last(place, view)}</li>
      </ol>
      ${help(place)} ${back(place)}`,
  };
};
