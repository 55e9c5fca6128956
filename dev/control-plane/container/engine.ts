import { existsSync } from 'node:fs';
import { request, type RequestOptions } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

const answerTimeoutMs = 2000;
const workTimeoutMs = 30_000;

/** Where a Docker engine listens, in the form of DOCKER_HOST. */
export type EngineAddress = string;

/** The engine that answers, or undefined, quickly. */
export async function findEngine(): Promise<EngineAddress | undefined> {
  for (const address of knownAddresses()) {
    if ((await ask(address, 'GET', '/_ping', answerTimeoutMs)) === 200) return address;
  }
  return undefined;
}

/** Removes a container with its volumes, running or not. */
export async function removeContainer(address: EngineAddress, id: string): Promise<void> {
  await ask(address, 'DELETE', `/containers/${encodeURIComponent(id)}?force=true&v=true`, workTimeoutMs);
}

function knownAddresses(): readonly EngineAddress[] {
  const named = process.env['DOCKER_HOST'];
  if (named !== undefined && named !== '') return [named];
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const sockets = [
    '/var/run/docker.sock',
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
  ];
  return sockets.filter((socket) => existsSync(socket)).map((socket) => `unix://${socket}`);
}

/** The status of the answer, or undefined without one. */
function ask(address: EngineAddress, method: string, path: string, timeout: number): Promise<number | undefined> {
  const where = target(address);
  if (where === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const asked = request({ ...where, method, path, timeout }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}

function target(address: EngineAddress): RequestOptions | undefined {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length) };
  if (!address.startsWith('tcp://') && !address.startsWith('http://')) return undefined;
  const { hostname, port } = new URL(address.replace(/^tcp:/, 'http:'));
  return { host: hostname, port };
}
