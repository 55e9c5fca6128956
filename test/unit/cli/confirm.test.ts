import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { confirm } from '../../../src/cli/frame/confirm.ts';
import { SilentExit, exit } from '../../../src/cli/frame/failure.ts';

const terminal = (types: string) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  stderr.once('data', () => stdin.write(types));
  return { stdin, stderr };
};

describe('a question', () => {
  test.each(['yes\n', ' YES \n'])('is confirmed by %j', (types) =>
    expect(confirm('Sure?', true, terminal(types))).resolves.toBeUndefined(),
  );

  test('says at y that the whole word is needed', () =>
    expect(confirm('Sure?', true, terminal('y\n'))).rejects.toThrow(
      'not confirmed: the whole word yes is needed; nothing was changed',
    ));

  test.each(['no\n', '\n', '\u0004'])('is not by %j', (types) =>
    expect(confirm('Sure?', true, terminal(types))).rejects.toThrow('not confirmed; nothing was changed'),
  );

  test('ends with 130 at Ctrl-C', () =>
    expect(confirm('Sure?', true, terminal('\u0003'))).rejects.toEqual(new SilentExit(exit.interrupted)));

  test('is a failure where nobody can answer', () =>
    expect(confirm('Sure?', false, terminal('yes\n'))).rejects.toThrow('Nobody can answer here: repeat it with --yes'));
});
