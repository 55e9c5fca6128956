import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/host/clock.ts';
import { systemRandom } from '../../../src/host/random.ts';
import { createLoginProgram, type LoginProgram } from '../../../src/login/program.ts';
import { MemoryServer } from './support/memory-server.ts';
import { testConfig, TestKeys } from './support/world.ts';

let program: LoginProgram;
let logged = '';

beforeEach(async () => {
  logged = '';
  const kept = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logged += chunk.toString();
      done();
    },
  });
  const log = pino({ level: 'trace' }, kept);
  const machine = { transport: new MemoryServer(), clock: systemClock, random: systemRandom, log, auditLog: log };
  program = await createLoginProgram(testConfig, new TestKeys(), machine, log);
  await program.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => program.app.close());

/** Sends the bytes as they are; what comes back until the end. */
const send = async (bytes: string): Promise<string> => {
  const { port } = program.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
};

test('who does not close its side keeps no connection', async () => {
  const { port } = program.app.server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  socket.write('garbage\r\n\r\n');
  await once(socket.resume(), 'end');
  await expect
    .poll(() => new Promise((resolve) => program.app.server.getConnections((_, count) => resolve(count))))
    .toBe(0);
  socket.destroy();
});

const secrets = ['SECRETCOOKIE', 'SECRETTOKEN', '123456'];
const start = 'POST /s/x/code HTTP/1.1\r\nHost: a\r\nCookie: c=SECRETCOOKIE\r\nAuthorization: Bearer SECRETTOKEN\r\n';

test.each([
  [
    'a broken body',
    `${start}Transfer-Encoding: chunked\r\n\r\nZZ\r\ncode=123456\r\n`,
    '400 Bad Request',
    'begin again',
  ],
  [
    'too many cookies',
    `${start}Cookie: ${'123456'.repeat(4_000)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
    'Delete the cookies of this site',
  ],
  ['no HTTP', 'code=123456 SECRETTOKEN SECRETCOOKIE\r\n\r\n', '400 Bad Request', 'begin again'],
])(
  '%s is answered with what to do, and logged without what was sent, at every level',
  async (_, bytes, status, what) => {
    const answer = await send(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status}\r\n`));
    expect(answer).toContain(what);
    expect(answer).toContain('Cache-Control: no-store');
    expect(logged).toContain('a request that can not be read');
    for (const secret of secrets) {
      expect(answer).not.toContain(secret);
      expect(logged).not.toContain(secret);
      // As the bytes of a Buffer in JSON.
      expect(logged).not.toContain([...Buffer.from(secret)].join(','));
    }
  },
);
