import type { FastifyReply } from 'fastify';
import type { Texts } from '../locales/texts.ts';
import { documentOf, scriptSource, styleSource, type Page } from './layout.ts';

export interface Sending {
  readonly status?: number;
  /** Beside our own: origins that the page's form may be submitted to. */
  readonly formOrigins?: readonly string[];
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * Chromium applies `form-action` to where a form's answer redirects to as well: our own forms are answered with a
 * redirect to ourselves, and the answer to a relying party names its origins.
 */
const contentSecurityPolicy = ({ submitsItself }: Page, formOrigins: readonly string[]): string =>
  [
    `default-src 'none'`,
    `style-src ${styleSource}`,
    ...(submitsItself ? [`script-src ${scriptSource}`] : []),
    `img-src data:`,
    `form-action ${["'self'", ...formOrigins].join(' ')}`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join('; ');

/**
 * For every answer, redirects too: nothing is kept, framed, sniffed or told to others. By hand and not by @fastify/helmet:
 * each page has a policy of its own (which script, where its form goes), and what stands here is all that is sent.
 */
export const secureHeaders = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
  // Browsers heed it over https only.
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
} as const;

export const sendPage = (reply: FastifyReply, page: Page, texts: Texts, sending: Sending = {}): FastifyReply => {
  const { status = 200, formOrigins = [], retryAfterSeconds } = sending;
  if (retryAfterSeconds !== undefined) void reply.header('Retry-After', `${retryAfterSeconds}`);
  return reply
    .code(status)
    .headers(secureHeaders)
    .header('Content-Security-Policy', contentSecurityPolicy(page, formOrigins))
    .header('Content-Language', texts.lang)
    .type('text/html; charset=utf-8')
    .send(documentOf(page, texts));
};

/** 303: whatever was sent, the next request is a GET (RFC 9110, section 15.4.4). */
export const redirect = (reply: FastifyReply, path: string): FastifyReply =>
  reply.headers(secureHeaders).redirect(path, 303);
