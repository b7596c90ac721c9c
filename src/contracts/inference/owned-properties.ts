import type { Operation } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { requestSchema } from './success-body.ts';
import type { Clue, Thing } from './thing.ts';

/** The properties with a meaning of their own. */
export function findMarks({ members, schemas }: Thing) {
  const texts = [...members].filter(([, schema]) => {
    const types = [schemas.resolve(schema)?.type].flat();
    return types.includes('string') || types[0] === undefined;
  });
  const find = (matches: (property: string, format: string | undefined) => boolean) =>
    texts.find(([property, schema]) => matches(property, schemas.resolve(schema)?.format))?.[0];
  return {
    createdProperty: find((property, format) => /creat/i.test(property) && format === 'date-time'),
    updatedProperty: find((property, format) => /(updat|modif|chang)/i.test(property) && format === 'date-time'),
    hrefProperty: find((property) => property === 'href' || property === 'self'),
  };
}

/** What every write leaves to the server: ids, links and times, read-only properties, and those that no request names. */
export function serverOwned(
  { members, schemas }: Thing,
  clues: readonly Clue[],
  known: readonly (string | undefined)[],
): readonly string[] {
  const requests = (['create', 'replace', 'merge', 'act'] as const).flatMap((role) => settableBy(role, clues, schemas));
  const isOpen = requests.length === 0 || requests.some((request) => request.size === 0);
  return [...members].flatMap(([property, schema]) => {
    const isSettable = isOpen || requests.some((request) => request.has(property));
    return known.includes(property) || isReadOnly(schema, schemas) || !isSettable ? [property] : [];
  });
}

/**
 * What properties start with that the create request cannot say: the first of several values, a flag unlike what a verb
 * makes of it, and lists without anything in them.
 */
export function initialValues({ schema, schemas }: Thing, clues: readonly Clue[]): Readonly<Record<string, unknown>> {
  const [settable] = settableBy('create', clues, schemas);
  const required = schemas.required(schema);
  const isEmpty = clues.some(({ role, placed }) => role === 'create' && placed.operation.requestBody === undefined);
  const isCreatable = settable === undefined ? isEmpty : settable.size > 0;
  const values = [...commonProperties(schema, schemas)].flatMap(([property, own]): [string, unknown][] => {
    const resolved = schemas.resolve(own);
    if (resolved === undefined || settable?.has(property)) return [];
    const given = typeof own === 'object' ? (own.default ?? resolved.default) : resolved.default;
    if (resolved.enum !== undefined) return [[property, given ?? resolved.enum[0]]];
    if (given !== undefined) return [];
    const move = clues.find((clue) => clue.move?.property === property)?.move;
    if (typeof move?.to === 'boolean') return [[property, !move.to]];
    const isList = resolved.type === 'array' && required.has(property) && isCreatable;
    return isList && Number(resolved.minItems ?? 0) === 0 ? [[property, []]] : [];
  });
  return Object.fromEntries(values);
}

/** What every thing has: of alternatives, the properties that all of them have. */
function commonProperties(schema: Schema, schemas: SchemaResolver): ReadonlyMap<string, Schema> {
  const own = schemas.properties(schema);
  const resolved = schemas.resolve(schema);
  const [first, ...others] = resolved?.oneOf ?? resolved?.anyOf ?? [];
  if (first === undefined) return own;
  const inAll = [...schemas.properties(first)].filter(([name]) =>
    others.every((branch) => schemas.properties(branch).has(name)),
  );
  return new Map([...own, ...inAll]);
}

/** The properties that each request of a role can carry; nothing where the contract has no such request. */
function settableBy(role: string, clues: readonly Clue[], schemas: SchemaResolver): ReadonlySet<string>[] {
  return clues.flatMap((clue) => {
    const body = clue.role === role ? requestBody(clue.placed.operation, clue.request ?? [], schemas) : undefined;
    if (body === undefined) return [];
    const open = [...schemas.members(body)].filter(([, schema]) => !isReadOnly(schema, schemas));
    return [new Set(open.map(([name]) => name))];
  });
}

/** The schema of what stands at a path in the request of an operation. */
export function requestBody(
  operation: Operation | undefined,
  path: readonly string[],
  schemas: SchemaResolver,
): Schema | undefined {
  let schema = requestSchema(operation);
  for (const name of path) schema = schemas.members(schema).get(name);
  return schemas.items(schema) ?? schema;
}

function isReadOnly(schema: Schema, schemas: SchemaResolver): boolean {
  return schemas.resolve(schema)?.readOnly === true || (typeof schema === 'object' && schema.readOnly === true);
}
