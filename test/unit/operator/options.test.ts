import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/host/options.ts';
import { readOptions } from '../../../src/operator/options.ts';

const least = ['--namespaces', 'mail'];

describe('options', () => {
  test.each([
    {
      says: 'in a pod: the ServiceAccount, one replica by Lease, port 8080 for everybody',
      args: least,
      environment: { POD_NAMESPACE: 'ops' },
      expected: {
        kubeconfig: undefined,
        leaderElect: true,
        leaseNamespace: 'ops',
        listen: { host: '0.0.0.0', port: 8080 },
      },
    },
    {
      says: 'with a kubeconfig: loopback and a free port',
      args: [...least, '--kubeconfig', '/k'],
      environment: {},
      expected: { kubeconfig: '/k', listen: { host: '127.0.0.1', port: 0 }, leaseNamespace: 'exchange2fa-system' },
    },
    {
      says: 'a flag goes before the variable',
      args: ['--namespaces', 'a,b', '--log-level', 'debug'],
      environment: { WATCH_NAMESPACES: 'c', LOG_LEVEL: 'error' },
      expected: { namespaces: ['a', 'b'], logLevel: 'debug' },
    },
    {
      says: 'an empty variable is none, and a namespace named twice is watched once',
      args: [],
      environment: { WATCH_NAMESPACES: 'a, b,a', CONCURRENCY: '' },
      expected: { namespaces: ['a', 'b'], concurrency: 16 },
    },
    {
      says: 'all namespaces, by variable',
      args: [],
      environment: { WATCH_ALL_NAMESPACES: 'true' },
      expected: { namespaces: 'all' },
    },
    {
      says: 'an IPv6 address to listen at',
      args: [...least, '--listen', '[::1]:9000'],
      environment: {},
      expected: { listen: { host: '::1', port: 9000 } },
    },
  ])('$says', ({ args, environment, expected }) => {
    expect(readOptions(args, environment)).toMatchObject(expected);
  });

  test.each([
    [[], {}, '--namespaces: name those with accounts, or say --all-namespaces'],
    [['--namespaces', 'Mail'], {}, '--namespaces: "Mail" is not the name of a namespace'],
    [[...least, '--concurrency', '0'], {}, '--concurrency: found "0"; allowed is 1 to 256'],
    [least, { CONCURRENCY: 'many' }, '--concurrency: found "many"; allowed is 1 to 256'],
    [[...least, '--leader-elect', 'yes'], {}, '--leader-elect: found "yes"; allowed are true and false'],
    [[...least, '--listen', '8080'], {}, '--listen: found "8080"; allowed is HOST:PORT'],
    [[...least, '--listen', ':8080'], {}, '--listen: found ":8080"; allowed is HOST:PORT'],
    [[...least, '--listen', 'x:99999'], {}, '--listen: found "x:99999"; allowed is HOST:PORT, with a port up to 65535'],
    [
      [...least, '--log-level', 'loud'],
      {},
      '--log-level: found "loud"; allowed are trace, debug, info, warn, error, fatal',
    ],
    [[...least, '--context', 'c'], {}, '--context needs --kubeconfig'],
    [[...least, '--colour'], {}, "Unknown option '--colour'"],
  ])('%j %j is refused: %s', (args, environment, message) => {
    expect(() => readOptions(args, environment)).toThrow(UsageError);
    expect(() => readOptions(args, environment)).toThrow(message);
  });

  test('--help goes before everything else', () => {
    expect(readOptions(['--help'], {})).toBe('help');
  });
});
