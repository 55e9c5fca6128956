import { beforeEach, expect, test, vi } from 'vitest';
import { act } from '../../../src/cli/act/act.ts';
import { unlockDeed } from '../../../src/cli/act/requests.ts';
import { suspendDeed } from '../../../src/cli/act/suspend.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
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
  confirm: () => {
    time += 600_000;
    return Promise.resolve();
  },
}));

beforeEach(() => {
  time = now;
  sent.length = 0;
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

test('a request has the date of the answer, not of the question', async () => {
  await act((at) => suspendDeed({ hours: '4' }, at), ['anna'], {});
  expect(sent).toEqual([{ twoFactor: { suspension: { requestedAt: '2026-11-25T12:10:01Z', hours: 4 } } }]);
});

test('or the one that was named', async () => {
  await act(() => unlockDeed({ requestedAt: hours(-1) }), ['anna'], {});
  expect(sent).toEqual([{ twoFactor: { unlock: { requestedAt: hours(-1) } } }]);
});
