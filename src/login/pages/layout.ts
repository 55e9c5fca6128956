import { createHash } from 'node:crypto';
import type { Texts } from '../locales/texts.ts';
import { html, trusted, type Html } from './html.ts';
import { style } from './style.ts';

/** One page, ready to be sent. */
export interface Page {
  /** What the tab and a screen reader say first. */
  readonly title: string;
  readonly body: Html;
  /** Submits the page's only form as soon as it is there; a button does the same where scripts are off. */
  readonly submitsItself?: boolean;
  /** The page tells of an error: its title says so before anything else. */
  readonly isError?: boolean;
}

/** The one script that any page has. */
const script = 'document.forms[0].submit()';

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the Content-Security-Policy lets run and apply, by content. */
export const styleSource = sourceOf(style);
export const scriptSource = sourceOf(script);

/** Whole elements, as even white space counts in what the policy names. */
const styleElement = trusted(`<style>${style}</style>`);
const scriptElement = trusted(`<script>${script}</script>`);

/** A shield with a keyhole, drawn for this project; as data, so that no second request is made for it. */
const icon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#14595a" d="M16 2 4 6v9c0 7 5 12.5 12 15 7-2.5 12-8 12-15V6z"/>' +
      '<circle cx="16" cy="13" r="3.5" fill="#fff"/><path fill="#fff" d="M14.5 14h3l1.200 8h-5.400z"/></svg>',
  );

/** The whole document around a page's content. */
export const documentOf = (page: Page, texts: Texts): string => {
  const title = page.isError ? `${texts.errorPrefix} ${page.title}` : page.title;
  const whole = html`<!doctype html>
    <html lang="${texts.lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="${icon}" />
        ${styleElement}
      </head>
      <body>
        <main><div class="card">${page.body}</div></main>
        <footer><p>${texts.footer}</p></footer>
        ${page.submitsItself === true && scriptElement}
      </body>
    </html>`;
  return whole.markup;
};
