import { REDACTED } from './redacted.ts';

/** What is left out of records of traffic that is not ours. */
export interface SecretFilter {
  headers(headers: Headers): Record<string, string | readonly string[] | undefined>;
  /** A query, or a form. */
  pairs(text: string): string;
  /** A JSON value, or a text. */
  value<T>(value: T): T;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Makes what takes secrets out of one exchange: by the names that they have, by what tokens look like, and what the
 * request has proven itself with wherever that stands. `names` are further names of headers and parameters, lower case.
 *
 * @example createSecretFilter(new Set(['x-shop-key']), request.headers).value({ password: 'hunter2' }) // { password: '[redacted]' }
 */
export function createSecretFilter(names: ReadonlySet<string>, sent: Headers): SecretFilter {
  const isSecret = (name: string): boolean => names.has(name.toLowerCase()) || isSecretName(name);
  const known = knownSecrets(sent, isSecret);
  const ofText = (text: string): string => {
    const plain = text.replaceAll(TOKEN, REDACTED);
    return known.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), plain);
  };
  const without = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return ofText(value);
    if (typeof value !== 'object' || value === null) return value;
    // What is nested deeper than any message is nobody's story.
    if (depth > DEEPEST) return REDACTED;
    if (Array.isArray(value)) return value.map((item) => without(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        isSecret(name) && (typeof member === 'string' || typeof member === 'number')
          ? REDACTED
          : without(member, depth + 1),
      ]),
    );
  };
  return {
    headers: (headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          value === undefined || isSecret(name)
            ? value && REDACTED
            : typeof value === 'string'
              ? ofText(value)
              : value.map(ofText),
        ]),
      ),
    pairs: (text) =>
      text
        .split('&')
        .map((pair) => {
          const name = pair.slice(0, Math.max(pair.indexOf('='), 0));
          return isSecret(decoded(name)) ? `${name}=${REDACTED}` : ofText(pair);
        })
        .join('&'),
    value: <T>(value: T) => without(value, 0) as T,
  };
}

/** As deep as a parser lets a message be. */
const DEEPEST = 200;

/** Shorter ones may stand anywhere by chance. */
const SHORTEST = 8;

/** A JWT, part by part in Base64, the first one an object; or the secret of a webhook. */
const TOKEN = /eyJ[\w-]{4,}\.[\w-]+\.[\w-]*|whsec_[\w+/=-]+/g;

const ENDINGS =
  /(?:password|passwd|passphrase|secret|token|apikey|privatekey|credentials?|cookie|authorization|codeverifier|assertion|sessionid)$/;
/** What telecom and payment know by a few letters. */
const WHOLE = /^(?:pwd|pin[12]?|puk[12]?|otp|cvv|cvc|jwt)$/;
/** What leads to the next page is no secret. */
const OF_PAGES = /(?:next|previous|prev|page|continuation|sync|cursor|resume)(?:page)?token$/;

/** Whether what has this name is a secret, however it is written: `client_secret`, `X-Api-Key`, `accessToken`. */
function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return WHOLE.test(plain) || (ENDINGS.test(plain) && !OF_PAGES.test(plain));
}

/** The texts that a request proves itself with. */
function knownSecrets(headers: Headers, isSecret: (name: string) => boolean): readonly string[] {
  const values = Object.entries(headers)
    .filter(([name]) => isSecret(name))
    .flatMap(([name, value]) => {
      const text = [value ?? []].flat().join('; ');
      if (name.toLowerCase() === 'cookie')
        return text.split(';').map((each) => each.slice(each.indexOf('=') + 1).trim());
      const bare = text.replace(/^[A-Za-z]+ +/, '');
      return bare === text ? [text] : [bare, ...(/^basic /i.test(text) ? basicParts(bare) : [])];
    });
  return [...new Set(values)].filter((value) => value.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** The password that a header for Basic authentication holds. */
function basicParts(encoded: string): readonly string[] {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? [] : [text.slice(colon + 1)];
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
