import { expect, test } from 'vitest';
import { isLoopback } from '../../../src/host/loopback.ts';

test.each<[host: string, isIt: boolean]>([
  ['localhost', true],
  ['LOCALHOST', true],
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['127.1', true],
  ['[::1]', true],
  ['[0:0:0:0:0:0:0:1]', true],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['[::]', false],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
  ['example-127.0.0.1', false],
])('%s: %s', (host, isIt) => {
  // not every name that ends in a number is a URL's host
  expect(URL.canParse(`http://${host}:8080/`) && isLoopback(new URL(`http://${host}:8080/`))).toBe(isIt);
});
