import { createHash } from 'node:crypto';
import { html, trusted, type Html } from '../../src/login/pages/html.ts';
import { demoPassword } from './demo-values.ts';
import type { Handover } from './second-factor.ts';
import type { Passed } from './sign-ins.ts';

const style = `
:root { color-scheme: light dark; --ground: #eef1f6; --card: #ffffff; --ink: #1f2733; --soft: #5a6472; --line: #d3d9e3; --accent: #3b4a9c; --on: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ground: #12151c; --card: #1b2029; --ink: #e6e9f0; --soft: #a3adbb; --line: #333b49; --accent: #aab6ff; --on: #161b3a; } }
* { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
body { margin: 0; background: var(--ground); color: var(--ink); }
.band { margin: 0; padding: .5rem 1rem; background: #ffd76a; color: #3b2c00; text-align: center; font-size: .9rem; }
main { max-width: 27rem; margin: 10vh auto 0; padding: 1rem; }
.card { padding: 1.75rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.4rem; }
label { display: block; margin-bottom: .3rem; font-weight: 600; }
input { width: 100%; margin-bottom: 1rem; padding: .55rem .7rem; border: 1px solid var(--soft); border-radius: .3rem; background: var(--card); color: var(--ink); font: inherit; }
button { width: 100%; padding: .65rem; border: 0; border-radius: .3rem; background: var(--accent); color: var(--on); font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.hint { color: var(--soft); font-size: .9rem; }
.warn { color: #b3261e; font-weight: 600; }
@media (prefers-color-scheme: dark) { .warn { color: #ffb4ab; } }
dl { margin: 0 0 1.2rem; } dt { color: var(--soft); font-size: .88rem; } dd { margin: 0 0 .6rem; }
a { color: var(--accent); }
`;
const submit = 'document.forms[0].submit()';

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
export const styleSource = sourceOf(style);
export const submitSource = sourceOf(submit);

const styleElement = trusted(`<style>${style}</style>`);
const submitElement = trusted(`<script>${submit}</script>`);

export const documentOf = (title: string, view: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – demo webmail</title>
        <link rel="icon" href="data:," />
        ${styleElement}
      </head>
      <body>
        <header>
          <p class="band">
            Demonstration: there is no mail here, and the password of everybody is <strong>${demoPassword}</strong>.
          </p>
        </header>
        <main><div class="card">${view}</div></main>
      </body>
    </html> `.markup;

/** The first factor. */
export const signInView = (accounts: readonly string[], problem?: 'wrong'): Html =>
  html` <h1>Demo webmail</h1>
    ${problem === 'wrong' && html`<p class="warn" role="alert">Wrong password. It is “${demoPassword}”.</p>`}
    <form method="post" action="/">
      <label for="address">Mail address</label>
      <input
        id="address"
        name="address"
        type="email"
        list="accounts"
        autocomplete="username"
        required
        value="${accounts[0] ?? ''}"
      />
      <datalist id="accounts">${accounts.map((address) => html`<option value="${address}"></option>`)}</datalist>
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        value="${demoPassword}"
      />
      <button>Sign in</button>
    </form>
    <p class="hint">Try: ${accounts.join(', ')}</p>`;

/** Takes the browser to the login service. */
export const handoverView = ({ action, fields }: Handover): Html =>
  html` <h1>Password right</h1>
    <p>Now the second step.</p>
    <form method="post" action="${action}">
      ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <button>Continue</button>
    </form>
    ${submitElement}`;

const inWords = ({ secondFactor, reason, until }: Passed): string => {
  if (secondFactor === 'otp') return 'a code was accepted';
  const end = until === undefined ? '' : `, until ${until}`;
  return `no code was asked for: ${reason ?? 'no reason given'}${end}`;
};

export const inboxView = (passed: Passed): Html =>
  html` <h1>Inbox</h1>
    <dl>
      <dt>Signed in as</dt>
      <dd><strong>${passed.address}</strong></dd>
      <dt>Second factor</dt>
      <dd>${inWords(passed)}</dd>
    </dl>
    <p class="hint">Here your mail would be.</p>
    <form method="post" action="/sign-out"><button>Sign out</button></form>`;

export const refusedView = (why: string): Html =>
  html` <h1>Not signed in</h1>
    <p>${why}</p>
    <p><a href="/">Sign in again</a></p>`;
