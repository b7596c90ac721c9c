import { keepsDigits } from '../../lib/decimal.ts';

/** Deeper than any message, shallow enough for everything that walks a value by calling itself. */
export const DEEPEST_JSON = 200;
/** Names that differ, in one text: an object of thousands is a table to the engine, which is slow in all it does. */
const MOST_NAMES = 10_000;
/** Objects and arrays in one text, however small. */
const MOST_OBJECTS = 50_000;

const WHITESPACE = /[ \t\n\r]*/y;
// Written so that a long string without escapes is one step and not one for each character.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these characters in a string.
const STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Parses JSON, refusing what a careless parser lets through: nesting beyond any message, repeated keys (two readers of
 * one message must not see two messages), `__proto__`, halves of characters, and numbers that no double holds.
 *
 * The text is scanned first, without recursion, so that a hostile one exhausts nothing; the scan also words the
 * problem, because the engine's own words change from one Node to the next.
 *
 * @example parseJson('{"a":1,"a":2}') // { problem: 'repeats the key "a" at line 1, column 8' }
 */
export function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  const value = parsePlain(text);
  if (value !== undefined) return { value };
  const problem = scan(text);
  return problem === undefined ? { value: JSON.parse(text) as unknown } : { problem };
}

/**
 * The value of a text without a backslash; `undefined` for any other, which may be as good. Whether a key is repeated is
 * detected by counting: the text then has more colons than its value has members. That takes a tenth of the scan.
 */
function parsePlain(text: string): unknown {
  if (text.includes('\\')) return undefined;
  let depth = 0;
  let colons = 0;
  let objects = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = text.indexOf('"', at + 1);
      if (at < 0) return undefined;
    } else if (code === COLON) colons += 1;
    else if (code >= ZERO && code <= NINE) {
      const start = at;
      while (isOfNumber(text.charCodeAt(at + 1))) at += 1;
      const next = text.charCodeAt(at + 1);
      // It may have more digits than a double keeps: the scan decides.
      if (at - start >= SURE_LENGTH || next === SMALL_E || next === LARGE_E) return undefined;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      objects += 1;
      if (depth > DEEPEST_JSON || objects > MOST_OBJECTS) return undefined;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
  if (colons > MOST_NAMES && hasTooManyNames(text)) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    return membersOf(value) === colons ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of a text without a backslash. */
function hasTooManyNames(text: string): boolean {
  const names = new Set<string>();
  for (const [, name = ''] of text.matchAll(/"([^"]*)"\s*:/g)) if (names.add(name).size > MOST_NAMES) return true;
  return false;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LARGE_E = 0x45;
const SMALL_E = 0x65;

/** Numbers that are written shorter, without an exponent, keep their digits. */
const SURE_LENGTH = 15;

function isOfNumber(code: number): boolean {
  return (code >= ZERO && code <= NINE) || code === POINT;
}

/** How many members the objects of a value have altogether; not a number where it holds what is not allowed. */
function membersOf(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? 0 : Number.NaN;
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += membersOf(item);
    return members;
  }
  for (const name in value) {
    if (name === '__proto__') return Number.NaN;
    members += 1 + membersOf((value as Record<string, unknown>)[name]);
  }
  return members;
}

/** An open array has no keys. */
interface Open {
  readonly keys: Set<string> | undefined;
}

function scan(text: string): string | undefined {
  const open: Open[] = [];
  const names = new Set<string>();
  let objects = 0;
  let at = 0;
  /** What may come next: a value, a value or the end of an array just opened, a key, and so on. */
  let expects: 'value' | 'value or ]' | 'key' | 'key or }' | 'comma or end' = 'value';

  const fail = (what: string, position = at): string => `${what} at ${place(text, position)}`;
  // `test` and not `exec`: what `exec` answers, an array with the whole text in it, costs more than the match.
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.test(text) ? text.slice(at, pattern.lastIndex) : undefined;
  };
  const skipSpace = (): void => {
    if (text.charCodeAt(at) > 32) return;
    WHITESPACE.lastIndex = at;
    if (WHITESPACE.test(text)) at = WHITESPACE.lastIndex;
  };

  for (;;) {
    skipSpace();
    if (expects === 'comma or end') {
      const inside = open.at(-1);
      if (inside === undefined) return at === text.length ? undefined : fail('has something behind its end');
      const character = text[at];
      if (character === ',') {
        at += 1;
        expects = inside.keys === undefined ? 'value' : 'key';
        continue;
      }
      if (character !== (inside.keys === undefined ? ']' : '}')) {
        return fail(unexpected(text, at, `a comma or ${inside.keys === undefined ? ']' : '}'}`));
      }
      at += 1;
      open.pop();
      continue;
    }
    if (expects === 'key' || expects === 'key or }') {
      if (expects === 'key or }' && text[at] === '}') {
        at += 1;
        open.pop();
        expects = 'comma or end';
        continue;
      }
      const quoted = text[at] === '"' ? match(STRING) : undefined;
      if (quoted === undefined) return fail(unexpected(text, at, 'a key in quotation marks'));
      const key = unquote(quoted);
      const keys = open.at(-1)?.keys;
      if (key === '__proto__') return fail('has the key "__proto__", which is not allowed,');
      if (LONE_SURROGATE.test(key)) return fail('has half a character (a lone surrogate) in a key');
      if (keys?.has(key)) return fail(`repeats the key ${JSON.stringify(key.slice(0, 80))}`);
      keys?.add(key);
      if (names.add(key).size > MOST_NAMES) return fail(`has more than ${MOST_NAMES} different keys`);
      at += quoted.length;
      skipSpace();
      if (text[at] !== ':') return fail(unexpected(text, at, 'a colon'));
      at += 1;
      expects = 'value';
      continue;
    }
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.length === DEEPEST_JSON) return fail(`is nested deeper than ${DEEPEST_JSON} levels`);
      objects += 1;
      if (objects > MOST_OBJECTS) return fail(`has more than ${MOST_OBJECTS} objects and arrays`);
      open.push({ keys: character === '{' ? new Set() : undefined });
      at += 1;
      expects = character === '{' ? 'key or }' : 'value or ]';
      continue;
    }
    if (character === ']' && expects === 'value or ]') {
      at += 1;
      open.pop();
      expects = 'comma or end';
      continue;
    }
    if (character === '"') {
      const quoted = match(STRING);
      if (quoted === undefined) return fail('has a string that is not valid JSON');
      // Only an escape can write one: as bytes it is no UTF-8.
      if (quoted.includes('\\u') && LONE_SURROGATE.test(unquote(quoted))) {
        return fail('has half a character (a lone surrogate)');
      }
      at += quoted.length;
    } else {
      const number = match(NUMBER);
      const token = number ?? match(WORD);
      if (token === undefined || token === '') return fail(unexpected(text, at, 'a value'));
      if (number !== undefined && !Number.isFinite(Number(number))) return fail('has a number that is too large');
      if (number !== undefined && !keepsDigits(number)) {
        return fail(`has the number ${number.slice(0, 40)}, of which not all digits can be kept,`);
      }
      at += token.length;
    }
    expects = 'comma or end';
  }
}

function unquote(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function unexpected(text: string, at: number, wanted: string): string {
  return at >= text.length
    ? `is not valid JSON: it ends where ${wanted} is due,`
    : `is not valid JSON: ${wanted} is due`;
}

function place(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `line ${line}, column ${at - before.lastIndexOf('\n')}`;
}
