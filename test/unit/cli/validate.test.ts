import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli-process.ts';
import { checkObject } from '../../../src/cli/manifests/check.ts';
import { readSchemas, type Schema } from '../../../src/cli/manifests/crds.ts';
import { readSource } from '../../../src/cli/manifests/source.ts';

let schemas: ReadonlyMap<string, Schema>;

beforeAll(async () => {
  schemas = await readSchemas();
});

const platform = `apiVersion: exchange2fa.io/v1alpha1
kind: ExchangePlatform
metadata: { name: example-mail }
spec:
  issuer: Example Mail
  twoFactor: { state: Enabled, maxSuspensionHours: 8 }
`;

const account = (name: string, spec: string): string => `---
apiVersion: exchange2fa.io/v1alpha1
kind: MailAccount
metadata:
  name: ${name}
spec:
${spec}
`;

const good = account('anna', '  platformRef: { name: example-mail }\n  address: anna@example.com');

const validate = (input: string, ...args: string[]) => runCli(['validate', '-', ...args], { input });

describe('validate', () => {
  test('says nothing of what is right, and passes over what is not ours', async () => {
    const other = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata: { spec: wrong }\n---\n# empty\n';
    expect(await validate(platform + good + other)).toEqual({
      code: 0,
      stdout: '',
      stderr: '2 objects in 1 file: 0 errors, 0 warnings\n',
    });
  });

  const foreign = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n';
  test.each([
    ['a text', 'hello\n', 1, /^<stdin>:1:1: error: no Kubernetes object: a document must be a map\n/],
    ['a list', '- a\n- b\n', 1, /error: no Kubernetes object/],
    ['a text after an object', `${good}---\nhello\n`, 1, /error: no Kubernetes object/],
    ['a picture', '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR', 1, /^<stdin>:1:1: error: this is no text in UTF-8\n/],
    ['UTF-16', '\ufffd\ufffda\0p\0i\0', 1, /this is no text in UTF-8/],
    ['nothing', '', 0, /^<stdin>:1:1: warning: no Kubernetes object in <stdin>\n/],
    ['only a comment', '# empty\n---\n', 0, /warning: no Kubernetes object in <stdin>/],
    ['only what is not ours', foreign, 0, /warning: no MailAccount and no ExchangePlatform in <stdin>/],
  ])('is not green where nothing is checked: %s', async (_, input, code, says) => {
    const found = await validate(input);
    expect(found.stdout).toMatch(says);
    expect(found.code).toBe(code);
  });

  test('points at what is wrong, and says what may be meant', async () => {
    const { code, stdout } = await validate(
      account('anna', '  platformRef: { name: a }\n  address: anna@example.com\n  twoFactor:\n    suspensio: {}'),
    );
    expect(code).toBe(1);
    expect(stdout).toBe(
      '<stdin>:10:5: error: spec.twoFactor.suspensio: unknown field suspensio; is suspension meant?\n' +
        '  10 |     suspensio: {}\n' +
        '     |     ^^^^^^^^^\n',
    );
  });

  const soon = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const inAnna = (factor: string): string =>
    account('anna', `  platformRef: { name: example-mail }\n  address: anna@example.com\n  twoFactor: ${factor}`);

  test.each([
    [
      'two accounts of one address',
      platform + good + good.replace('name: anna', 'name: ben'),
      1,
      /spec\.address: is the address of anna too \(<stdin>:14\)/,
    ],
    ['one object twice', platform + good + good, 1, /metadata\.name: MailAccount anna is there twice/],
    [
      'hours over the maximum',
      platform + inAnna(`{ suspension: { requestedAt: "${soon}", hours: 9 } }`),
      1,
      /hours: 9 h is over the platform's maximum of 8 h/,
    ],
    [
      'hours over the maximum of a suspension that is over',
      platform + inAnna('{ suspension: { requestedAt: "2026-01-01T08:00:00Z", hours: 9 } }'),
      0,
      /^$/,
    ],
    [
      'hours of a platform over its own maximum',
      platform.replace('Hours: 8', `Hours: 8, suspension: { requestedAt: "${soon}", hours: 9 }`),
      1,
      /spec\.twoFactor\.suspension\.hours: 9 h is over the platform's maximum of 8 h/,
    ],
    [
      'an absurd date of a platform',
      platform.replace('maxSuspensionHours: 8', 'reset: { requestedAt: "2126-12-01T08:00:00Z" }'),
      0,
      /warning: spec\.twoFactor\.reset\.requestedAt: .*lies more than 2 years ahead/,
    ],
    [
      'a platform that is not there',
      platform + good.replace('name: example-mail', 'name: exmaple-mail'),
      0,
      /warning: .*no ExchangePlatform exmaple-mail is in these files; is example-mail meant\?/,
    ],
    [
      'an absurd date',
      inAnna('{ reset: { requestedAt: "2126-12-01T08:00:00Z" } }'),
      0,
      /warning: .*lies more than 2 years ahead: is the year right\?/,
    ],
    [
      'an instant that a template computes',
      inAnna('{ reset: { requestedAt: {{ now }} } }'),
      1,
      /a template must not compute it/,
    ],
    ['text that is no YAML', 'a: "b', 1, /<stdin>:1:\d+: error: Missing closing "quote/],
    ['a misspelt kind', good.replace('MailAccount', 'MailAcount'), 1, /kind is "MailAcount": is MailAccount meant\?/],
    [
      'another version',
      good.replace('v1alpha1', 'v1'),
      1,
      /apiVersion is "exchange2fa.io\/v1", and must be exchange2fa.io\/v1alpha1/,
    ],
    ['no name', good.replace('name: anna', 'labels: {}'), 1, /metadata\.name is missing/],
    [
      'off without quotes',
      inAnna('{ state: off }'),
      1,
      /false is not allowed here: Enabled, Removed; write it in quotes/,
    ],
    [
      'a list of objects',
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: exchange2fa.io/v1alpha1\n  kind: MailAccount\n  metadata: { name: a }\n  spec: { address: A }\n`,
      1,
      /<stdin>:7:3: error: spec: the field platformRef is missing/,
    ],
  ])('%s', async (_, input, code, says) => {
    const result = await validate(input);
    expect(result.stdout).toMatch(says);
    expect(result.code).toBe(code);
  });

  test('as JSON and as annotations of a pull request', async () => {
    const input = account('anna', '  platformRef: { name: a }\n  address: "a,b%"');
    const message = expect.stringContaining('must be a mail address') as unknown;
    expect(JSON.parse((await validate(input, '-o', 'json')).stdout)).toEqual([
      { file: '<stdin>', line: 8, column: 12, level: 'error', path: 'spec.address', message },
    ]);
    expect((await validate(input, '-o', 'github')).stdout).toMatch(
      /^::error file=<stdin>,line=8,col=12,endColumn=18::spec\.address: "a,b%25" must be/,
    );
  });

  test('reads the samples that are shipped', async () => {
    const files = ['00-namespace', '10-platform', '20-anna', '21-ben', '22-carl', '23-dora', '24-emil'].map(
      (name) => `manifests/samples/${name}.yaml`,
    );
    expect(await runCli(['validate', ...files])).toMatchObject({ code: 0 });
  });
});

test.each<readonly [text: string, problems: number, objects: readonly string[]]>([
  ['', 0, []],
  ['1', 0, ['a document must be a map']],
  ['[]', 0, ['a document must be a map']],
  ['a', 0, ['a document must be a map']],
  ['null', 0, []],
  ['- a\n- b', 0, ['a document must be a map']],
  ['{}', 0, ['apiVersion is nothing, and must be exchange2fa.io/v1alpha1']],
  ['? [a]\n: b', 0, ['apiVersion is nothing, and must be exchange2fa.io/v1alpha1']],
  ['&a [*a]', 0, ['a document must be a map']],
  ['\u0000', 1, []],
  ['a: b: c', 1, []],
  ['%YAML 9\n---\na: b', 1, []],
])('every document is judged, whatever it is: %j', (text, problems, wanted) => {
  const source = readSource({ file: 'x', text });
  expect(source.problems).toHaveLength(problems);
  expect(
    source.objects.map(({ value }) =>
      checkObject(schemas, value)
        .map(({ message }) => message)
        .join(),
    ),
  ).toEqual(wanted);
});
