import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { findItem, isWrapperWord } from './find-item.ts';
import { haveSameTail, isSameWord } from './words.ts';

/** Where the items of a list stand in its body. */
export interface FoundList {
  readonly items: Schema;
  readonly path: readonly string[];
  /** Where in an item the thing itself stands. */
  readonly each: readonly string[];
  readonly form: 'objects' | 'ids' | 'map';
  /** Whether nothing but paging stands beside it: such a body is a list even where nothing else says so. */
  readonly isPlain: boolean;
}

export interface ListHints {
  /** The last word of the path. */
  readonly word: string;
  /** The name of the schema of one thing, where it is known. */
  readonly name?: string;
  /** Whether the path has items, so that a list of bare ids or an object by ids is a list too. */
  readonly hasItems: boolean;
  /** What the path of one item calls its id. */
  readonly idParameters?: readonly string[];
}

const MOST_WRAPPERS = 3;

/**
 * Finds the array of things in the body of a list: the body itself, or the property that is most likely meant.
 *
 * @example findList(schema, { word: 'jobs', hasItems: true }, schemas)?.path; // ['jobs']
 */
export function findList(body: Schema | undefined, hints: ListHints, schemas: SchemaResolver): FoundList | undefined {
  const [best] = candidates(body, hints, schemas, [])
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score);
  return best;
}

interface Candidate extends FoundList {
  readonly score: number;
}

function candidates(
  body: Schema | undefined,
  hints: ListHints,
  schemas: SchemaResolver,
  path: readonly string[],
): Candidate[] {
  const whole = arrayAt(body, hints, schemas, path);
  if (whole !== undefined) return [{ ...whole, isPlain: true, score: whole.form === 'objects' ? 10 : 5 }];
  const members = [...schemas.members(body)];
  const arrays = members.flatMap(([name, schema]) => {
    const found = arrayAt(schema, hints, schemas, [...path, name]);
    return found === undefined ? [] : [{ name, found }];
  });
  const objects = arrays.filter(({ found }) => found.form === 'objects');
  const found = arrays.map(({ name, found: each }): Candidate => {
    const others = members.filter(([other]) => other !== name).map(([other]) => other);
    const isOnly = objects.length === 1 && each.form === 'objects';
    return {
      ...each,
      isPlain: isOnly && others.every((other) => BESIDE.test(other)),
      score: scoreOf(name, each, isOnly, hints, schemas),
    };
  });
  if (path.length >= MOST_WRAPPERS) return found;
  const nested = members
    .filter(
      ([name, schema]) =>
        (isWrapperWord(name) || /^_?embedded$/i.test(name) || isAbout(name, hints.word)) &&
        schemas.items(schema) === undefined,
    )
    .flatMap(([name, schema]) => candidates(schema, hints, schemas, [...path, name]))
    .map((each) => ({ ...each, score: each.score - 1 }));
  return [...found, ...nested];
}

function arrayAt(
  schema: Schema | undefined,
  { name, word, hasItems }: ListHints,
  schemas: SchemaResolver,
  path: readonly string[],
): Omit<FoundList, 'isPlain'> | undefined {
  const items = schemas.items(schema);
  if (items !== undefined) {
    if (schemas.members(items).size > 0 || schemas.isObject(items)) {
      const wrapped = findItem(items, { word, idParameters: [] }, schemas);
      return { items: wrapped?.schema ?? items, path, each: wrapped?.path ?? [], form: 'objects' };
    }
    const type = schemas.resolve(items)?.type;
    return hasItems && path.length < 2 && (type === 'string' || type === 'integer')
      ? { items, path, each: [], form: 'ids' }
      : undefined;
  }
  const resolved = schemas.resolve(schema);
  const values = resolved?.additionalProperties;
  const isMap = hasItems && typeof values === 'object' && schemas.members(schema).size === 0;
  if (!isMap || schemas.members(values).size === 0) return undefined;
  const isOfThing = name !== undefined && schemas.nameOf(values) === name;
  return path.length === 0 || isOfThing ? { items: values, path, each: [], form: 'map' } : undefined;
}

function scoreOf(
  property: string,
  { items, form }: Omit<FoundList, 'isPlain'>,
  isOnly: boolean,
  { word, name, idParameters = [] }: ListHints,
  schemas: SchemaResolver,
): number {
  const named = schemas.nameOf(items);
  return (
    (name !== undefined && named === name ? 8 : 0) +
    (isAbout(property, word) || (form === 'ids' && areIds(property, idParameters)) ? 6 : 0) +
    (LIST.test(property) ? 4 : 0) +
    (isOnly ? 2 : 0) +
    (named !== undefined && isAbout(named, word) ? 2 : 0) -
    (NO_LIST.test(property) ? 8 : 0) -
    (form === 'objects' ? 0 : 4)
  );
}

/** What lists are called where they are not called after what they hold. */
const LIST =
  /^(data|items?|results?|values?|records?|contents?|entries|rows|list|resources?|docs|documents|hits|objects|elements|collection|entities|response|payload|edges|nodes)$/i;

/** What stands beside the items of a list: paging, links, and what went wrong; no account, and no first name. */
const BESIDE =
  /pag|total|(?<!ac|dis)count|size|offset|limit|cursor|next|prev|(?:first|last)(?![-_]?name)|links?$|meta|self|href|errors?$|warnings?$|messages?$|facets?|aggregations?|included/i;

const NO_LIST =
  /^(errors?|warnings?|messages?|_?links?|included|facets?|aggregations?|meta|filters?|sort|columns|fields)$/i;

/** Whether a property is called as ids are, or as the path of one item calls its own. */
function areIds(property: string, idParameters: readonly string[]): boolean {
  return /^(ids|keys|names)$/i.test(property) || idParameters.some((each) => isSameWord(each, property));
}

/** Whether a property is called as what the path is about, or as the ids of such. */
function isAbout(property: string, word: string): boolean {
  return haveSameTail(property.replace(/[-_]?ids$/i, ''), word);
}
