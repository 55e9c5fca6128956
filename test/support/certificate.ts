import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate that signs itself, so that it is its own authority, and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Distinguished Encoding Rules (X.690): tag, length, content. */
const der = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  const bytes = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, '0'), 'hex');
  const length = body.length < 0x80 ? bytes : Buffer.concat([Buffer.of(0x80 + bytes.length), bytes]);
  return Buffer.concat([Buffer.of(tag), length, body]);
};

const sequence = (...content: readonly Uint8Array[]): Buffer => der(0x30, ...content);
const octets = (content: Uint8Array): Buffer => der(0x04, content);
const bits = (content: Uint8Array): Buffer => der(0x03, Buffer.of(0), content);
const integer = (content: Uint8Array): Buffer => der(0x02, content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const time = (date: Date): Buffer =>
  der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`, 'latin1'));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const commonName = '550403';
const subjectAlternativeName = '551d11';
const basicConstraints = '551d13';
const isAuthority = sequence(der(0x01, Buffer.of(0xff)));
/** `IP:127.0.0.1`. */
const loopback = sequence(der(0x87, Buffer.of(127, 0, 0, 1)));

const hourMs = 3_600_000;

/** For a server on 127.0.0.1, good for an hour (RFC 5280). */
export const selfSigned = (name: string): Certificate => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(der(0x31, sequence(oid(commonName), der(0x0c, Buffer.from(name)))));
  const extensions = sequence(
    sequence(oid(basicConstraints), octets(isAuthority)),
    sequence(oid(subjectAlternativeName), octets(loopback)),
  );
  const signed = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256,
    subject,
    sequence(time(new Date(Date.now() - hourMs)), time(new Date(Date.now() + hourMs))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const certificate = sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, privateKey)));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
};
