import type { Socket } from 'node:net';
import type { Log } from '../host/log.ts';

interface Refusal {
  readonly status: string;
  readonly text: string;
}

const unreadable: Refusal = {
  status: '400 Bad Request',
  text: 'This request can not be read. Go back to the webmail and begin again.',
};

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    text: 'The headers of this request are too large. Delete the cookies of this site, go back to the webmail and begin again.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    text: 'This request took too long. Go back to the webmail and begin again.',
  },
};

const answerTo = ({ status, text }: Refusal): string =>
  [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    text,
  ].join('\r\n');

/**
 * Answers what is no HTTP. The error carries the bytes that were sent, cookies, tokens and codes among them: its code alone
 * is logged, where Fastify would log all of it.
 */
export const answerBrokenRequest =
  (log: Log) =>
  ({ code = '' }: NodeJS.ErrnoException, socket: Socket): void => {
    if (code === 'ECONNRESET' || socket.destroyed) return;
    log.debug({ code }, 'a request that can not be read');
    if (socket.writable) socket.write(answerTo(refusals[code] ?? unreadable));
    // Not only ended: who does not close its side would keep the connection.
    socket.destroySoon();
  };
