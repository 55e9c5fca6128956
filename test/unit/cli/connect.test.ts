import { describe, expect, test } from 'vitest';
import { notReached } from '../../../src/cli/cluster/reach.ts';

describe('a server that is not reached', () => {
  const hint = 'is set, but this program uses no proxy and goes to the API server itself';

  test.each([
    ['https://api.example.com', { HTTPS_PROXY: 'http://proxy:3128' }, `HTTPS_PROXY ${hint}`],
    ['https://api.example.com', { https_proxy: 'http://proxy:3128' }, `https_proxy ${hint}`],
    ['https://api.example.com', { HTTP_PROXY: 'http://proxy:3128', HTTPS_PROXY: '' }, '--context'],
    ['https://127.0.0.1:6443', { HTTPS_PROXY: 'http://proxy:3128' }, '--context'],
    ['https://[::1]:6443', { HTTPS_PROXY: 'http://proxy:3128' }, '--context'],
    ['https://api.example.com', {}, '--context'],
  ])('%s with %j ends with %s', (server, environment, end) => {
    expect(notReached(server, 'timed out', environment).endsWith(end)).toBe(true);
  });
});
