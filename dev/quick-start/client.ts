import { systemClock } from '../../src/host/clock.ts';
import { silentLog } from '../../src/host/log.ts';
import { systemRandom } from '../../src/host/random.ts';
import { version } from '../../src/host/version.ts';
import type { Client } from '../../src/kube/client/client.ts';
import { createClient } from '../../src/kube/client/create-client.ts';
import { kubeconfigCredentials } from '../../src/kube/credentials/kubeconfig.ts';
import { createUndiciTransport } from '../../src/kube/transport/undici-transport.ts';

export interface ClosableClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** A client that acts as a kubeconfig says. */
export function clientOf(kubeconfig: string): ClosableClient {
  const credentials = kubeconfigCredentials({ path: kubeconfig, clock: systemClock, log: silentLog });
  const transport = createUndiciTransport({ credentials, clock: systemClock });
  const userAgent = `exchange2fa-quick-start/${version}`;
  return {
    client: createClient({ transport, clock: systemClock, random: systemRandom, userAgent }),
    close: () => transport.close(),
  };
}
