import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { secretType } from '../../../src/api/names.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import { confirm } from '../../../src/cli/frame/confirm.ts';
import { Failure } from '../../../src/cli/frame/failure.ts';
import { qr, type QrOptions } from '../../../src/cli/qr/qr.ts';
import { success } from '../../../src/kube/client/errors.ts';
import type { Resource } from '../../../src/kube/client/resource.ts';
import { annotations, now, unscanned } from '../core/given.ts';

const uri = `otpauth://totp/Example%20Mail:anna%40example.com?secret=${'A'.repeat(32)}&issuer=Example%20Mail`;
const account = {
  metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1' },
  spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com' },
};
const secret = {
  type: secretType,
  metadata: { name: 'totp-0', namespace: 'mail', uid: 's', resourceVersion: '1', annotations: annotations(unscanned) },
  data: { 'otpauth-uri': Buffer.from(uri).toString('base64') },
};
const cluster = {
  namespace: 'mail',
  now: () => now,
  client: { get: ({ plural }: Resource) => Promise.resolve(success(plural === 'secrets' ? secret : account)) },
} as unknown as Cluster;

vi.mock(import('../../../src/cli/cluster/connect.ts'), async (original) => ({
  ...(await original()),
  withCluster: (_, work) => work(cluster),
}));
vi.mock(import('../../../src/cli/frame/confirm.ts'), () => ({ confirm: vi.fn(() => Promise.resolve()) }));

const { isTTY } = process.stdout;
const shown: string[] = [];

beforeEach(() => {
  process.stdout.isTTY = true;
  shown.length = 0;
  vi.mocked(confirm).mockClear();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    shown.push(String(text));
    return true;
  });
});

afterAll(() => {
  process.stdout.isTTY = isTTY;
});

describe('a QR code', () => {
  test.each<readonly [what: string, options: QrOptions, questions: readonly string[]]>([
    ['on a terminal after a question', {}, ['This shows the secret of anna@example.com on the screen.']],
    [
      'on a terminal after a question, with --force too',
      { force: true },
      ['This shows the secret of anna@example.com on the screen.'],
    ],
    ['on a terminal without one, with --yes', { yes: true }, []],
  ])('is shown %s', async (_, options, questions) => {
    await qr('anna', options);
    expect(vi.mocked(confirm).mock.calls.map(([question]) => question)).toEqual(questions);
    expect(shown.join('')).toMatch(/▀|▄|█/);
    expect(shown.join('')).not.toContain('A'.repeat(32));
  });

  test('goes to a pipe without a question, with --force', async () => {
    process.stdout.isTTY = false;
    await qr('anna', { force: true });
    expect(confirm).not.toHaveBeenCalled();
    expect(shown.join('')).toMatch(/▀|▄|█/);
  });

  test('is not shown on a terminal to who does not want it', async () => {
    vi.mocked(confirm).mockRejectedValueOnce(new Failure('not confirmed'));
    await expect(qr('anna', {})).rejects.toThrow('not confirmed');
    expect(shown).toEqual([]);
  });
});
