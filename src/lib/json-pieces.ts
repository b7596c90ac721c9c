import { LongText } from './long-text.ts';

/** Characters of a piece, at least, but for the last. */
const PIECE = 8 * 2 ** 10;
/** Items or members of a list or an object that is not written at once. */
const MANY = 16;
/** How deep lists and objects are looked for that have so many: an entry of a record has a body, which has a list. */
const DEEPEST = 4;

/** What becomes of a value before it is written: of all of it, and of an object alone whose members are written one by one. */
export interface Written {
  whole(value: unknown): unknown;
  object(value: object): object;
}

const AS_IT_IS: Written = { whole: (value) => value, object: (value) => value };

/**
 * JSON text as `JSON.stringify` writes it, and what stands behind it, in pieces where the value has long lists or many members:
 * V8 gives a text of more than 128 KiB pages of its own, and everybody waits while those are taken back. What is `written` in
 * place of a part is made just before it.
 *
 * @example [...jsonPieces({ items: products }, '\n')].join('') // `${JSON.stringify({ items: products })}\n`
 */
export function* jsonPieces(value: unknown, end = '', written = AS_IT_IS): Generator<string, void, undefined> {
  let text = '';
  for (const part of partsOf(value, DEEPEST, written)) {
    text += part;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  if (text !== '' || end !== '') yield text + end;
}

function* partsOf(value: unknown, depth: number, written: Written): Generator<string, void, undefined> {
  if (!hasMany(value, depth)) {
    yield JSON.stringify(written.whole(value));
  } else if (Array.isArray(value)) {
    yield '[';
    for (let at = 0; at < value.length; at += 1) {
      if (at > 0) yield ',';
      yield* partsOf(value[at] ?? null, depth - 1, written);
    }
    yield ']';
  } else {
    yield '{';
    let comma = '';
    for (const [name, member] of Object.entries(written.object(value as object))) {
      if (member === undefined) continue;
      yield `${comma}${JSON.stringify(name)}:`;
      yield* partsOf(member, depth - 1, written);
      comma = ',';
    }
    yield '}';
  }
}

/** Whether a value is a list or an object with much in it, or has one in it, as deep as is looked. */
function hasMany(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  if (Array.isArray(value)) return value.length >= MANY || value.some((item) => hasMany(item, depth - 1));
  let count = 0;
  for (const name in value) {
    count += 1;
    if (count >= MANY || hasMany((value as Readonly<Record<string, unknown>>)[name], depth - 1)) return true;
  }
  return false;
}

/**
 * JSON text as `JSON.stringify` writes it; a long one that has many parts is never one text, and what is left of it is written when it
 * is asked for.
 *
 * @example writeJson({ id: 'CUS-000007' }) // '{"id":"CUS-000007"}'
 */
export function writeJson(value: unknown): string | LongText {
  if (!hasMany(value, DEEPEST)) return JSON.stringify(value);
  const text = new LongText(jsonPieces(value));
  text.addSome(AT_ONCE);
  return text.isWhole ? text.pieces().join('') : text;
}

/** Characters that are written without a turn for others. */
const AT_ONCE = 32 * 2 ** 10;
