import { Refusal } from '../../model/command.ts';

/** The two parts of a request target, still percent-encoded. */
export interface RequestTarget {
  readonly path: string;
  /** Without `?`. */
  readonly rawQuery: string;
}

/** What only an encoded byte could bring into a path: control characters have no business in one. */
const ENCODED_CONTROL = /%(?:[01][0-9a-f]|7f)/i;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const NOT_VISIBLE_ASCII = /[^\x21-\x7e]|#/;
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/**
 * Splits a request target; refuses with 400 what no client sends by accident: malformed percent-encoding, dot segments
 * and control characters. A path that means another one must not reach a route by a back door.
 *
 * @example readTarget('/v1/customers?page=2') // { path: '/v1/customers', rawQuery: 'page=2' }
 */
export function readTarget(url: string): RequestTarget | Refusal {
  if (NOT_VISIBLE_ASCII.test(url)) return badTarget('it holds characters that have to be percent-encoded');
  const target = url.startsWith('/') || url === '*' ? url : url.replace(ABSOLUTE_FORM, '');
  const mark = target.indexOf('?');
  const path = (mark < 0 ? target : target.slice(0, mark)) || '/';
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  // `OPTIONS *` asks the server as a whole.
  if (!path.startsWith('/') && path !== '*') return badTarget('it does not start with a slash');
  if (path.includes('%')) {
    if (!isDecodable(path)) return badTarget('its path is not valid percent-encoded UTF-8');
    if (ENCODED_CONTROL.test(path)) return badTarget('its path holds control characters');
    if (DOT_SEGMENT.test(path)) return badTarget('its path holds dot segments');
  } else if (path.includes('/.') && DOT_SEGMENT.test(path)) {
    return badTarget('its path holds dot segments');
  }
  return { path, rawQuery };
}

/**
 * Whether a text is well-formed percent-encoded UTF-8.
 *
 * @example isDecodable('%zz') // false
 */
export function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text).length >= 0;
  } catch {
    return false;
  }
}

function badTarget(why: string): Refusal {
  return new Refusal(
    400,
    'BAD_REQUEST_TARGET',
    `Failed to read the address of the request: ${why}. Correct the address.`,
  );
}
