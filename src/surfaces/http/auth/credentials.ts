/** Lower-case header names, as `node:http` gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const BEARER = /^Bearer +[A-Za-z0-9\-._~+/]+=* *$/i;
const BASIC = /^Basic +([A-Za-z0-9+/]+=*) *$/i;

/**
 * The bearer token of a request. Browsers cannot set headers on a WebSocket or an EventSource, so those requests may
 * carry it as `?access_token=` instead, a WebSocket also behind the subprotocol `bearer`.
 *
 * @example bearerOf({ authorization: 'Bearer abc' }, new URLSearchParams()) // 'abc'
 */
export function bearerOf(headers: Headers, query: Pick<URLSearchParams, 'get'>): string | undefined {
  const { authorization } = headers;
  // Every request comes by here, twice: a test and a slice cost half of what a match does.
  if (typeof authorization === 'string') return BEARER.test(authorization) ? authorization.slice(6).trim() : undefined;
  const isStream = headers.upgrade !== undefined || String(headers.accept ?? '').includes('text/event-stream');
  return isStream ? (query.get('access_token') ?? subprotocolToken(headers)) : undefined;
}

/** `new WebSocket(url, ['bearer', token])` sends the two as one list. */
function subprotocolToken(headers: Headers): string | undefined {
  const [scheme = '', token] = subprotocolsOf(headers);
  return scheme.toLowerCase() === 'bearer' ? token : undefined;
}

/** The subprotocols that a WebSocket offers, in order. */
export function subprotocolsOf(headers: Headers): readonly string[] {
  return String(headers[SUBPROTOCOLS] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** The only header that a page can put a text of its own in when it opens a WebSocket. */
export const SUBPROTOCOLS = 'sec-websocket-protocol';

/**
 * User and password of HTTP Basic authentication.
 *
 * @example basicOf({ authorization: 'Basic YTpi' }) // { user: 'a', password: 'b' }
 */
export function basicOf(headers: Headers): { user: string; password: string } | undefined {
  const encoded = BASIC.exec(String(headers.authorization ?? ''))?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * What an `Authorization` header of one scheme carries; of any scheme, where none is named.
 *
 * @example credentialOf({ authorization: 'Digest username="a"' }, 'digest') // 'username="a"'
 */
export function credentialOf({ authorization }: Headers, scheme: string): string | undefined {
  const [, name = '', credential] = /^([\w-]+) +(\S.*)$/.exec(String(authorization ?? '')) ?? [];
  return scheme === '' || name.toLowerCase() === scheme ? credential : undefined;
}

/**
 * The value of one cookie.
 *
 * @example cookieOf({ cookie: 'a=1; b=2' }, 'b') // '2'
 */
export function cookieOf(headers: Headers, name: string): string | undefined {
  for (const pair of String(headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
