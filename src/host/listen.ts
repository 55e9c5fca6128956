import type { AddressInfo } from 'node:net';
import { InputError, UsageError } from './options.ts';

/** Where a program serves. */
export interface Listen {
  readonly host: string;
  readonly port: number;
}

const mostPort = 65_535;

/**
 * Reads HOST:PORT, with the brackets of an IPv6 address.
 *
 * @throws UsageError
 */
export const listenOf = (name: string, text: string): Listen => {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host === '' || Number(port) > mostPort) {
    throw new UsageError(`${name}: found ${JSON.stringify(text)}; allowed is HOST:PORT, with a port up to ${mostPort}`);
  }
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
};

/** Unless it is said: to everybody in a pod; elsewhere, which is where there is a kubeconfig, to this machine only. */
export const usualListen = (kubeconfig: string | undefined, portInPod: number): string =>
  kubeconfig === undefined ? `0.0.0.0:${portInPod}` : '127.0.0.1:0';

/** What a server that listens says of itself. */
export const urlOf = ({ address, port, family }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

const whyNot: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use already; name another port, or end what listens there',
  EACCES: 'is not for this user; a port from 1024 on is',
  EADDRNOTAVAIL: 'is no address of this machine',
  ENOTFOUND: 'is no address that this machine knows',
};

/**
 * Begins to listen where the option says.
 *
 * @throws InputError if that can't be listened at
 */
export const listenAt = async (
  option: string,
  listen: Listen,
  begin: (listen: Listen) => Promise<unknown>,
): Promise<void> => {
  try {
    await begin(listen);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? whyNot[String(error.code)] : undefined;
    if (why === undefined) throw error;
    const { host, port } = listen;
    throw new InputError(`${option}: ${host.includes(':') ? `[${host}]` : host}:${port} ${why}`);
  }
};
