import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import type { Random } from '../host/random.ts';
import type { Authenticator } from './authenticator/authenticator.ts';
import type { LoginConfig } from './config/config.ts';
import type { KeyStore } from './keys/keys.ts';

/** What pages and API are built on: options of both Fastify plugins. */
export interface LoginDependencies {
  readonly config: LoginConfig;
  readonly keys: KeyStore;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}
