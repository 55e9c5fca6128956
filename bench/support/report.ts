/** One line of the result. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: '×' | 'ms' | 's' | 'MB' | 'bytes' | 'writes' | 'conflicts';
  /** The single values behind it, a median or what they come to together. */
  readonly of?: readonly number[];
  readonly atMost?: number;
  readonly how: string;
}

const digits = { '×': 2, ms: 2, s: 2, MB: 1, bytes: 0, writes: 3, conflicts: 0 } as const;

const format = (value: number, unit: Figure['unit']): string => value.toFixed(digits[unit]);

const measured = ({ value, unit, of }: Figure): string => {
  const spread = of && of.length > 1 ? ` (${format(Math.min(...of), unit)}–${format(Math.max(...of), unit)})` : '';
  return `${format(value, unit)} ${unit}${spread}`;
};

const met = ({ value, atMost }: Figure): string => (atMost === undefined ? '' : value <= atMost ? 'yes' : 'NO');

const target = ({ atMost, unit }: Figure): string => (atMost === undefined ? '' : `≤ ${atMost} ${unit}`);

const header = ['figure', 'measured (lowest–highest)', 'target', 'met', 'how'];

/** The figures as a Markdown table, padded so that it reads well on a terminal too. */
export const table = (figures: readonly Figure[]): string => {
  const rows = figures.map((figure) => [figure.name, measured(figure), target(figure), met(figure), figure.how]);
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => (row[column] ?? title).length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join(' | ')} |`;
  return [
    line(header),
    line(header.map((_, column) => '-'.repeat(column === 4 ? 3 : (widths[column] ?? 3)))),
    ...rows.map(line),
  ].join('\n');
};
