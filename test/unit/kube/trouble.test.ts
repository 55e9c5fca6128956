import { expect, it } from 'vitest';
import type { Log } from '../../../src/host/log.ts';
import type { KubeError } from '../../../src/kube/client/errors.ts';
import { Trouble } from '../../../src/kube/reflector/trouble.ts';
import { VirtualClock } from './virtual-clock.ts';

const logged = (...errors: readonly KubeError[]): readonly (readonly [string, unknown])[] => {
  const lines: [string, unknown][] = [];
  const at = (level: string) => (fields: object, message: string) => lines.push([`${level}: ${message}`, fields]);
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const remedy = ({ kind }: KubeError): string | undefined => (kind === 'forbidden' ? 'ask somebody' : undefined);
  const trouble = new Trouble({ clock: new VirtualClock(), log, remedy }, 'WATCH things');
  for (const error of errors) trouble.met({ what: 'error', error });
  return lines;
};

const watch = 'WATCH things';
const busy: KubeError = { kind: 'tooManyRequests', retryAfterMs: 1_000, text: 'GET things: 429' };
const down: KubeError = { kind: 'unavailable', status: 503, text: 'GET things: 503' };
const forbidden: KubeError = { kind: 'forbidden', because: 'permission', text: 'GET things: 403' };

it.each([
  ['a server that asks to be patient is no reason to warn', busy, 'info: watch waits', {}],
  ['one that does not answer is', down, 'warn: watch interrupted', {}],
  ['what a person can do is said with it', forbidden, 'warn: watch interrupted', { remedy: 'ask somebody' }],
] as const)('%s', (_says, error, line, more) => {
  expect(logged(error)).toEqual([[line, { watch, trouble: error.text, ...more }]]);
});

it('the same in a row is said once, another again', () => {
  expect(logged(down, down, forbidden, down).map(([line]) => line)).toHaveLength(3);
});
