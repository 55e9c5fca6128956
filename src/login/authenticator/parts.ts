import type { Occasion } from '../../core/login/verdict-at.ts';
import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { Random } from '../../host/random.ts';
import type { ServerClock } from '../../kube/client/server-clock.ts';
import type { Asker } from './authenticator.ts';
import { browserOf } from './device-token.ts';
import type { KeyStore } from '../keys/keys.ts';
import { type LoginSecret, mintedAtOf } from '../secrets/secret.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { Subject } from '../secrets/subject.ts';
import type { Turns } from './turns.ts';

/** What an authenticator is made of. */
export interface Parts {
  readonly store: SecretStore;
  /** Of accounts whose Secret several want to write. */
  readonly turns: Turns;
  readonly keys: Pick<KeyStore, 'current' | 'find'>;
  readonly serverClock: Pick<ServerClock, 'isTrusted'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Now, for this browser, after the Secret was read: the answer has told whether the clock is right. */
export const occasionOf = async (
  { keys, serverClock, clock }: Parts,
  subject: Subject,
  { deviceToken }: Asker,
  secret: LoginSecret | undefined,
): Promise<Occasion> => {
  const now = clock.now();
  const browser = secret
    ? await browserOf(keys, deviceToken, { subject, mintedAt: mintedAtOf(secret) }, now)
    : 'unknown';
  return { now, browser, honourSuspensions: serverClock.isTrusted };
};
