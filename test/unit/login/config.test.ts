import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError, parseConfig, readConfig } from '../../../src/login/config/config.ts';
import { testConfig } from './support/world.ts';

const keys = testConfig.apiCallers.find(({ name }) => name === 'outside')?.keys ?? [];

const relyingParty = {
  clientId: 'webmail',
  name: 'Example Webmail',
  issuer: 'https://webmail.example.com',
  keys,
  namespace: 'tenant-a',
  mailDomains: ['example.com'],
  redirectUris: ['https://webmail.example.com/2fa'],
  homeUri: 'https://webmail.example.com/',
  mode: 'enforce',
};
const apiCaller = {
  name: 'gateway',
  serviceAccount: { namespace: 'mail', name: 'gateway' },
  namespace: 'tenant-a',
  scopes: ['verify'],
  requestsPerMinute: 60,
  mode: 'enforce',
};
const outside = { ...apiCaller, serviceAccount: undefined, keys };
const edKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

const good = { issuer: 'https://login.example.com', relyingParties: [relyingParty], apiCallers: [apiCaller] };

test('a whole file', () => {
  expect(parseConfig(stringify(good))).toEqual({ ...good, tokenAudience: 'exchange2fa-login', trustedProxies: [] });
});

test.each([
  [keys[0], 'ES256'],
  [edKey, 'EdDSA'],
  [edKey, 'Ed25519'],
])('a key that says what it is for', (key, alg) => {
  const said = { ...key, alg, use: 'sig', kid: '2026-01' };
  const { apiCallers } = parseConfig(stringify({ ...good, apiCallers: [{ ...outside, keys: [said] }] }));
  expect(apiCallers).toMatchObject([{ keys: [said] }]);
});

const page = readFileSync(join(import.meta.dirname, '../../../docs/login-service.md'), 'utf8');

test('the example of docs/login-service.md is good as it stands', () => {
  const [, text = ''] = /```yaml\n(issuer: .*?)```/s.exec(page) ?? [];
  expect(parseConfig(text)).toMatchObject({ relyingParties: [{ clientId: 'webmail' }], apiCallers: [{}, {}] });
});

test.each(['10.0.0.0/8', '192.0.2.1', '::1', 'fd00::/8', '0.0.0.0/0'])('a proxy at %s', (proxy) => {
  expect(parseConfig(stringify({ ...good, trustedProxies: [proxy] })).trustedProxies).toEqual([proxy]);
});

test('nothing but an issuer', () => {
  expect(parseConfig('issuer: http://localhost:8080')).toMatchObject({ relyingParties: [], apiCallers: [] });
});

test.each<[string, object | string, string]>([
  ['no issuer', {}, 'the file: issuer is missing'],
  ['no map', '[]', 'the file: must be object'],
  ['no YAML', 'issuer: [', 'Flow sequence'],
  ['a key twice', 'issuer: https://a.example\nissuer: https://b.example', 'Map keys must be unique'],
  ['a misspelt member', { ...good, relyingparties: [] }, 'the file: relyingparties is not known here'],
  ['plain http', { ...good, issuer: 'http://login.example.com' }, 'issuer: "http://login.example.com" must be https'],
  [
    'an issuer that is no URL',
    { ...good, issuer: 'login.example.com' },
    'issuer: "login.example.com" is not a URL, as in https://',
  ],
  [
    'a way back that is no URL',
    { ...good, relyingParties: [{ ...relyingParty, homeUri: '/' }] },
    'relyingParties[0].homeUri: "/" is not a URL, as in https://webmail.example.com/',
  ],
  [
    'a mail domain in capitals',
    { ...good, relyingParties: [{ ...relyingParty, mailDomains: ['example.org', 'Example.com'] }] },
    'relyingParties[0].mailDomains[1]: found "Example.com"; allowed is what stands after the @ of an address, in lower case, as in example.com',
  ],
  [
    'an address as mail domain',
    { ...good, apiCallers: [{ ...apiCaller, mailDomains: ['@example.com'] }] },
    'apiCallers[0].mailDomains[0]: found "@example.com"; allowed is what stands after the @',
  ],
  [
    'no namespace',
    { ...good, relyingParties: [{ ...relyingParty, namespace: 'Tenant A' }] },
    'relyingParties[0].namespace: found "Tenant A"; allowed is a name of Kubernetes: up to 63 lower-case letters',
  ],
  [
    'a caller with a blank in its name',
    { ...good, apiCallers: [{ ...apiCaller, name: 'my gateway' }] },
    'apiCallers[0].name: found "my gateway"; allowed is up to 63 letters, digits',
  ],
  [
    'a slash at the end',
    { ...good, issuer: 'https://login.example.com/' },
    'issuer: "https://login.example.com/" must be written as https://login.example.com: no query, and no slash at its end',
  ],
  [
    'an issuer with a query',
    { ...good, issuer: 'https://login.example.com/2fa?x=1' },
    'issuer: "https://login.example.com/2fa?x=1" must be written as https://login.example.com/2fa: no query',
  ],
  [
    'an issuer in capitals',
    { ...good, issuer: 'https://Login.example.com' },
    'issuer: "https://Login.example.com" must be written as https://login.example.com',
  ],
  [
    'an issuer after a space',
    { ...good, issuer: ' https://login.example.com' },
    'issuer: " https://login.example.com" is not a URL',
  ],
  [
    'another mode',
    { ...good, relyingParties: [{ ...relyingParty, mode: 'off' }] },
    'relyingParties[0].mode: found "off"; allowed are observe, enforce',
  ],
  [
    'two namespaces',
    { ...good, relyingParties: [{ ...relyingParty, namespace: ['a', 'b'] }] },
    'relyingParties[0].namespace: must be string',
  ],
  [
    'a redirect address with a fragment',
    { ...good, relyingParties: [{ ...relyingParty, redirectUris: ['https://webmail.example.com/#x'] }] },
    'relyingParties[0].redirectUris[0]: "https://webmail.example.com/#x" must have neither a fragment',
  ],
  [
    'a script as redirect address',
    { ...good, relyingParties: [{ ...relyingParty, redirectUris: ['javascript:alert(1)'] }] },
    'relyingParties[0].redirectUris[0]: "javascript:alert(1)" must be https',
  ],
  [
    'a private key',
    { ...good, relyingParties: [{ ...relyingParty, keys: [{ ...keys[0], d: 'secret' }] }] },
    'relyingParties[0].keys[0]: this is the private key, by its d',
  ],
  [
    'a point that is on no curve',
    { ...good, relyingParties: [{ ...relyingParty, keys: [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }] }] },
    'relyingParties[0].keys[0]: x and y are no point on P-256',
  ],
  [
    'an algorithm of another curve',
    { ...good, apiCallers: [{ ...outside, keys: [{ ...edKey, alg: 'ES256' }] }] },
    'apiCallers[0].keys[0].alg: found "ES256"; allowed are EdDSA, Ed25519',
  ],
  [
    'an algorithm of another curve, the other way round',
    { ...good, relyingParties: [{ ...relyingParty, keys: [...keys, { ...keys[0], alg: 'EdDSA' }] }] },
    'relyingParties[0].keys[1].alg: found "EdDSA"; allowed are ES256',
  ],
  [
    'an algorithm of no curve',
    { ...good, relyingParties: [{ ...relyingParty, keys: [{ ...edKey, alg: 'RS256' }] }] },
    'relyingParties[0].keys[0].alg: found "RS256"; allowed are EdDSA, Ed25519',
  ],
  [
    'an algorithm that is no text',
    { ...good, relyingParties: [{ ...relyingParty, keys: [{ ...edKey, alg: ['EdDSA'] }] }] },
    'relyingParties[0].keys[0].alg: must be string',
  ],
  [
    'a key that encrypts',
    { ...good, apiCallers: [{ ...outside, keys: [{ ...edKey, use: 'enc' }] }] },
    'apiCallers[0].keys[0].use: found "enc"; allowed is sig',
  ],
  [
    'a curve of another kind of key',
    { ...good, relyingParties: [{ ...relyingParty, keys: [{ ...keys[0], crv: 'Ed25519' }] }] },
    'relyingParties[0].keys[0].crv: found "Ed25519"; allowed is P-256',
  ],
  [
    'a network that is none',
    { ...good, trustedProxies: ['10.0.0.0/8', '10.0.0.0/33'] },
    'trustedProxies[1]: "10.0.0.0/33" is neither an address nor a network as in 10.0.0.0/8',
  ],
  ['a proxy by name', { ...good, trustedProxies: ['proxy'] }, 'trustedProxies[0]: "proxy" is neither an address'],
  [
    'no key',
    { ...good, relyingParties: [{ ...relyingParty, keys: [] }] },
    'relyingParties[0].keys: must NOT have fewer',
  ],
  [
    'a client twice',
    { ...good, relyingParties: [relyingParty, relyingParty] },
    'relyingParties: "webmail" is there twice',
  ],
  [
    'a caller by nothing',
    { ...good, apiCallers: [{ ...apiCaller, serviceAccount: undefined }] },
    'apiCallers[0]: say either serviceAccount or keys',
  ],
  [
    'a caller by both',
    { ...good, apiCallers: [{ ...apiCaller, keys }] },
    'apiCallers[0]: say either serviceAccount or keys',
  ],
  [
    'another scope',
    { ...good, apiCallers: [{ ...apiCaller, scopes: ['admin'] }] },
    'apiCallers[0].scopes[0]: found "admin"; allowed are verify, enroll',
  ],
  [
    'a ServiceAccount twice',
    { ...good, apiCallers: [apiCaller, { ...apiCaller, name: 'other' }] },
    'apiCallers: "mail/gateway" is there twice',
  ],
])('%s is refused, with its place', (_, config, message) => {
  const text = typeof config === 'string' ? config : stringify(config);
  expect(() => parseConfig(text)).toThrow(ConfigError);
  expect(() => parseConfig(text)).toThrow(message);
});

test.each([
  ['absent.yaml', 'ENOENT: no such file'],
  ['.', 'EISDIR: illegal operation on a directory'],
  ['package.json/login.yaml', 'ENOTDIR: not a directory'],
])('%s is refused by its name, with what is expected', async (path, found) => {
  const refused = readConfig(path);
  await expect(refused).rejects.toThrow(ConfigError);
  await expect(refused).rejects.toThrow(`${path}: a YAML file is expected; ${found}`);
});

test('every mistake is named at once', () => {
  const wrong = { ...good, issuer: 1, apiCallers: [{ ...apiCaller, mode: 'x' }] };
  expect(() => parseConfig(stringify(wrong))).toThrow(/issuer: .*\napiCallers\[0\]\.mode: /s);
});
