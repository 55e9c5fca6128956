import { printable, toned } from '../frame/terminal.ts';
import { pathText, type Path } from '../manifests/findings.ts';
import type { Place, Source } from '../manifests/source.ts';

/** One finding where it stands. */
export interface Report {
  readonly source: Source;
  readonly level: 'error' | 'warning';
  readonly place: Place;
  readonly path: Path;
  readonly message: string;
}

const said = ({ path, message }: Report): string => {
  const where = pathText(path);
  return printable(where === '' ? message : `${where}: ${message}`);
};

/** `file:line:column: error: …`, the line itself, and a caret under what is meant. */
export const textOf = (report: Report): string => {
  const { source, level, place } = report;
  const head = `${source.file}:${place.line}:${place.column}: ${toned(level, level === 'error' ? 'bad' : 'attention')}: ${said(report)}`;
  const number = String(place.line);
  const line = (source.lines[place.line - 1] ?? '').replaceAll('\t', ' ');
  const caret = ' '.repeat(place.column - 1) + '^'.repeat(place.length);
  return `${head}\n  ${number} | ${line}\n  ${' '.repeat(number.length)} | ${toned(caret, 'bad')}`;
};

export const dataOf = ({ source, level, place, path, message }: Report) => ({
  file: source.file,
  line: place.line,
  column: place.column,
  level,
  path: pathText(path),
  message,
});

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** A workflow command of GitHub Actions: an annotation at the line of the pull request. */
export const annotationOf = (report: Report): string => {
  const { source, level, place } = report;
  const properties = `file=${escapeProperty(source.file)},line=${place.line},col=${place.column},endColumn=${place.column + place.length}`;
  return `::${level} ${properties}::${escapeData(said(report))}`;
};
