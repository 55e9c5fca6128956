import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import type { RelyingParty } from '../../src/login/config/config.ts';
import { clientId } from './demo-values.ts';
import { createHintSigner } from './hints.ts';
import { routes } from './routes.ts';
import { createSecondFactorClient } from './second-factor.ts';
import { SignIns } from './sign-ins.ts';

export interface WebmailOptions {
  /** The login service's, where the second factor is asked for. It need not run yet. */
  readonly issuer: string;
  /** Offered on the sign-in page; any other address of these domains can be typed. */
  readonly accounts: readonly string[];
  /** Where the accounts' MailAccounts and Secrets are. */
  readonly namespace: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Somebody has typed the right password: a code may be asked for next. */
  readonly onPassword?: (address: string) => void;
}

export interface Webmail {
  /** The sign-in page. */
  readonly url: string;
  /** What the login service must be told of this webmail. */
  readonly relyingParty: RelyingParty;
  close(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * A webmail for demonstrations, with a password step and nothing to read. It is a relying party of the login service, as
 * a real one would be: it signs who typed the password, sends the browser over, and checks what comes back.
 */
export async function startWebmail(options: WebmailOptions): Promise<Webmail> {
  const { issuer, accounts, namespace, port = 0, onPassword = () => undefined } = options;
  const app = Fastify();
  await app.register(cookie);
  await app.register(formbody);
  const signIns = new SignIns();
  const signer = await createHintSigner();
  let url = '';
  routes(app, {
    accounts,
    signIns,
    onPassword,
    loginOrigin: new URL(issuer).origin,
    secondFactor: createSecondFactorClient({ issuer, signer, webmail: () => url }),
  });
  await app.listen({ host, port });
  // Another host name than `localhost`, where the login service is: the browser takes them for two sites, as in real life.
  url = `http://${host}:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    relyingParty: {
      clientId,
      name: 'Demo webmail',
      issuer: url,
      keys: [signer.publicKey],
      namespace,
      mailDomains: [...new Set(accounts.map((address) => address.slice(address.lastIndexOf('@') + 1)))],
      redirectUris: [`${url}/second-factor`],
      homeUri: `${url}/`,
      mode: 'enforce',
    },
    close: () => app.close(),
  };
}
