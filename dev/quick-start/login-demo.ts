import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ApiCaller } from '../../src/login/config/config.ts';
import { Child } from '../control-plane/local/child.ts';
import type { Guard } from '../control-plane/local/guard.ts';
import { choosePort } from '../control-plane/local/port.ts';
import { listeningIn } from '../listening.ts';
import { writeLoginKeys } from '../login/key-files.ts';
import { startWebmail } from '../webmail/index.ts';
import { until } from './until.ts';

export interface DemoOptions {
  /** With the login service's identity. */
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Offered on the webmail's sign-in page. */
  readonly accounts: readonly string[];
  /** Who may ask the JSON API. */
  readonly apiCallers?: readonly ApiCaller[];
  /** For keys, configuration and log. */
  readonly folder: string;
  readonly guard: Guard;
  readonly signal: AbortSignal;
  readonly onPassword?: (address: string) => void;
}

export interface Demo {
  /** The webmail's sign-in page: where a newcomer begins. */
  readonly url: string;
  readonly issuer: string;
  /** The login service's process, and where it logs. */
  readonly login: Child;
  readonly logFile: string;
  stop(): Promise<void>;
}

const program = join(import.meta.dirname, '../../src/login/main.ts');
const startTimeoutMs = 30_000;
const graceMs = 5_000;

/** Starts the login service with keys of its own, and a webmail that sends people there. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { kubeconfig, namespace, accounts, apiCallers = [], folder, guard, signal, onPassword } = options;
  const file = (name: string): string => join(folder, name);
  const [keys, config, logFile] = [file('login-keys'), file('login.yaml'), file('login.log')];
  const port = await choosePort(file('login.port'));
  const issuer = `http://localhost:${port}`;
  const webmail = await startWebmail({ issuer, accounts, namespace, ...(onPassword && { onPassword }) });
  await writeLoginKeys(keys, new Date().toISOString().slice(0, 10));
  await writeFile(config, stringify({ issuer, relyingParties: [webmail.relyingParty], apiCallers }));
  const flags = ['--config', config, '--keys', keys, '--kubeconfig', kubeconfig, '--listen', `127.0.0.1:${port}`];
  const command = [process.execPath, program, ...flags];
  const login = new Child({ name: 'login service', command, logFile, guard });
  const stop = async (): Promise<void> => {
    await Promise.all([login.stop(graceMs), webmail.close()]);
  };
  try {
    await until('the login service listens', () => isListening(login, logFile), { timeoutMs: startTimeoutMs, signal });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: webmail.url, issuer, login, logFile, stop };
}

async function isListening(login: Child, logFile: string): Promise<true | undefined> {
  if (login.ending !== undefined) throw new Error(login.account());
  return listeningIn(await readFile(logFile, 'utf8')) === undefined ? undefined : true;
}
