import type { Schema, SchemaObject } from '../model/schema.ts';
import type { SchemaResolver } from '../model/schema-resolver.ts';

/** One constraint of a schema, and values that break it and as little else as can be. */
export interface Breakage {
  /** Property names, and `0` for the first item, that lead to the value. */
  readonly path: readonly string[];
  /** For example `is less than 1`. */
  readonly what: string;
  /** In the order in which they are to be tried; whether one really breaks the schema is for its check to say. */
  readonly values: readonly unknown[];
}

/** In place of a value: the member is left out. */
export const LEFT_OUT = Symbol('left out');

/** Levels of a value that are broken one by one. */
const DEEPEST = 4;
/** Characters, and items, of a value that is made too long. */
const LONGEST = 5_000;
const MOST_ITEMS = 200;

/**
 * Every constraint of a schema, each with values that break it: type, choices, bounds, lengths, patterns, formats, what has
 * to be there and what must not.
 *
 * @example breakagesOf({ type: 'integer', minimum: 1 }, schemas).map(({ what }) => what) // ['is a text', 'is a fraction', 'is less than 1', 'is null']
 */
export function breakagesOf(schema: Schema | undefined, schemas: SchemaResolver): readonly Breakage[] {
  const found: Breakage[] = [];
  walk(schema, [], []);
  return found;

  function walk(at: Schema | undefined, path: readonly string[], passed: readonly SchemaObject[]): void {
    const resolved = schemas.resolve(at);
    if (resolved === undefined || passed.includes(resolved) || path.length > DEEPEST) return;
    const flat = flattened(resolved, schemas);
    for (const [what, ...values] of brokenValues(flat)) found.push({ path, what, values });
    const members = schemas.members(resolved);
    for (const name of schemas.required(resolved)) {
      const member = members.get(name);
      if (member !== undefined && isServers(member, schemas)) continue;
      found.push({ path: [...path, name], what: 'is missing', values: [LEFT_OUT] });
    }
    if (flat.additionalProperties === false && (members.size > 0 || isOf(flat, 'object'))) {
      found.push({ path: [...path, 'unexpectedMember'], what: 'is not allowed', values: ['unexpected'] });
    }
    const inner = [...passed, resolved];
    for (const [name, member] of members) if (!isServers(member, schemas)) walk(member, [...path, name], inner);
    const items = schemas.items(resolved);
    if (items !== undefined) walk(items, [...path, '0'], inner);
  }
}

/** A schema with what its `allOf` parts say. */
function flattened(schema: SchemaObject, schemas: SchemaResolver, depth = 0): SchemaObject {
  const parts = (schema.allOf ?? []).flatMap((part): readonly SchemaObject[] => {
    const resolved = schemas.resolve(part);
    return resolved === undefined ? [] : [resolved];
  });
  if (parts.length === 0 || depth > DEEPEST) return schema;
  const flat: SchemaObject = {};
  for (const part of parts) Object.assign(flat, flattened(part, schemas, depth + 1));
  return Object.assign(flat, schema);
}

/** Whether only the server sets it. */
function isServers(member: Schema, schemas: SchemaResolver): boolean {
  return [member, schemas.resolve(member)].some((one) => typeof one === 'object' && one.readOnly === true);
}

function isOf({ type }: SchemaObject, ...names: readonly string[]): boolean {
  const types = [type ?? []].flat();
  return names.some((name) => types.includes(name));
}

type Broken = readonly [what: string, ...values: unknown[]];

function brokenValues(schema: SchemaObject): readonly Broken[] {
  return [
    ...wrongTypes(schema),
    ...wrongChoices(schema),
    ...wrongNumbers(schema),
    ...wrongTexts(schema),
    ...wrongLists(schema),
  ];
}

function wrongTypes(schema: SchemaObject): readonly Broken[] {
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return [];
  const broken: Broken[] = [];
  if (isOf(schema, 'string')) broken.push(['is an object', { unexpected: true }]);
  else if (isOf(schema, 'object')) broken.push(['is a text', 'unexpected']);
  else if (isOf(schema, 'array')) broken.push(['is an object', { unexpected: true }]);
  else broken.push(['is a text', 'unexpected']);
  if (isOf(schema, 'integer') && !isOf(schema, 'number')) {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema as { minimum?: number; maximum?: number };
    broken.push(['is a fraction', Math.min(Number(minimum) + 0.5, Number(maximum) - 0.5)]);
  }
  if (!types.includes('null')) broken.push(['is null', null]);
  return broken;
}

function wrongChoices({ enum: choices, const: only }: SchemaObject): readonly Broken[] {
  if (only !== undefined) return [[`is not ${JSON.stringify(only)}`, 'no-such-choice', -987_654]];
  if (choices === undefined) return [];
  return [['is none of the choices', ...(typeof choices[0] === 'number' ? [-987_654] : ['no-such-choice'])]];
}

function wrongNumbers(schema: SchemaObject): readonly Broken[] {
  if (!isOf(schema, 'number', 'integer')) return [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Readonly<
    Record<string, number | undefined>
  >;
  const broken: Broken[] = [];
  const step = isOf(schema, 'integer') ? 1 : 0.5;
  if (typeof minimum === 'number') broken.push([`is less than ${minimum}`, minimum - (multipleOf ?? step)]);
  if (typeof maximum === 'number') broken.push([`is more than ${maximum}`, maximum + (multipleOf ?? step)]);
  if (typeof exclusiveMinimum === 'number') broken.push([`is ${exclusiveMinimum}`, exclusiveMinimum]);
  if (typeof exclusiveMaximum === 'number') broken.push([`is ${exclusiveMaximum}`, exclusiveMaximum]);
  if (typeof multipleOf === 'number' && multipleOf > 0 && multipleOf !== step) {
    const low = Math.ceil(Number(minimum ?? 0) / multipleOf) * multipleOf;
    broken.push([`is no multiple of ${multipleOf}`, low + multipleOf / 2, low + 1]);
  }
  return broken;
}

function wrongTexts(schema: SchemaObject): readonly Broken[] {
  if (!isOf(schema, 'string') || schema.enum !== undefined || schema.const !== undefined) return [];
  const { minLength, maxLength, pattern, format } = schema;
  const broken: Broken[] = [];
  if (typeof minLength === 'number' && minLength > 0) {
    broken.push([`is shorter than ${minLength}`, 'x'.repeat(minLength - 1)]);
  }
  if (typeof maxLength === 'number' && maxLength < LONGEST) {
    broken.push([`is longer than ${maxLength}`, 'x'.repeat(maxLength + 1), '1'.repeat(maxLength + 1)]);
  }
  if (typeof pattern === 'string') {
    const length = Math.max(Number(minLength ?? 1), Math.min(Number(maxLength ?? 3), 3));
    broken.push([
      `does not fit ${pattern.slice(0, 60)}`,
      ...['~', '!', 'é', '0', 'a', ' '].map((each) => each.repeat(length)),
    ]);
  }
  if (format !== undefined && FORMATS.has(format)) broken.push([`is no ${format}`, `not-a-${format}`, 'not one']);
  return broken;
}

/** Formats that a text can be seen to miss. */
const FORMATS: ReadonlySet<string> = new Set([
  ...['date', 'date-time', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid', 'uri'],
]);

function wrongLists(schema: SchemaObject): readonly Broken[] {
  if (!isOf(schema, 'array')) return [];
  const { minItems, maxItems, uniqueItems } = schema;
  const broken: Broken[] = [];
  if (typeof minItems === 'number' && minItems > 0)
    broken.push([`has fewer than ${minItems} items`, new Repeat(minItems - 1)]);
  if (typeof maxItems === 'number' && maxItems < MOST_ITEMS)
    broken.push([`has more than ${maxItems} items`, new Repeat(maxItems + 1)]);
  if (uniqueItems === true) broken.push(['has the same item twice', new Repeat(2)]);
  return broken;
}

/** A list of so many copies of its first item. */
export class Repeat {
  readonly times: number;

  constructor(times: number) {
    this.times = times;
  }
}
