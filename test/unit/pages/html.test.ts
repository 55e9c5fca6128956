import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { html, trusted } from '../../../src/login/pages/html.ts';

describe('html', () => {
  test('escapes texts, keeps pieces, joins lists and leaves out what is not there', () => {
    const items = ['<a>', 'b'].map((text) => html`<li>${text}</li>`);
    const piece = html`<p title="${`"'&`}">${1}${undefined}${false}${trusted('<hr>')}${items}</p>`;
    expect(piece.markup).toBe('<p title="&quot;&#39;&amp;">1<hr><li>&lt;a&gt;</li><li>b</li></p>');
  });

  test('lets no text end an attribute or begin an element', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const { markup } = html`${text}`;
        expect(markup).not.toMatch(/[<>"']/);
        expect(markup).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });
});
