import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHeaders } from '../surface.ts';

/** Response headers that a script of another origin may read, whether or not an answer has them. */
const EXPOSED = [
  'location',
  'link',
  'content-range',
  'x-total-count',
  'x-result-count',
  'preference-applied',
  'www-authenticate',
  'allow',
];

/** Those that it may read anyway. */
const ALWAYS_READABLE = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]);

/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE = '600';

/**
 * Adds what a browser needs to hand an answer to a script of another origin, also to one that sends credentials; nothing
 * where no browser asks. No `*` anywhere: with credentials it would be a name like any other.
 *
 * @example allowOrigin(request.headers, headers);
 */
export function allowOrigin({ origin }: RequestHeaders, response: Record<string, string>): void {
  if (typeof origin !== 'string') return;
  const own = Object.keys(response).filter((name) => !ALWAYS_READABLE.has(name) && !EXPOSED.includes(name));
  response['access-control-allow-origin'] = origin;
  response['access-control-allow-credentials'] = 'true';
  response['access-control-expose-headers'] = [...EXPOSED, ...own].join(', ');
  response.vary = response.vary === undefined ? 'Origin' : `${response.vary}, Origin`;
}

/**
 * Whether a browser asks on behalf of a page what it may send; it never is the request that the page makes.
 *
 * @example isPreflight('OPTIONS', { origin: 'http://app.example', 'access-control-request-method': 'PATCH' }) // true
 */
export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/**
 * What a preflight is answered with, besides `allowOrigin`.
 *
 * @example preflightHeaders(request.headers, 'GET, HEAD, OPTIONS');
 */
export function preflightHeaders(request: IncomingHttpHeaders, allow: string): Record<string, string> {
  const wanted = request['access-control-request-headers'];
  return {
    'access-control-allow-methods': allow,
    ...(wanted !== undefined && { 'access-control-allow-headers': wanted }),
    // Asked for by pages of the internet that reach into a private network, which a simulator mostly is in.
    ...(request['access-control-request-private-network'] === 'true' && {
      'access-control-allow-private-network': 'true',
    }),
    'access-control-max-age': MAX_AGE,
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  };
}
