/** A media type as a header or a contract writes it. */
export interface ParsedMediaType {
  /** Lower case, without parameters, for example `application/json`. */
  readonly type: string;
  /** Lower-case names; without quotation marks. */
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))/g;
const NO_PARAMETERS: ReadonlyMap<string, string> = new Map([]);

/**
 * Reads a media type, or another header value that is written alike.
 *
 * @example parseMediaType('Text/Plain; charset="UTF-8"').parameters.get('charset') // 'UTF-8'
 */
export function parseMediaType(text: string): ParsedMediaType {
  const semicolon = text.indexOf(';');
  if (semicolon < 0) return { type: text.trim().toLowerCase(), parameters: NO_PARAMETERS };
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, token = ''] of text.slice(semicolon).matchAll(PARAMETER)) {
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token);
  }
  return { type: text.slice(0, semicolon).trim().toLowerCase(), parameters };
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
 * Whether a media type without parameters is XML.
 *
 * @example isXml('application/soap+xml') // true
 */
export function isXml(type: string): boolean {
  return type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml');
}

/**
 * Whether a media type without parameters is YAML, of which all JSON is a part (RFC 9512).
 *
 * @example isYaml('application/x-yaml') // true
 */
export function isYaml(type: string): boolean {
  return /^(application|text)\/(x-|vnd\.)?yaml$/.test(type) || type.endsWith('+yaml');
}

/**
 * Whether a media type without parameters is JSON values one after another.
 *
 * @example isJsonLines('application/x-ndjson') // true
 */
export function isJsonLines(type: string): boolean {
  return JSON_LINES.has(type) || isJsonSequence(type);
}

/**
 * Whether a media type without parameters is JSON values each of which a record separator begins (RFC 7464, RFC 8091).
 *
 * @example isJsonSequence('application/geo+json-seq') // true
 */
export function isJsonSequence(type: string): boolean {
  return type === 'application/json-seq' || type.endsWith('+json-seq');
}

const JSON_LINES: ReadonlySet<string> = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/x-json-stream',
]);

/** Whether a media type without parameters is server-sent events. */
export function isEventStream(type: string): boolean {
  return type === 'text/event-stream';
}

/** What begins each value of a JSON sequence. */
export const RECORD_SEPARATOR = '\u001e';

/** Whether a media type without parameters is a body in several parts. */
export function isMultipart(type: string): boolean {
  return type.startsWith('multipart/');
}

/**
 * Whether a media type without parameters holds one item after another, which OpenAPI 3.2 describes one by one.
 *
 * @example isSequential('application/jsonl') // true
 */
export function isSequential(type: string): boolean {
  return isJsonLines(type) || isEventStream(type);
}

/**
 * Whether a media type is one of those that a range means.
 *
 * @example isInRange('image/png', 'image/*') // true
 */
export function isInRange(type: string, range: string): boolean {
  return range === type || range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}

/**
 * The offered media type that an `Accept` header prefers; `undefined` where it takes none. Among equals, what is named
 * before ranges, then what the header names first, then JSON.
 *
 * @example acceptable('text/html, application/*;q=0.8', ['application/json']) // 'application/json'
 */
export function acceptable(accept: string, offered: readonly string[]): string | undefined {
  const ranges = splitList(accept).map(parseRange);
  const rated = offered.flatMap((type) => {
    const match = matchOf(parseMediaType(type), ranges);
    return match === undefined || match.range.quality === 0 ? [] : [{ type, ...match }];
  });
  const [best] = rated.sort(
    (one, other) =>
      other.range.quality - one.range.quality ||
      other.closeness - one.closeness ||
      ranges.indexOf(one.range) - ranges.indexOf(other.range) ||
      Number(isJson(parseMediaType(other.type).type)) - Number(isJson(parseMediaType(one.type).type)),
  );
  return best?.type;
}

interface Range extends ParsedMediaType {
  /** From 0, not acceptable, to 1. */
  readonly quality: number;
}

/** The items of a header list; a comma in quotation marks is no end of one. */
function splitList(text: string): readonly string[] {
  return text.includes('"') ? (text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []) : text.split(',');
}

function parseRange(text: string): Range {
  const { type, parameters } = parseMediaType(text);
  const quality = Number(parameters.get('q') ?? 1);
  return { type, parameters, quality: Number.isFinite(quality) ? quality : 1 };
}

/** The most specific range decides (RFC 9110, 12.5.1), so that everything but JSON can be asked for. */
function matchOf(
  offered: ParsedMediaType,
  ranges: readonly Range[],
): { readonly range: Range; readonly closeness: number } | undefined {
  let best: { readonly range: Range; readonly closeness: number } | undefined;
  for (const range of ranges) {
    const closeness = closenessOf(offered, range);
    if (closeness > (best?.closeness ?? 0)) best = { range, closeness };
  }
  return best;
}

/** 0 where a range does not mean a type, and the more the closer it comes to naming it. */
function closenessOf({ type, parameters }: ParsedMediaType, range: Range): number {
  // A contract may offer a range, too: whatever is in it.
  if (!isInRange(type, range.type) && !isInRange(range.type, type)) return 0;
  let closeness = range.type === '*/*' ? 1 : range.type.endsWith('/*') ? 2 : 3;
  for (const [name, value] of range.parameters) {
    // What does not choose between representations: how much it is wanted, and how text is encoded.
    if (name === 'q' || name === 'charset') continue;
    const own = parameters.get(name);
    // A version that the contract does not distinguish is as good as any.
    if (own !== undefined && own.toLowerCase() !== value.toLowerCase()) return 0;
    if (own !== undefined) closeness += 1;
  }
  return closeness;
}
