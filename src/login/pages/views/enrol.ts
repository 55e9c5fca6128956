import type { ShownEnrolment } from '../../authenticator/authenticator.ts';
import { html, trusted, type Html } from '../html.ts';
import type { Page } from '../layout.ts';
import { alert, back, codeForm, despiteSuspension, help, who, type FormPlace } from './parts.ts';

export interface EnrolView {
  readonly shown: ShownEnrolment;
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

const warning = ({ texts }: FormPlace, { shownBefore }: EnrolView): Html | undefined =>
  shownBefore === undefined
    ? undefined
    : html`<div class="box warn">
        <p><strong>${texts.enrol.shownBefore(shownBefore)}</strong> ${texts.enrol.shownBeforeHelp}</p>
      </div>`;

const scan = ({ texts: { enrol } }: FormPlace, { shown }: EnrolView): Html =>
  html` <p>${enrol.scan}</p>
    <div class="qr" role="img" aria-label="${enrol.qrLabel}">${trusted(shown.qrSvg)}</div>
    <p class="hint">${enrol.onThisPhone} <a href="${shown.otpauthUri}">${enrol.openApp}</a></p>
    <details>
      <summary>${enrol.cannotScan}</summary>
      <p>${enrol.typeKey}</p>
      <code class="key">${groups(shown.key)}</code>
    </details>`;

const first = ({ texts: { enrol } }: FormPlace, { shown }: EnrolView): Html =>
  html` <p>${enrol.install}</p>
    ${shown.replacesEarlier && html`<p class="box">${enrol.deleteOlder(shown.issuer)}</p>`}`;

const last = (place: FormPlace, { shown, wait, problems, isAboutPage }: EnrolView): Html => {
  const { enrol, problem, waiting } = place.texts;
  // Beside the field: on a phone the top of the page is far away.
  const problemHere = isAboutPage ? undefined : alert(problems);
  if (wait !== undefined)
    return html`${problemHere}
      <p>${problem.waiting(wait)}</p>
      <a class="go" href="${place.path}">${waiting.tryAgain}</a>`;
  const focus = problemHere ? 'problem' : 'none';
  return html` <p>${enrol.type}</p>
    ${problemHere} ${codeForm(place, { label: enrol.label, button: enrol.confirm, mintedAt: shown.mintedAt, focus })}`;
};

/** The first login: install an app, scan, type the first code. */
export const enrolPage = (place: FormPlace, view: EnrolView): Page => {
  const { texts } = place;
  return {
    title: texts.enrol.title,
    isError: view.problems.length > 0,
    body: html` ${who(place)}
      <h1>${texts.enrol.title}</h1>
      ${view.isAboutPage && alert(view.problems)}
      <p>${texts.enrol.lead}</p>
      ${despiteSuspension(place, view.shown)} ${warning(place, view)}
      <ol class="steps">
        <li>${first(place, view)}</li>
        <li>${scan(place, view)}</li>
        <li>${last(place, view)}</li>
      </ol>
      ${help(place)} ${back(place)}`,
  };
};
