import type { IncomingHttpHeaders } from 'node:http';

/** Response headers that a script in a browser may read. */
const EXPOSED =
  'Location, Link, Content-Range, X-Total-Count, X-Result-Count, Preference-Applied, WWW-Authenticate, Allow';

/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE = '600';

/**
 * Adds what a browser needs to hand an answer to a script of another origin; nothing where no browser asks.
 *
 * @example allowOrigin(request.headers, headers);
 */
export function allowOrigin(request: IncomingHttpHeaders, response: Record<string, string>): void {
  if (request.origin === undefined) return;
  response['access-control-allow-origin'] = request.origin;
  response['access-control-expose-headers'] = EXPOSED;
  response.vary = response.vary === undefined ? 'Origin' : `${response.vary}, Origin`;
}

/**
 * The headers of the answer to an OPTIONS request, a preflight or not.
 *
 * @example preflightHeaders(request.headers, 'GET, HEAD, OPTIONS');
 */
export function preflightHeaders(request: IncomingHttpHeaders, allow: string): Record<string, string> {
  const headers: Record<string, string> = { allow };
  if (request['access-control-request-method'] === undefined) return headers;
  headers['access-control-allow-methods'] = allow;
  headers['access-control-allow-headers'] = request['access-control-request-headers'] ?? '*';
  headers['access-control-max-age'] = MAX_AGE;
  return headers;
}
