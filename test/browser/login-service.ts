import { join } from 'node:path';
import { writeLoginKeys } from '../../dev/login/key-files.ts';
import { systemClock, type Clock } from '../../src/host/clock.ts';
import { silentLog } from '../../src/host/log.ts';
import { systemRandom } from '../../src/host/random.ts';
import { kubeconfigCredentials } from '../../src/kube/credentials/kubeconfig.ts';
import { createUndiciTransport } from '../../src/kube/transport/undici-transport.ts';
import type { RelyingParty } from '../../src/login/config/config.ts';
import { openKeys } from '../../src/login/keys/open-keys.ts';
import { createLoginProgram } from '../../src/login/program.ts';

export interface LoginService {
  close(): Promise<void>;
}

/** A clock that can be put forward: what waits and expires need not be waited for. */
export class ForwardClock implements Clock {
  #aheadMs = 0;
  readonly monotonic = (): number => systemClock.monotonic();
  readonly after = (delayMs: number, wake: () => void): (() => void) => systemClock.after(delayMs, wake);
  readonly now = (): number => systemClock.now() + this.#aheadMs;

  forward(ms: number): void {
    this.#aheadMs += ms;
  }

  /** To where a code of 30 s begins: it is not another one a moment later. */
  toNextCode(): void {
    this.forward(30_000 - (this.now() % 30_000));
  }

  back(): void {
    this.#aheadMs = 0;
  }
}

/** A replica of the login service, in this process because of its clock, with the login's identity. */
export async function startLoginService(options: {
  readonly issuer: string;
  readonly port: number;
  readonly kubeconfig: string;
  readonly clock: Clock;
  readonly folder: string;
  readonly relyingParties: readonly RelyingParty[];
}): Promise<LoginService> {
  const { issuer, port, kubeconfig, clock, folder, relyingParties } = options;
  const directory = join(folder, 'keys');
  await writeLoginKeys(directory, '2026-01-01');
  const [log, random] = [silentLog, systemRandom];
  const keys = await openKeys({ directory, clock, log });
  const credentials = kubeconfigCredentials({ path: kubeconfig, clock: systemClock, log });
  const transport = createUndiciTransport({ credentials, clock: systemClock });
  const config = { issuer, tokenAudience: 'exchange2fa-login', trustedProxies: [], relyingParties, apiCallers: [] };
  const { app } = await createLoginProgram(config, keys, { transport, clock, random, log, auditLog: log });
  await app.listen({ host: '127.0.0.1', port });
  return {
    close: async () => {
      await app.close();
      await transport.close();
      keys.close();
    },
  };
}
