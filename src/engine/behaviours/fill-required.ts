import type { Schema, SchemaObject, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { Entity } from '../state/store/store.ts';

/** Objects within objects that are filled in. */
const MOST_NESTING = 6;

export interface FillParts {
  readonly schemas: SchemaResolver;
  readonly validation: Pick<Validation, 'check'>;
}

/**
 * Makes what fills in the members that a schema requires and an object does not have: those that only a server can know.
 * `make` is given the schema of a member and its path.
 *
 * @example createFiller(schema, parts)({ name: 'Ada' }, (member) => generate(member)); // { name: 'Ada', url: '…' }
 */
export function createFiller(
  schema: Schema,
  parts: FillParts,
): (entity: Entity, make: (schema: Schema, path: string) => unknown) => Entity {
  return (entity, make) => fill(entity, schema, make, parts, '', 0) as Entity;
}

function fill(
  value: unknown,
  schema: Schema | undefined,
  make: (schema: Schema, path: string) => unknown,
  parts: FillParts,
  path: string,
  depth: number,
): unknown {
  if (depth > MOST_NESTING || typeof value !== 'object' || value === null) return value;
  const { schemas } = parts;
  if (Array.isArray(value)) {
    const items = schemas.items(schema);
    return items === undefined
      ? value
      : changed(value, (item, index) => fill(item, items, make, parts, `${path}/${index}`, depth + 1));
  }
  const { required, properties } = demandsOf(schema, value as Entity, parts);
  let filled: Record<string, unknown> | undefined;
  for (const [name, member] of properties) {
    const own = (value as Entity)[name];
    const after =
      own === undefined
        ? required.has(name)
          ? make(member, `${path}/${name}`)
          : undefined
        : fill(own, member, make, parts, `${path}/${name}`, depth + 1);
    if (after === own) continue;
    filled ??= { ...value };
    filled[name] = after;
  }
  // What is demanded and described nowhere may be anything, as a rule a slip of the pen.
  for (const name of required) {
    if (properties.has(name) || Object.hasOwn(value, name)) continue;
    filled ??= { ...value };
    const like = Object.keys(filled).find((each) => each.toLowerCase() === name.toLowerCase());
    filled[name] = like === undefined ? null : filled[like];
  }
  return filled ?? value;
}

interface Demands {
  readonly required: ReadonlySet<string>;
  readonly properties: ReadonlyMap<string, Schema>;
}

/** What an object must have by a schema: of alternatives, by the one that it comes nearest to. */
function demandsOf(schema: Schema | undefined, value: Entity, parts: FillParts, depth = 0): Demands {
  const { schemas } = parts;
  const properties = new Map(schemas.properties(schema));
  const required = new Set(schemas.required(schema));
  if (depth > MOST_NESTING) return { required, properties };
  for (const branches of alternativesOf(schemas.resolve(schema), schemas)) {
    const nearest = nearestOf(branches, value, parts);
    if (nearest === undefined) continue;
    const inner = demandsOf(nearest, value, parts, depth + 1);
    for (const name of inner.required) required.add(name);
    for (const [name, member] of inner.properties) if (!properties.has(name)) properties.set(name, member);
  }
  return { required, properties };
}

function alternativesOf(schema: SchemaObject | undefined, schemas: SchemaResolver): readonly (readonly Schema[])[] {
  const own = [schema?.oneOf, schema?.anyOf].filter((branches) => branches !== undefined);
  return [...own, ...(schema?.allOf ?? []).flatMap((part) => alternativesOf(schemas.resolve(part), schemas))];
}

function nearestOf(branches: readonly Schema[], value: Entity, { schemas, validation }: FillParts): Schema | undefined {
  let nearest: { readonly branch: Schema; readonly violations: number } | undefined;
  for (const branch of branches) {
    if (schemas.members(branch).size === 0) continue;
    const { length } = validation.check(branch)(value);
    if (nearest === undefined || length < nearest.violations) nearest = { branch, violations: length };
  }
  return nearest?.branch;
}

/** The same array where nothing in it changes. */
function changed(items: readonly unknown[], change: (item: unknown, index: number) => unknown): readonly unknown[] {
  const after = items.map(change);
  return after.every((item, index) => item === items[index]) ? items : after;
}
