import { expect, test } from 'vitest';
import { UsageError } from '../../../src/host/options.ts';
import { readOptions } from '../../../src/login/options.ts';

const least = ['--config', 'login.yaml', '--keys', 'keys'];

test('in a pod', () => {
  expect(readOptions([], { LOGIN_CONFIG: 'login.yaml', LOGIN_KEYS: 'keys' })).toEqual({
    config: 'login.yaml',
    keys: 'keys',
    kubeconfig: undefined,
    context: undefined,
    listen: { host: '0.0.0.0', port: 8080 },
    listenMetrics: { host: '0.0.0.0', port: 9090 },
    logLevel: 'info',
  });
});

test('with a kubeconfig: on this machine only, on free ports; a flag goes before its variable', () => {
  const options = readOptions([...least, '--kubeconfig', 'k', '--listen', '[::1]:8443'], {
    LISTEN: 'x',
    KUBECONFIG: 'other',
  });
  expect(options).toMatchObject({
    kubeconfig: 'k',
    listen: { host: '::1', port: 8443 },
    listenMetrics: { host: '127.0.0.1', port: 0 },
  });
});

test('help', () => expect(readOptions(['--help'], {})).toBe('help'));

test.each([
  [[], '--config is missing'],
  [['--config', 'x'], '--keys is missing'],
  [[...least, '--listen', '8080'], '--listen: found "8080"; allowed is HOST:PORT'],
  [[...least, '--listen', ':8080'], '--listen: found ":8080"; allowed is HOST:PORT'],
  [[...least, '--listen', 'a:70000'], '--listen: found "a:70000"'],
  [[...least, '--log-level', 'loud'], '--log-level: found "loud"; allowed are trace, debug'],
  [[...least, '--context', 'x'], '--context needs --kubeconfig'],
  [[...least, '--unknown'], "Unknown option '--unknown'"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args, {})).toThrow(UsageError);
  expect(() => readOptions(args, {})).toThrow(message);
});
