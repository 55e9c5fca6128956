import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { LineCounter, parseDocument } from 'yaml';
import { isLoopback } from '../../host/loopback.ts';
import { InputError } from '../../host/options.ts';
import type { Mode } from '../authenticator/authenticator.ts';
import { keyObjectOf, type PublicKey } from '../keys/public-key.ts';
import { validateConfig } from './config-schema.ts';

/** A webmail that sends people here between its password step and its inbox. */
export interface RelyingParty {
  readonly clientId: string;
  /** For people: "Back to NAME". */
  readonly name: string;
  /** `iss` of its id_token_hints. */
  readonly issuer: string;
  /** What its hints are signed with. */
  readonly keys: readonly PublicKey[];
  /** The one namespace in which its accounts live. */
  readonly namespace: string;
  /** Domains of the addresses that it may ask about, in lower case. */
  readonly mailDomains: readonly string[];
  /** Compared exactly. */
  readonly redirectUris: readonly string[];
  /** Where pages that can't go on link back to. */
  readonly homeUri: string;
  readonly mode: Mode;
  /** Whom a person asks for an unlock, a reset or an enrolment code; a sentence or an address. */
  readonly help?: string;
}

/** A login service that asks over the JSON API: a ServiceAccount, or a holder of one of the keys. */
export interface ApiCaller {
  readonly name: string;
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  /** For `private_key_jwt`: `iss` and `sub` are this caller's `name`. */
  readonly keys?: readonly PublicKey[];
  readonly namespace: string;
  /** Absent: every domain in the namespace. */
  readonly mailDomains?: readonly string[];
  readonly scopes: readonly ApiScope[];
  readonly requestsPerMinute: number;
  readonly mode: Mode;
}

/** `verify`: ask what a login meets, and judge codes. `enroll`: be given QR codes and seeds. */
export type ApiScope = 'verify' | 'enroll';

export interface LoginConfig {
  /** Our own address as browsers see it, without a slash at the end: `iss` of our id_tokens. */
  readonly issuer: string;
  /** The audience of ServiceAccount tokens for the API. */
  readonly tokenAudience: string;
  /** Addresses (CIDR) of proxies in front, whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly relyingParties: readonly RelyingParty[];
  readonly apiCallers: readonly ApiCaller[];
}

/** What is wrong with the file: one line a mistake, each with its place and what is allowed. */
export class ConfigError extends InputError {
  override readonly name = 'ConfigError';
}

type Given = Partial<LoginConfig> & Pick<LoginConfig, 'issuer'>;

/** Https, or http on this machine for trying things out; no fragment, no user name. */
const wrongUri = (text: string): string | undefined => {
  if (!URL.canParse(text) || text.trim() !== text) return 'is not a URL, as in https://webmail.example.com/';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    return 'must be https (http only on loopback)';
  return url.hash !== '' || text.includes('#') || url.username !== ''
    ? 'must have neither a fragment nor a user name'
    : undefined;
};

/** Clients compare it letter by letter and put paths behind it (OpenID Connect Discovery 1.0, section 4). */
const wrongIssuer = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined;
  const { origin, pathname } = new URL(text);
  const written = (origin + pathname).replace(/\/+$/, '');
  return text === written ? undefined : `must be written as ${written}: no query, and no slash at its end`;
};

const uris = (config: LoginConfig): readonly (readonly [place: string, uri: string])[] => [
  ['issuer', config.issuer],
  ...config.relyingParties.flatMap(({ redirectUris, homeUri }, index) => [
    ...redirectUris.map((uri, at) => [`relyingParties[${index}].redirectUris[${at}]`, uri] as const),
    [`relyingParties[${index}].homeUri`, homeUri] as const,
  ]),
];

/** An address, or a network of them. */
const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    longest > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest))
  );
};

const wrongProxies = (proxies: readonly string[]): readonly string[] =>
  proxies.flatMap((proxy, index) =>
    isNetwork(proxy)
      ? []
      : [`trustedProxies[${index}]: ${JSON.stringify(proxy)} is neither an address nor a network as in 10.0.0.0/8`],
  );

const twice = (place: string, names: readonly string[]): readonly string[] =>
  names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `${place}: ${JSON.stringify(name)} is there twice`);

/** Whether the members name a point on the curve. */
const isKey = (key: PublicKey): boolean => {
  try {
    keyObjectOf(key);
    return true;
  } catch {
    return false;
  }
};

const wrongKeys = (place: string, keys: readonly PublicKey[]): readonly string[] =>
  keys.flatMap((key, index) => (isKey(key) ? [] : [`${place}.keys[${index}]: x and y are no point on ${key.crv}`]));

/** What a schema can't say. */
const contradictions = (config: LoginConfig): readonly string[] => [
  ...uris(config).flatMap(([place, uri]) => {
    const wrong = wrongUri(uri) ?? (place === 'issuer' ? wrongIssuer(uri) : undefined);
    return wrong === undefined ? [] : [`${place}: ${JSON.stringify(uri)} ${wrong}`];
  }),
  ...wrongProxies(config.trustedProxies),
  ...config.relyingParties.flatMap(({ keys }, index) => wrongKeys(`relyingParties[${index}]`, keys)),
  ...config.apiCallers.flatMap(({ keys = [] }, index) => wrongKeys(`apiCallers[${index}]`, keys)),
  ...twice(
    'relyingParties',
    config.relyingParties.map(({ clientId }) => clientId),
  ),
  ...twice(
    'relyingParties',
    config.relyingParties.map(({ issuer }) => issuer),
  ),
  ...twice(
    'apiCallers',
    config.apiCallers.map(({ name }) => name),
  ),
  ...twice(
    'apiCallers',
    config.apiCallers.flatMap(({ serviceAccount }) =>
      serviceAccount ? [`${serviceAccount.namespace}/${serviceAccount.name}`] : [],
    ),
  ),
];

const refuse = (mistakes: readonly string[]): void => {
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));
};

/**
 * Reads the configuration from the text of a YAML file.
 *
 * @throws ConfigError with every mistake
 */
export const parseConfig = (text: string): LoginConfig => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  refuse(document.errors.map(({ message }) => message));
  const value: unknown = document.toJS();
  refuse(validateConfig(value));
  const given = value as Given;
  const config: LoginConfig = {
    tokenAudience: 'exchange2fa-login',
    trustedProxies: [],
    relyingParties: [],
    apiCallers: [],
    ...given,
  };
  refuse(contradictions(config));
  return config;
};

/** @throws ConfigError whose first line names the file */
export const readConfig = async (path: string): Promise<LoginConfig> => {
  try {
    return parseConfig(await readFile(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ConfigError(
      error instanceof ConfigError
        ? `${path}:\n${error.message}`
        : `${path}: a YAML file is expected; ${error.message}`,
    );
  }
};
