import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** What a person reads. Colours, and lines that are written over, only where a person sees them. */
export interface Terminal {
  readonly isInteractive: boolean;
  say(text?: string): void;
  heading(text: string): void;
  styled(style: Style, text: string): string;
  /** Says what is being done, then how long it took; its details are said on lines of their own. */
  step<T>(what: string, act: (detail: (sentence: string) => void) => Promise<T>): Promise<T>;
}

const width = 100;

export function createTerminal(output: WriteStream): Terminal {
  const isInteractive = output.isTTY;
  const styled = (style: Style, text: string): string => styleText(style, text, { stream: output });
  const say = (text = ''): void => void output.write(`${text}\n`);
  const pending = (what: string): void => {
    if (isInteractive) output.write(`  ${styled('yellow', '…')} ${what}`);
  };
  const clear = (): void => {
    if (isInteractive) output.write('\r\u001b[2K');
  };
  return {
    isInteractive,
    say,
    styled,
    heading: (text) => say(`\n${styled('bold', `── ${text} ${'─'.repeat(Math.max(0, width - text.length - 4))}`)}\n`),
    step: async (what, act) => {
      const began = performance.now();
      pending(what);
      const detail = (sentence: string): void => {
        clear();
        say(styled('dim', `    ${sentence}`));
        pending(what);
      };
      try {
        const result = await act(detail);
        clear();
        const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`;
        say(`  ${styled('green', '✓')} ${what.padEnd(width - 12)} ${styled('dim', seconds.padStart(6))}`);
        return result;
      } catch (error) {
        clear();
        say(`  ${styled('red', '✗')} ${what}`);
        throw error;
      }
    },
  };
}
