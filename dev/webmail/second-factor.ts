import * as oidc from 'openid-client';
import { clientId } from './demo-values.ts';
import { subOf, type HintSigner } from './hints.ts';
import type { Passed, Pending } from './sign-ins.ts';

/** The form that takes a browser to the login service. */
export interface Handover {
  readonly action: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** The webmail's side of the flow, with an OpenID Connect client library as any relying party may use. */
export interface SecondFactorClient {
  begin(pending: Pending, state: string): Promise<Handover>;
  /** Throws for an answer that is not the login service's to this very question. */
  finish(body: Readonly<Record<string, string>>, pending: Pending): Promise<Passed & { readonly jti: string }>;
}

const textIn = (claims: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = claims[name];
  return typeof value === 'string' ? value : undefined;
};

const passedFrom = (claims: Readonly<Record<string, unknown>>, address: string): Passed & { jti: string } => {
  const [secondFactor, jti] = [textIn(claims, 'second_factor'), textIn(claims, 'jti')];
  if (secondFactor === undefined || jti === undefined) throw new Error('the answer lacks second_factor or jti');
  const [reason, until] = [textIn(claims, 'reason'), textIn(claims, 'until')];
  return { address, secondFactor, jti, ...(reason !== undefined && { reason }), ...(until !== undefined && { until }) };
};

export function createSecondFactorClient(options: {
  readonly issuer: string;
  readonly signer: HintSigner;
  /** Its address, once it is known. */
  readonly webmail: () => string;
}): SecondFactorClient {
  const { issuer, signer, webmail } = options;
  const discover = (): Promise<oidc.Configuration> =>
    oidc.discovery(new URL(issuer), clientId, { id_token_signed_response_alg: 'ES256' }, oidc.None(), {
      execute: [
        oidc.useIdTokenResponseType,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that nobody does this outside a demonstration
        ...(issuer.startsWith('http://') ? [oidc.allowInsecureRequests] : []),
      ],
    });
  let discovered: Promise<oidc.Configuration> | undefined;
  const configuration = async (): Promise<oidc.Configuration> => {
    discovered ??= discover();
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw error;
    }
  };
  return {
    begin: async ({ address, nonce }, state) => {
      const hint = await signer.sign({ address, issuer: webmail(), audience: issuer });
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        scope: 'openid',
        response_mode: 'form_post',
        redirect_uri: `${webmail()}/second-factor`,
        nonce,
        state,
        id_token_hint: hint,
      });
      return { action: url.origin + url.pathname, fields: [...url.searchParams] };
    },
    finish: async (body, { address, nonce }) => {
      const answer = new URL(`${webmail()}/second-factor`);
      answer.hash = new URLSearchParams(body).toString();
      const claims = await oidc.implicitAuthentication(await configuration(), answer, nonce, {
        expectedState: body['state'] ?? '',
      });
      if (claims.sub !== subOf(address)) throw new Error('the answer is about somebody else');
      return passedFrom(claims, address);
    },
  };
}
