import { printable, toned, type Tone } from './terminal.ts';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | undefined;
  readonly tone?: (row: Row) => Tone;
}

const gap = '   ';
/** As kubectl shows a field that is not there. */
const nothing = '<none>';

/** Rows under titles, as kubectl prints them: columns as wide as their widest cell, and the last as long as it is. */
export const tableOf = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { readonly headers?: boolean } = {},
): readonly string[] => {
  const cells = rows.map((row) => columns.map(({ of }) => printable(of(row) ?? '') || nothing));
  const titles = columns.map(({ title }) => title);
  const all = options.headers === false ? cells : [titles, ...cells];
  const widths = columns.map((_, index) => all.reduce((width, line) => Math.max(width, (line[index] ?? '').length), 0));
  const last = columns.length - 1;
  const pad = (text: string, index: number): string => (index === last ? text : text.padEnd(widths[index] ?? 0));
  const lines = cells.map((line, at) => {
    const row = rows[at] as Row;
    return line.map((text, index) => toned(pad(text, index), columns[index]?.tone?.(row) ?? 'plain')).join(gap);
  });
  return options.headers === false ? lines : [titles.map(pad).join(gap), ...lines];
};
