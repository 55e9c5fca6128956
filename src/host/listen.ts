import type { AddressInfo } from 'node:net';
import { UsageError } from './options.ts';

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
