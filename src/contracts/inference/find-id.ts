import type { Schema, SchemaObject } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { shortenedBy } from './find-item.ts';
import { isSameWord, wordsOf } from './words.ts';

/** The property by which paths call a thing, and what says so. */
export interface FoundId {
  /** Dotted where it is nested; with a leading `$` where the thing has none. */
  readonly property: string;
  readonly alternatives: readonly string[];
  readonly clue: string;
}

export interface IdHints {
  /** The name of the thing, and the word in its path. */
  readonly name: string;
  readonly word: string;
  /** The path parameter of one, and its schema. */
  readonly parameter?: string;
  readonly parameterSchema?: Schema;
  readonly required: ReadonlySet<string>;
  /** Properties, dotted where they are nested, that links of the contract take to the path of one. */
  readonly linked?: readonly string[];
}

/** The id of a thing that has none of its own: it is known by its path alone. */
export const HIDDEN_ID = '$id';

/**
 * Finds the id of a thing: named as the path parameter, or as what is left of that without the thing's name; `id`; the
 * thing's name and `Id`; the same one level down; or, without a path that says more, what ends in `id`.
 *
 * @example findId(members, { name: 'Issue', word: 'issues', parameter: 'issue_number', required }, schemas)?.property; // 'number'
 */
export function findId(
  members: ReadonlyMap<string, Schema>,
  hints: IdHints,
  schemas: SchemaResolver,
): FoundId | undefined {
  const { parameter, name, word } = hints;
  const names = [...members.keys()].filter((each) => isScalar(schemas.resolve(members.get(each))));
  const like = (wanted: string) =>
    names.find((each) => each === wanted) ?? names.find((each) => isSameWord(each, wanted));
  const found = (property: string, clue: string, alternatives: readonly string[] = []): FoundId => ({
    property,
    clue,
    alternatives,
  });
  const linked = hints.linked?.find((each) => isScalar(schemaAt(members, each, schemas)));
  if (linked !== undefined) return found(linked, `a link of the contract takes "${linked}" to its path`);
  if (parameter !== undefined) {
    const exact = names.find((each) => each === parameter);
    if (exact !== undefined) return found(exact, `the property "${exact}" is called as the path parameter`);
    const several = parameter.split(/_or_|[-_]?Or(?=[A-Z])|\|/);
    const known =
      several.length > 1 ? several.flatMap((each) => like(each) ?? shortened(each, [name, word], like)) : [];
    if (known[0] !== undefined)
      return found(
        known[0],
        `the path parameter "${parameter}" names the properties ${known.join(' and ')}`,
        known.slice(1),
      );
    const same = like(parameter);
    if (same !== undefined) return found(same, `the property "${same}" is called as the path parameter "${parameter}"`);
    const [short] = shortened(parameter, [name, word], like);
    if (short !== undefined) return found(short, `the path parameter "${parameter}" is the "${short}" of a ${name}`);
    // The end of its name, unless that is no more than `id`.
    const words = wordsOf(parameter);
    const ends = words
      .slice(1)
      .map((_, from) => words.slice(from + 1))
      .filter((end) => end.join() !== 'id');
    const tail = ends.map((end) => like(end.join('_'))).find((each) => each !== undefined);
    if (tail !== undefined) return found(tail, `the path parameter "${parameter}" ends in "${tail}"`);
  }
  const nameId = `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;
  // A parameter that is called as the thing itself wants whatever names one; texts name things better than numbers do.
  const isText =
    parameter !== undefined && typeOf(hints.parameterSchema, schemas) === 'string' && isThing(parameter, [name, word]);
  const texts = isText
    ? NATURAL.filter((each) => names.includes(each) && typeOf(members.get(each), schemas) === 'string')
    : [];
  const id = names.find((each) => each === 'id');
  if (id !== undefined && !(texts.length > 0 && typeOf(members.get(id), schemas) !== 'string'))
    return found(id, 'it has a property "id"', texts);
  const own = names.includes(nameId)
    ? nameId
    : [name, word].map((each) => like(`${each}Id`)).find((each) => each !== undefined);
  if (own !== undefined) return found(own, `the property "${own}" is its name and "id"`);
  if (parameter !== undefined) {
    const nested = nestedId(members, hints, schemas);
    if (nested !== undefined) return found(nested, `the path parameter "${parameter}" is nested in "${nested}"`);
  }
  // `paid` and `valid` end in "id" too: the word has to begin there.
  const [text] = texts;
  if (text !== undefined)
    return found(text, `it has a property "${text}", and its "id" is of another type than the path parameter`);
  const anyId = names.find(
    (each, index) => /(^_?id|Id|ID|_id)$/.test(each) && (hints.required.has(each) || index === 0),
  );
  if (anyId !== undefined) return found(anyId, `the property "${anyId}" ends in "id"`);
  const elsewhere = parameter === undefined ? undefined : calledAlike(members, parameter, schemas);
  if (elsewhere !== undefined) return found(elsewhere, `the path parameter "${parameter}" is nested in "${elsewhere}"`);
  const [natural] = NATURAL_IDS.filter((each) => names.includes(each));
  if (natural !== undefined && parameter !== undefined)
    return found(natural, `it has a property "${natural}", and nothing that is more of an id`);
  return undefined;
}

/** What is said of a property, dotted where it is nested; of one that there is not, that it is an object. */
function schemaAt(
  members: ReadonlyMap<string, Schema>,
  property: string,
  schemas: SchemaResolver,
): SchemaObject | undefined {
  const [first = '', ...rest] = property.split('.');
  let schema = members.get(first);
  for (const name of rest) schema = schemas.members(schema).get(name);
  return schema === undefined ? { type: 'object' } : schemas.resolve(schema);
}

/** Whether an id made for one schema can stand where the other is. */
function typeOf(schema: Schema | undefined, schemas: SchemaResolver): string | undefined {
  const resolved = schemas.resolve(schema);
  const type = [resolved?.type].flat().find((each) => each !== 'null');
  return type === 'number' ? 'integer' : (type as string | undefined);
}

const NATURAL = ['slug', 'name', 'key', 'code', 'login', 'username'];
const NATURAL_IDS = [
  '_id',
  'uuid',
  'guid',
  'uid',
  'gid',
  'sid',
  'key',
  'slug',
  'code',
  'number',
  'reference',
  'name',
  'username',
  'email',
];

function isThing(parameter: string, about: readonly string[]): boolean {
  return about.some((each) => isSameWord(each, parameter) || each.toLowerCase().startsWith(parameter.toLowerCase()));
}

function shortened(parameter: string, about: readonly string[], like: (name: string) => string | undefined): string[] {
  return about.flatMap((each) => shortenedBy(parameter, each)).flatMap((each) => like(each) ?? []);
}

/** One level down: `metadata.name` for `{name}`. */
function nestedId(
  members: ReadonlyMap<string, Schema>,
  { parameter = '', name, word }: IdHints,
  schemas: SchemaResolver,
): string | undefined {
  const short = [...shortenedBy(parameter, name), ...shortenedBy(parameter, word)];
  // A parameter that is called as the thing itself wants whatever names one.
  const wanted = [parameter, ...short, ...(isThing(parameter, [name, word]) ? ['name', 'id', 'uid', 'key'] : [])];
  // What a thing refers to has ids too.
  const own = [...members.keys()].filter((outer) => ABOUT_ITSELF.test(outer) || isSameWord(outer, name));
  return scalarWithin(own, wanted, members, schemas);
}

/** The same in anything, where it is called as the path calls one: what a thing refers to is called otherwise. */
function calledAlike(
  members: ReadonlyMap<string, Schema>,
  parameter: string,
  schemas: SchemaResolver,
): string | undefined {
  if (/^(id|name|key|code|type|number)$/i.test(parameter)) return undefined;
  return scalarWithin([...members.keys()], [parameter], members, schemas);
}

function scalarWithin(
  outers: readonly string[],
  wanted: readonly string[],
  members: ReadonlyMap<string, Schema>,
  schemas: SchemaResolver,
): string | undefined {
  for (const outer of outers) {
    const inner = schemas.members(members.get(outer));
    for (const each of wanted) {
      const property = [...inner.keys()].find((candidate) => isSameWord(candidate, each));
      if (property !== undefined && isScalar(schemas.resolve(inner.get(property)))) return `${outer}.${property}`;
    }
  }
  return undefined;
}

/** What things keep their own ids in. */
const ABOUT_ITSELF = /^(meta|metadata|sys|info|identity|identifiers?|header|attributes|properties|@?key)$/i;

function isScalar(schema: SchemaObject | undefined): boolean {
  if (schema === undefined) return true;
  const types = [schema.type].flat().filter((type) => type !== undefined && type !== 'null');
  return types.length === 0
    ? schema.properties === undefined && schema.items === undefined
    : types.some((type) => type !== 'object' && type !== 'array');
}
