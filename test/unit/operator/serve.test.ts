import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serve } from '../../../src/operator/serve.ts';
import type { Program } from '../../../src/operator/program.ts';
import { SimulatedWorld } from './simulation/world.ts';

let world: SimulatedWorld;
let program: Program;
let served: Awaited<ReturnType<typeof serve>>;

const get = async (path: string): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(`${served.address}${path}`);
  return { status: response.status, text: await response.text() };
};

beforeEach(async () => {
  world = new SimulatedWorld();
  world.applyPlatform();
  world.applyAccount('anna', { reset: { requestedAt: '2199-01-01T00:00:00Z' } });
  program = world.start();
  served = await serve(program, { host: '127.0.0.1', port: 0 });
});

afterEach(() => void served.server.close());

describe('what the program serves', () => {
  test('/healthz is ok whatever happens, /readyz once all is read', async () => {
    await world.settle();
    expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await get('/readyz')).toEqual({ status: 200, text: 'ok\n' });
  });

  test('/readyz says what is missing while the API server does not answer', async () => {
    const cutOff = world.start();
    world.kill();
    const { address, server } = await serve(cutOff, { host: '127.0.0.1', port: 0 });
    const response = await fetch(`${address}/readyz`);
    const missing = ['platforms', 'accounts', 'secrets'].map((kind) => `${kind} in mail: not read yet\n`);
    expect([response.status, await response.text()]).toEqual([503, missing.join('')]);
    server.close();
  });

  test('a path that is not there says which are', async () => {
    expect(await get('/metric')).toEqual({ status: 404, text: 'there are /healthz, /readyz and /metrics\n' });
  });

  test.each([
    ['reconciles, by kind and result', 'exchange2fa_reconciles_total{kind="mailbox",result="done"} 1'],
    ['writes, by object, act and outcome', 'exchange2fa_writes_total{object="secret",act="create",outcome="done"} 1'],
    ['requests to the API server', 'exchange2fa_api_requests_total{method="POST",resource="secrets",code="201"} 1'],
    ['depth of the queue', 'exchange2fa_queue_depth{lane="interactive"} 0'],
    ['age in the queue', 'exchange2fa_queue_oldest_age_seconds{lane="bulk"} 0'],
    ['restarts of watches', 'exchange2fa_watches_opened_total{namespace="mail",resource="secrets"} 1'],
    ['accounts by phase', 'exchange2fa_accounts{namespace="mail",platform="example",phase="enrolling"} 1'],
    ['requests that wait', 'exchange2fa_requests_pending{request="reset"} 1'],
    ['lateness of timers', 'exchange2fa_timer_lateness_seconds_count'],
    ['who leads', 'exchange2fa_leader 1'],
    ['dropped Events', 'exchange2fa_events_dropped_total 0'],
    ['the clocks', 'exchange2fa_server_clock_offset_seconds 0'],
    ['the process itself', 'process_cpu_seconds_total'],
  ])('/metrics tells %s', async (_says, line) => {
    await world.settle();
    const { status, text } = await get('/metrics');
    expect(status).toBe(200);
    expect(text).toContain(`\n${line}`);
  });
});
