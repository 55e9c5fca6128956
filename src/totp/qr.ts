import { toString } from 'qrcode';

/** Black on bright white, whatever the terminal's own colours: a light code on a dark ground is not read by every phone. */
const blackOnWhite = '\u001b[30;107m';
const reset = '\u001b[0m';

/** Free space around the code, which a reader needs (ISO/IEC 18004: four modules). */
const quietModules = 4;

export interface QrTextOptions {
  /** With colours; without them the text is right on a terminal with a dark ground. */
  readonly ansi: boolean;
}

/**
 * A QR code for a terminal, in lines of half blocks: two modules of height a character. A screen is not torn or stained,
 * so the lowest error correction does, and the code stays small.
 */
export const qrText = async (content: string, { ansi }: QrTextOptions): Promise<string> => {
  const colours = ansi ? {} : { color: { dark: '#ffffff', light: '#000000' } };
  const text = await toString(content, { type: 'utf8', errorCorrectionLevel: 'L', margin: quietModules, ...colours });
  if (!ansi) return text;
  return text
    .split('\n')
    .map((line) => blackOnWhite + line + reset)
    .join('\n');
};

/**
 * A QR code as an SVG document that scales: dark on a white ground of its own, whatever the page's colours. Drawn here:
 * what it says is a secret, so no other service may draw it.
 */
export const qrSvg = (content: string): Promise<string> =>
  toString(content, { type: 'svg', errorCorrectionLevel: 'L', margin: quietModules });
