/** One line of Prometheus's text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)/;
const label = /(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"/g;

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(label)].map(({ groups }) => [groups?.['name'] ?? '', groups?.['value'] ?? '']));

/** The samples of the metrics named; an API server has tens of thousands of others. */
export const samplesOf = (text: string, ...names: readonly string[]): Sample[] =>
  text.split('\n').flatMap((line) => {
    if (!names.some((name) => line.startsWith(name))) return [];
    const { name = '', labels = '', value = '' } = sampleLine.exec(line)?.groups ?? {};
    return names.includes(name) ? [{ name, labels: labelsOf(labels), value: Number(value) }] : [];
  });

export const valueOf = (text: string, name: string): number =>
  samplesOf(text, name).reduce((sum, { value }) => sum + value, 0);
