import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { writeLoginKeys } from '../../../dev/login/key-files.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { systemRandom } from '../../../src/host/random.ts';
import type { LoginConfig } from '../../../src/login/config/config.ts';
import type { KeyStore } from '../../../src/login/keys/keys.ts';
import { openKeys } from '../../../src/login/keys/open-keys.ts';
import { pages } from '../../../src/login/pages/index.ts';
import { configuration } from './asking.ts';
import { Script } from './script.ts';

export interface Site {
  readonly app: FastifyInstance;
  readonly script: Script;
  readonly keys: KeyStore;
  readonly directory: string;
  /** Puts the login service's clock forward. */
  forward(ms: number): void;
  close(): Promise<void>;
}

/** The pages on a script instead of Secrets. */
export const openSite = async (change: (config: LoginConfig) => LoginConfig = (config) => config): Promise<Site> => {
  const directory = await mkdtemp(join(tmpdir(), 'pages-'));
  await writeLoginKeys(directory, '2026-01-01');
  let aheadMs = 0;
  const clock = {
    now: () => systemClock.now() + aheadMs,
    monotonic: () => systemClock.monotonic() + aheadMs,
    after: (delayMs: number, wake: () => void) => systemClock.after(delayMs, wake),
  };
  const keys = await openKeys({ directory, clock, log: silentLog });
  const script = new Script();
  const app = Fastify();
  const config = change(await configuration());
  await app.register(pages, { config, keys, authenticator: script, clock, random: systemRandom, log: silentLog });
  return {
    app,
    script,
    keys,
    directory,
    forward: (ms) => (aheadMs += ms),
    close: async () => {
      keys.close();
      await app.close();
      await rm(directory, { recursive: true });
    },
  };
};
