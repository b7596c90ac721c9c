import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { haveSameTail, isSameWord, wordsOf } from './words.ts';

/** What is known of a thing before its schema is: the word in its path and the parameters that name one. */
export interface ItemHints {
  readonly word: string;
  readonly idParameters: readonly string[];
}

/** Where a thing stands in a body. */
export interface FoundItem {
  readonly schema: Schema;
  /** Properties from the outside in; none for the body itself. */
  readonly path: readonly string[];
  /** Whether the body, or what stands there, is an array of it. */
  readonly isArray: boolean;
}

/** Wrappers within wrappers that are looked into. */
const MOST_WRAPPERS = 3;

/**
 * Finds the thing in the body of one: the body itself, or what stands in it under a word for wrapping (`data`, `result`)
 * or under the thing's own name.
 *
 * @example findItem(schema, { word: 'servers', idParameters: ['id'] }, schemas)?.path; // ['server']
 */
export function findItem(body: Schema | undefined, hints: ItemHints, schemas: SchemaResolver): FoundItem | undefined {
  return lookInto(body, hints, schemas, []);
}

/** The names of properties that surround a thing and are none of its own. */
export function isEnvelopeWord(name: string): boolean {
  return ENVELOPE.test(name);
}

/** Whether a property's name says that what it holds is what the answer is about. */
export function isWrapperWord(name: string): boolean {
  return WRAPPER.test(name);
}

/** Whether one of these properties can be what the path calls a thing by. */
export function hasId(
  members: ReadonlyMap<string, Schema>,
  { word, idParameters }: ItemHints,
  schemas: SchemaResolver,
): boolean {
  const wanted = [...idParameters, ...idParameters.flatMap((parameter) => shortenedBy(parameter, word))];
  return [...members].some(
    ([name, schema]) =>
      schemas.members(schema).size === 0 &&
      (ANY_ID.test(name) || wanted.some((each) => isSameWord(each, name)) || isIdOf(name, word)),
  );
}

/**
 * What is left of a parameter's name without the name of the thing: `number` of `issue_number`, `gid` of `thing_gid`.
 *
 * @example shortenedBy('issue_number', 'issues'); // ['number']
 */
export function shortenedBy(parameter: string, word: string): readonly string[] {
  const words = wordsOf(parameter);
  const about = wordsOf(word);
  const shortened: string[] = [];
  for (let length = words.length - 1; length > 0; length -= 1) {
    const head = words.slice(0, length).join('');
    const isAbout = about.some((_, from) => isSameWord(head, about.slice(from).join('')));
    if (isAbout) shortened.push(words.slice(length).join('_'));
  }
  return shortened;
}

const ANY_ID = /^(_?id|uuid|guid|gid|sid)$/i;
const WRAPPER =
  /^(data|results?|item|response|payload|body|value|resource|entity|record|object|content|output|return|node|d)$/i;
const ENVELOPE =
  /^(success|succeeded|ok|is_?success\w*|errors?|messages?|msg|info|code|status(_?(code|text|message))?|http_?status|reason|meta|meta_?data|_?links?|included|jsonapi|(x_?)?(request|trace|correlation|transaction)_?id|timestamp|time|date|version|api_?version|warnings?|notifications?|notices?|(result|response)_?(info|code|status|meta_?data|message)|took|debug|context|kind|type|object|e_?tag|self|href|url|schema|\$schema|@\w+(\.\w+)*|odata\.\w+|pagination|paging|total|count|problem|diagnostics?|_?embedded_count|cursor)$/i;

function lookInto(
  body: Schema | undefined,
  hints: ItemHints,
  schemas: SchemaResolver,
  path: readonly string[],
): FoundItem | undefined {
  const items = schemas.items(body);
  if (items !== undefined) return schemas.members(items).size > 0 ? { schema: items, path, isArray: true } : undefined;
  const members = schemas.members(body);
  if (body === undefined || members.size === 0) return undefined;
  // What may have further members is no wrapper: those are the thing's own.
  const isClosed =
    schemas.resolve(body)?.additionalProperties === undefined || schemas.resolve(body)?.additionalProperties === false;
  if (isClosed && path.length < MOST_WRAPPERS && !hasId(members, hints, schemas)) {
    const wrapped = wrapperOf(members, hints, schemas);
    const inner =
      wrapped === undefined ? undefined : lookInto(members.get(wrapped), hints, schemas, [...path, wrapped]);
    if (inner !== undefined) return inner;
  }
  return { schema: body, path, isArray: false };
}

function wrapperOf(
  members: ReadonlyMap<string, Schema>,
  hints: ItemHints,
  schemas: SchemaResolver,
): string | undefined {
  const objects = [...members].filter(([, schema]) => holdsObject(schema, schemas)).map(([name]) => name);
  const wrapped = objects.filter((name) => !isEnvelopeWord(name) || isWrapperWord(name));
  const holders = wrapped.length > 0 ? wrapped : objects;
  const others = (name: string) => [...members.keys()].filter((other) => other !== name);
  const named = holders.find((name) => haveSameTail(name, hints.word));
  if (named !== undefined && others(named).every((other) => isEnvelopeWord(other) || isWrapperWord(other)))
    return named;
  // `{ ticket, users }`: what comes along with it is no property of it.
  const comesAlong = (name: string) => isEnvelopeWord(name) || holdsObject(members.get(name) ?? {}, schemas);
  if (
    named !== undefined &&
    isSameWord(named, hints.word) &&
    hasId(schemas.members(members.get(named)), hints, schemas) &&
    others(named).every(comesAlong)
  )
    return named;
  const wrapper = holders.find((name) => isWrapperWord(name) && others(name).every(isEnvelopeWord));
  if (wrapper !== undefined) return wrapper;
  const [only] = holders;
  if (holders.length !== 1 || only === undefined || schemas.items(members.get(only)) !== undefined) return undefined;
  const isIdInside = hasId(schemas.members(members.get(only)), hints, schemas);
  return members.size === 1 || (isIdInside && others(only).every(isEnvelopeWord) && !isEnvelopeWord(only))
    ? only
    : undefined;
}

function holdsObject(schema: Schema, schemas: SchemaResolver): boolean {
  return schemas.members(schemas.items(schema) ?? schema).size > 0;
}

function isIdOf(property: string, word: string): boolean {
  const words = wordsOf(property);
  return words.length > 1 && words.at(-1) === 'id' && isSameWord(words.slice(0, -1).join(''), word);
}
