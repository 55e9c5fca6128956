import { TransportFailure } from './transport.ts';

const tlsCodes = /^(CERT_|ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH)/;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Undici's and Node's errors in our terms. Their messages name hosts, ports and files, never headers or bodies. */
export const transportFailure = (error: unknown, sent: boolean): TransportFailure => {
  if (error instanceof TransportFailure) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : 'unknown failure';
  const text = code && !message.includes(code) ? `${code}: ${message}` : message;
  if (tlsCodes.test(code)) return new TransportFailure('tls', sent, text);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return new TransportFailure('timeout', sent, text);
  return new TransportFailure('connection', sent, text);
};

export const abortedFailure = (sent: boolean): TransportFailure =>
  new TransportFailure('aborted', sent, 'ended by the caller');

export const deadlineFailure = (deadlineMs: number, sent: boolean): TransportFailure =>
  new TransportFailure('timeout', sent, `no answer within ${Math.round(deadlineMs)} ms`);
