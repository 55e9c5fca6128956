/**
 * The pages' whole style: one column, system fonts, nothing to download. Colours keep a contrast of 4.5 : 1 (WCAG 2.2, AA)
 * in both schemes; the QR code stays black on white, as readers want it.
 */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f2ec; --card: #fffefb; --ink: #20262b; --soft: #586069; --line: #d8d4c8; --field: #8b8d88;
  --accent: #14595a; --accent-ink: #ffffff; --warn: #8f2d1c; --warn-ground: #fbeee9; --note-ground: #edf3f1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181b; --card: #1c2226; --ink: #e9e7e0; --soft: #a6afb6; --line: #343c42; --field: #7b858c;
    --accent: #83cbc4; --accent-ink: #0c2322; --warn: #ffb4a3; --warn-ground: #3a211c; --note-ground: #1f2d2d;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink); }
main { width: 100%; max-width: 29rem; margin: auto; padding: 1.5rem 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.75rem; overflow-wrap: anywhere; }
@media (max-width: 24rem) { main { padding: .5rem; } .card { padding: 1.25rem 1rem; } }
.who { margin: 0 0 1.25rem; padding-bottom: .9rem; border-bottom: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
.who strong { color: var(--ink); font-weight: 600; }
h1 { margin: 0 0 .75rem; font-size: 1.45rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
p { margin: 0 0 1rem; }
.box { margin: 0 0 1.1rem; padding: .75rem .9rem; border-left: .25rem solid var(--accent); border-radius: .3rem; background: var(--note-ground); }
.box > :last-child { margin-bottom: 0; }
.box.warn { border-color: var(--warn); background: var(--warn-ground); }
.box.warn strong { color: var(--warn); }
label { display: block; margin-bottom: .35rem; font-weight: 600; }
input[type=text] {
  width: 100%; padding: .6rem .75rem; border: 1px solid var(--field); border-radius: .45rem; background: var(--card); color: var(--ink);
  font: 1.5rem/1.3 ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; letter-spacing: .18em;
}
input.long { font-size: 1.05rem; letter-spacing: .06em; text-transform: uppercase; }
input[aria-invalid=true] { border-color: var(--warn); border-width: 2px; }
.hint { margin: .35rem 0 0; color: var(--soft); font-size: .88rem; }
.go {
  display: block; width: 100%; margin-top: 1.1rem; padding: .75rem 1rem; border: 1px solid transparent; border-radius: .45rem; cursor: pointer;
  background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600; text-align: center; text-decoration: none;
}
.go:hover { filter: brightness(1.08); }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ol.steps { list-style: none; margin: 1.25rem 0 0; padding: 0; counter-reset: step; }
ol.steps > li { position: relative; counter-increment: step; padding: 0 0 1.3rem 2.4rem; }
ol.steps > li:last-child { padding-bottom: 0; }
ol.steps > li::before {
  content: counter(step); position: absolute; left: 0; top: .05rem; width: 1.6rem; height: 1.6rem; border: 1px solid var(--accent);
  border-radius: 50%; color: var(--accent); font-size: .9rem; font-weight: 600; line-height: 1.5rem; text-align: center;
}
ol.steps p { margin-bottom: .6rem; }
ol.steps li > :last-child { margin-bottom: 0; }
.qr { display: block; overflow: hidden; width: 100%; max-width: 15rem; margin: 0 0 .8rem; padding: 0; border-radius: .4rem; background: #fff; border: 1px solid var(--line); }
.qr svg { display: block; width: 100%; height: auto; }
.key { display: block; margin: .4rem 0 .5rem; font: 1.02rem/1.7 ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; letter-spacing: .04em; }
.key span { display: inline-block; margin-right: .55rem; }
details { margin-top: 1.1rem; font-size: .93rem; }
ol.steps details { margin-top: .4rem; }
summary { cursor: pointer; color: var(--accent); }
details > :not(summary) { margin: .5rem 0 0; }
.help { margin: 1.25rem 0 0; color: var(--soft); font-size: .93rem; }
.help + .back { margin-top: .4rem; }
.back { margin: 1.25rem 0 0; font-size: .93rem; }
footer { padding: .25rem 1rem 1.5rem; color: var(--soft); font-size: .85rem; text-align: center; }
footer p { max-width: 27rem; margin: 0 auto; }
@media (prefers-reduced-motion: no-preference) { .go { transition: filter .15s; } }
@media (forced-colors: active) { .go { border-color: ButtonText; } }
`;
