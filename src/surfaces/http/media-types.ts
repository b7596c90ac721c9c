/** A media type as a header or a contract writes it. */
export interface ParsedMediaType {
  /** Lower case, without parameters, for example `application/json`. */
  readonly type: string;
  /** Lower case. */
  readonly charset?: string;
}

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;

/**
 * Reads a media type.
 *
 * @example parseMediaType('application/json; charset=UTF-8') // { type: 'application/json', charset: 'utf-8' }
 */
export function parseMediaType(text: string): ParsedMediaType {
  const semicolon = text.indexOf(';');
  if (semicolon < 0) return { type: text.trim().toLowerCase() };
  const charset = CHARSET.exec(text)?.[1]?.toLowerCase();
  return { type: text.slice(0, semicolon).trim().toLowerCase(), ...(charset !== undefined && { charset }) };
}

/**
 * Whether a media type without parameters is JSON.
 *
 * @example isJson('application/problem+json') // true
 */
export function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json') || type === 'text/json';
}

/**
 * The first of the offered media types that an `Accept` header takes; `undefined` where it takes none.
 *
 * @example acceptable('text/html, application/*;q=0.8', ['application/json']) // 'application/json'
 */
export function acceptable(accept: string, offered: readonly string[]): string | undefined {
  const ranges = accept.split(',').map((part) => {
    const quality = /;\s*q\s*=\s*([0-9.]+)/i.exec(part)?.[1];
    return { type: parseMediaType(part).type, quality: quality === undefined ? 1 : Number(quality) };
  });
  let best: { type: string; quality: number } | undefined;
  for (const type of offered) {
    const quality = qualityOf(parseMediaType(type).type, ranges);
    if (quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type;
}

/** The most specific range decides, so that everything but JSON can be asked for. */
function qualityOf(type: string, ranges: readonly { type: string; quality: number }[]): number {
  const family = `${type.slice(0, type.indexOf('/'))}/*`;
  const range =
    ranges.find((each) => each.type === type) ??
    ranges.find((each) => each.type === family) ??
    ranges.find((each) => each.type === '*/*');
  return range?.quality ?? 0;
}
