import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { longestLifeSeconds } from './assertion.ts';

const description = `The second factor of mail accounts, for login services in any language. Ask **login** after the password;
it says whether a code is asked for. Ask **enroll** for the QR code where it says \`enroll\`, and **verify** for each code typed.

Let the person in only on \`accepted\` or \`none\`. Everything else, no answer included, is a refusal.
Problems (RFC 9457) are told apart by \`type\`, never by words.`;

/** What the description says beside the routes. */
export const documentOptions = (issuer: string): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Exchange 2FA login service', version: 'v1', description, license: { name: 'Apache-2.0' } },
    servers: [{ url: issuer }],
    components: {
      securitySchemes: {
        serviceAccount: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A token of a configured Kubernetes ServiceAccount, for the audience of the login service (tokenAudience, usually exchange2fa-login): kubectl create token NAME --audience exchange2fa-login.',
        },
        privateKeyJwt: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `private_key_jwt (RFC 7523): signed with a configured key (ES256 or EdDSA); iss and sub are the name of the caller, aud the issuer of the login service; exp, iat and jti are required, and exp is at most ${longestLifeSeconds / 60} minutes after iat.`,
        },
      },
    },
    security: [{ serviceAccount: [] }, { privateKeyJwt: [] }],
  },
});
