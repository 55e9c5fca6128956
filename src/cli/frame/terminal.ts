import { styleText } from 'node:util';

/** How a cell is coloured: what protects, what asks for attention, what refuses. */
export type Tone = 'plain' | 'good' | 'attention' | 'bad' | 'faint' | 'heading';

const styles = {
  good: 'green',
  attention: 'yellow',
  bad: 'red',
  faint: 'gray',
  heading: 'bold',
} as const;

type Stream = NodeJS.WriteStream;

/** Colours only on a terminal, and not where NO_COLOR (no-color.org) or a dumb terminal says otherwise. */
export const hasColours = (stream: Pick<Stream, 'isTTY'>, environment: NodeJS.ProcessEnv): boolean =>
  stream.isTTY && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';

const colours = { stdout: hasColours(process.stdout, process.env), stderr: hasColours(process.stderr, process.env) };

const paint = (text: string, tone: Tone, isColoured: boolean): string =>
  isColoured && tone !== 'plain' ? styleText(styles[tone], text, { validateStream: false }) : text;

/** Text in its tone, for standard output. */
export const toned = (text: string, tone: Tone): string => paint(text, tone, colours.stdout);

/** What others wrote must not move the cursor or colour the terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');

/** @param onLost called if nobody reads standard output any more */
export const say = (text: string, onLost?: () => void): void =>
  void process.stdout.write(`${text}\n`, (error) => {
    if (error) onLost?.();
  });

/** For people beside the output: progress, warnings, questions. */
export const tell = (text: string, tone: Tone = 'plain'): void =>
  void process.stderr.write(`${paint(text, tone, colours.stderr)}\n`);
