import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RelyingParty } from '../config/config.ts';
import type { LoginDependencies } from '../dependencies.ts';
import { textsFor } from '../locales/index.ts';
import type { Rate } from '../rate.ts';
import type { Notice, Texts } from '../locales/texts.ts';
import { sendPage, type Sending } from './send.ts';
import { noticePage } from './views/parts.ts';

/** What the handlers share: the dependencies, and the path that all of ours begin with. */
export interface PagesContext extends LoginDependencies {
  /** The path of the issuer; mostly empty. */
  readonly base: string;
  /** Of what was refused, by the address that it came from. */
  readonly told: Rate;
}

export const textsOf = (request: FastifyRequest): Texts => textsFor(request.headers['accept-language']);

/** Where no session says which webmail somebody came from: the only one there is, if so. */
const onlyRelyingParty = ({ config: { relyingParties } }: Pick<PagesContext, 'config'>): RelyingParty | undefined =>
  relyingParties.length === 1 ? relyingParties[0] : undefined;

/** Sends a page that says why this goes no further, and links back. */
export const sendNotice = (
  context: Pick<PagesContext, 'config'>,
  request: FastifyRequest,
  reply: FastifyReply,
  choose: (notices: Texts['notice']) => Notice,
  {
    relyingParty = onlyRelyingParty(context),
    ...sending
  }: Sending & { readonly relyingParty?: RelyingParty | undefined },
): FastifyReply => {
  const texts = textsOf(request);
  return sendPage(reply, noticePage({ texts, relyingParty }, choose(texts.notice)), texts, sending);
};
