import { systemClock } from '../../host/clock.ts';
import { isFields } from '../../kube/fields.ts';
import type { ValidateForm } from '../frame/choices.ts';
import { count } from '../frame/count.ts';
import { readSources } from '../frame/documents.ts';
import { SilentExit, exit, usageFailure } from '../frame/failure.ts';
import { say, tell } from '../frame/terminal.ts';
import { checkObject, isOurs } from '../manifests/check.ts';
import { readSchemas, type Schema } from '../manifests/crds.ts';
import { apiError, type Finding } from '../manifests/findings.ts';
import { readSource, type Source, type SourceObject } from '../manifests/source.ts';
import { acrossFindings, soundOf, type Sound } from './across.ts';
import { annotationOf, dataOf, textOf, type Report } from './print.ts';

export interface ValidateOptions {
  readonly output?: ValidateForm;
}

/** A template that computes the instant asks anew at each rendering: every sync would be another request. */
const hint = ({ path }: Finding, line: string): string =>
  ['requestedAt', 'expiresAt'].includes(String(path.at(-1))) && /\{\{|\$\(|\$\{|now/.test(line)
    ? '; a template must not compute it, for each rendering would be a new request: write the instant itself'
    : '';

const reportOf = (source: Source, object: SourceObject, finding: Finding): Report => {
  const place = object.placeOf(finding.path, finding.atKey ?? false);
  const message = finding.message + hint(finding, source.lines[place.line - 1] ?? '');
  return { source, level: finding.level, place, path: finding.path, message };
};

/** Green would say that something was checked. */
const nothingIn = (source: Source): Report => {
  const what = source.objects.length === 0 ? 'Kubernetes object' : 'MailAccount and no ExchangePlatform';
  const place = { line: 1, column: 1, length: 1 };
  return { source, level: 'warning', place, path: [], message: `no ${what} in ${source.file}` };
};

const reportsOf = (source: Source, schemas: ReadonlyMap<string, Schema>, sounds: Sound[]): readonly Report[] => {
  const syntax = source.problems.map(({ place, message }): Report => ({
    source,
    level: 'error',
    place,
    path: [],
    message,
  }));
  const ours = source.objects.filter(({ value }) => isOurs(value));
  const shapeless = source.objects
    .filter(({ value }) => !isFields(value))
    .map((object) => reportOf(source, object, apiError([], 'no Kubernetes object: a document must be a map')));
  return [
    ...syntax,
    ...shapeless,
    ...(syntax.length + shapeless.length + ours.length === 0 ? [nothingIn(source)] : []),
    ...ours.flatMap((object) => {
      const findings = checkObject(schemas, object.value);
      if (findings.length === 0) sounds.push(soundOf(object));
      return findings.map((finding) => reportOf(source, object, finding));
    }),
  ];
};

const byPlace = (a: Report, b: Report): number =>
  a.source.file === b.source.file
    ? a.place.line - b.place.line || a.place.column - b.place.column
    : a.source.file < b.source.file
      ? -1
      : 1;

const print = (reports: readonly Report[], form: ValidateForm): void => {
  if (form === 'json') say(JSON.stringify(reports.map(dataOf), null, 2));
  else for (const report of reports) say(form === 'github' ? annotationOf(report) : textOf(report));
};

/** Checks files without a cluster: syntax, schema, rules, and what contradicts across documents. */
export const validate = async (files: readonly string[], options: ValidateOptions): Promise<void> => {
  const form = options.output ?? 'text';
  if (files.length === 0) throw usageFailure('name files, or - for standard input');
  const [schemas, texts] = await Promise.all([readSchemas(), readSources(files)]);
  const sources = texts.map(readSource);
  const sounds: Sound[] = [];
  const single = sources.flatMap((source) => reportsOf(source, schemas, sounds));
  const bySource = new Map(sources.flatMap((source) => source.objects.map((object) => [object, source] as const)));
  const across = acrossFindings(sounds, systemClock.now()).map(({ source: object, finding }) =>
    reportOf(bySource.get(object) as Source, object, finding),
  );
  const reports = [...single, ...across].toSorted(byPlace);
  print(reports, form);
  const errors = reports.filter(({ level }) => level === 'error').length;
  if (form === 'text') {
    const objects = sources.flatMap((source) => source.objects).filter(({ value }) => isOurs(value)).length;
    const [object, file] = [count(objects, 'object'), count(sources.length, 'file')];
    tell(`${object} in ${file}: ${count(errors, 'error')}, ${count(reports.length - errors, 'warning')}`);
  }
  if (errors > 0) throw new SilentExit(exit.failed);
};
