import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';

/** Levels of a value that are looked through; schemas that contain themselves have no last one. */
const DEEPEST = 50;

/** What marks a property: that only one side may send it, or (`password`) that its value is to be hidden. */
type Mark = 'writeOnly' | 'readOnly' | 'password';

/**
 * Makes what leaves out properties with a mark, however deep, or puts something else in their place; `undefined` where
 * the schema has none such. What stays the same stays the same object.
 *
 * @example createOmitter(schema, schemas, 'writeOnly')?.({ user: 'ada', password: 'secret' }) // { user: 'ada' }
 */
export function createOmitter(
  schema: Schema | undefined,
  schemas: SchemaResolver,
  mark: Mark,
  instead?: string,
): ((value: unknown) => unknown) | undefined {
  if (!hasMark(schema, schemas, mark, new Set())) return undefined;
  const omit = (value: unknown, at: Schema | undefined, depth: number): unknown => {
    if (depth > DEEPEST || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = schemas.items(at);
      const left = items === undefined ? value : value.map((item) => omit(item, items, depth + 1));
      return left.every((item, index) => item === value[index]) ? value : left;
    }
    const members = schemas.members(at);
    let left: Record<string, unknown> | undefined;
    for (const [name, member] of Object.entries(value)) {
      const property = members.get(name);
      if (property === undefined) continue;
      const after = isMarked(property, schemas, mark) ? instead : omit(member, property, depth + 1);
      if (after === member) continue;
      left ??= { ...value };
      if (after === undefined) delete left[name];
      else left[name] = after;
    }
    return left ?? value;
  };
  return (value) => omit(value, schema, 0);
}

function isMarked(property: Schema, schemas: SchemaResolver, mark: Mark): boolean {
  return [property, schemas.resolve(property)].some(
    (one) => typeof one === 'object' && (mark === 'password' ? one.format === mark : one[mark] === true),
  );
}

function hasMark(schema: Schema | undefined, schemas: SchemaResolver, mark: Mark, passed: Set<Schema>): boolean {
  const resolved = schemas.resolve(schema);
  if (resolved === undefined || passed.has(resolved)) return false;
  passed.add(resolved);
  if (hasMark(schemas.items(resolved), schemas, mark, passed)) return true;
  return [...schemas.members(resolved).values()].some(
    (property) => isMarked(property, schemas, mark) || hasMark(property, schemas, mark, passed),
  );
}
