import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { act } from '../../../src/cli/act/act.ts';
import { stateCommand } from '../../../src/cli/act/state.ts';
import { unlockCommand } from '../../../src/cli/act/unlock.ts';
import { resumeCommand, suspendCommand } from '../../../src/cli/act/suspend.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import { confirm } from '../../../src/cli/frame/confirm.ts';
import { exit, SilentExit } from '../../../src/cli/frame/failure.ts';
import type { Call } from '../../../src/kube/client/client.ts';
import { success } from '../../../src/kube/client/errors.ts';
import { hours, now, platform } from '../core/given.ts';

/** The API server's time, which a question lets pass. */
let time = now;
const sent: unknown[] = [];

const account = {
  metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1' },
  spec: {
    platformRef: { name: 'hosted' },
    address: 'anna@example.com',
    twoFactor: { suspension: { requestedAt: hours(99), hours: 1 } },
  },
};

const hosted = { metadata: { name: 'hosted', namespace: 'mail' }, spec: platform().spec };

const cluster = {
  namespace: 'mail',
  now: () => time,
  requestInstant: () => time + 1000,
  client: {
    get: () => Promise.resolve(success(account)),
    list: () => Promise.resolve(success({ items: [hosted], resourceVersion: '1' })),
    request: ({ body }: Call) => {
      sent.push((body as { readonly spec: unknown }).spec);
      return Promise.resolve(success(account));
    },
  },
} as unknown as Cluster;

vi.mock(import('../../../src/cli/cluster/connect.ts'), async (original) => ({
  ...(await original()),
  withCluster: (_, work) => work(cluster),
}));
vi.mock(import('../../../src/cli/frame/confirm.ts'), () => ({
  confirm: vi.fn(() => {
    time += 600_000;
    return Promise.resolve();
  }),
}));

beforeEach(() => {
  time = now;
  sent.length = 0;
  vi.mocked(confirm).mockClear();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

test('a request has the date of the answer, not of the question', async () => {
  await act((at) => suspendCommand({ hours: '4' }, at), ['anna'], {});
  expect(sent).toEqual([{ twoFactor: { suspension: { requestedAt: '2026-11-25T12:10:01Z', hours: 4 } } }]);
});

test('or the one that was named', async () => {
  await act(() => unlockCommand({ requestedAt: hours(-1) }), ['anna'], {});
  expect(sent).toEqual([{ twoFactor: { unlock: { requestedAt: hours(-1) } } }]);
});

describe('where Git owns the field', () => {
  const fieldsV1 = { 'f:spec': { 'f:twoFactor': { 'f:suspension': {} } } };
  const ofGit = {
    ...account,
    metadata: { ...account.metadata, managedFields: [{ manager: 'flux', operation: 'Apply', fieldsV1 }] },
  };
  const said = { stdout: '', stderr: '' };
  beforeEach(() => {
    for (const stream of ['stdout', 'stderr'] as const) {
      said[stream] = '';
      vi.spyOn(process[stream], 'write').mockImplementation((text) => {
        said[stream] += String(text);
        return true;
      });
    }
    vi.spyOn(cluster.client, 'get').mockResolvedValueOnce(success(ofGit));
  });

  test.each(['client', 'server', 'none'] as const)('a dry run (%s) ends as the command does', async (dryRun) => {
    const ended = act((at) => suspendCommand({ hours: '4' }, at), ['anna'], { yes: true, dryRun });
    await expect(ended).rejects.toEqual(new SilentExit(exit.failed));
    expect(said.stderr).toContain('error: anna: spec.twoFactor.suspension belongs to flux: commit the change there');
    expect(said.stdout).toContain('    suspension:\n      requestedAt: "2026-11-25T12:00:01Z"');
    expect(sent).toEqual([]);
  });

  test('--force says in a dry run too what it takes', async () => {
    await act((at) => suspendCommand({ hours: '4' }, at), ['anna'], { force: true, dryRun: 'client' });
    expect(said.stderr).toContain('Taken from flux: ');
    expect(said.stdout).toContain('anna suspended until 2026-11-25T16:00:01Z');
    expect(sent).toEqual([]);
  });
});

describe('a question before one named account', () => {
  const { isTTY } = process.stdin;
  afterAll(() => {
    process.stdin.isTTY = isTTY;
  });

  test.each([
    ['for a removal on a terminal', () => stateCommand('Removed'), true, {}, true],
    ['not with --yes', () => stateCommand('Removed'), true, { yes: true }, false],
    ['not in a script, which names what it means', () => stateCommand('Removed'), false, {}, false],
    ['not for what can be undone', resumeCommand, true, {}, false],
    ['not where the API server writes nothing', () => stateCommand('Removed'), true, { dryRun: 'server' }, false],
  ] as const)('is asked, or is not: %s', async (_, make, terminal, options, isAsked) => {
    process.stdin.isTTY = terminal;
    await act(make, ['anna'], options);
    expect(vi.mocked(confirm).mock.calls.map(([question]) => question)).toEqual(
      isAsked ? ['This will erase the seed for good and switch off the second factor of anna.'] : [],
    );
    expect(sent).toHaveLength(1);
  });
});
