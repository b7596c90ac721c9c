import { keysOf, valueAt } from '../lib/json-pointer.ts';
import { type Contract, contractUri } from './contract.ts';
import type { Schema, SchemaObject } from './schema.ts';

/** Follows `$ref`s between the named schemas of all loaded contracts. */
export interface SchemaResolver {
  /** The schema that a chain of references ends at; `undefined` for a boolean schema or a dangling reference. */
  resolve(schema: Schema | undefined): SchemaObject | undefined;
  /** All properties of an object schema in order, those of `allOf` branches included; of `anyOf`/`oneOf`, none. */
  properties(schema: Schema | undefined): ReadonlyMap<string, Schema>;
  /** As `properties`, and those of `anyOf` and `oneOf` branches too: whatever a value may have. */
  members(schema: Schema | undefined): ReadonlyMap<string, Schema>;
  /** What the items of an array are, of an alternative to `null` too; `undefined` for anything else. */
  items(schema: Schema | undefined): Schema | undefined;
  /** All property names that must be there, those of `allOf` branches included. */
  required(schema: Schema | undefined): ReadonlySet<string>;
  /** The last part of its `$ref`, through a lone `allOf` too, which is how OpenAPI 3.0 hangs a text on a reference. */
  nameOf(schema: Schema | undefined): string | undefined;
  /** Whether its values are objects. */
  isObject(schema: Schema | undefined): boolean;
}

/**
 * Makes the resolver of these contracts.
 *
 * @example createSchemaResolver(contracts).properties({ $ref: 'contract://shop/api#/$defs/Order' }).keys()
 */
export function createSchemaResolver(
  contracts: readonly Pick<Contract, 'system' | 'name' | '$defs'>[],
): SchemaResolver {
  const documents = new Map(contracts.map((contract) => [contractUri(contract), { $defs: contract.$defs }]));
  const lookUp = (reference: string): Schema | undefined => {
    const [uri = '', fragment = ''] = reference.split('#');
    const pointer = decoded(fragment);
    return pointer === undefined ? undefined : (valueAt(documents.get(uri), pointer) as Schema | undefined);
  };
  const resolve = (schema: Schema | undefined): SchemaObject | undefined => {
    const seen = new Set<string>();
    let current = schema;
    while (typeof current === 'object' && current.$ref !== undefined && !seen.has(current.$ref)) {
      seen.add(current.$ref);
      current = lookUp(current.$ref);
    }
    return typeof current === 'object' && current.$ref === undefined ? current : undefined;
  };
  const known = new WeakMap<SchemaObject, ReadonlyMap<string, Schema>>();
  /** Remembered, because inference asks for those of every schema many times over. */
  const members = (schema: Schema | undefined): ReadonlyMap<string, Schema> => {
    const resolved = resolve(schema);
    if (resolved === undefined) return NO_MEMBERS;
    let found = known.get(resolved);
    if (found === undefined) {
      found = membersOf(resolved, new Set());
      known.set(resolved, found);
    }
    return found;
  };
  const membersOf = (schema: SchemaObject, passed: Set<SchemaObject>): Map<string, Schema> => {
    const found = new Map<string, Schema>();
    if (passed.has(schema)) return found;
    passed.add(schema);
    const add = (part: Schema, isWanted: (known: Schema | undefined, member: Schema) => boolean) => {
      const resolved = resolve(part);
      if (resolved === undefined) return;
      for (const [name, member] of membersOf(resolved, passed))
        if (isWanted(found.get(name), member)) found.set(name, member);
    };
    // Parts that all hold may describe a member in turn: `data` is an array, and then an array of orders.
    for (const part of schema.allOf ?? [])
      add(part, (known, member) => known === undefined || narrowness(member) > narrowness(known));
    for (const part of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) add(part, (known) => known === undefined);
    for (const [name, member] of Object.entries(schema.properties ?? {})) found.set(name, member);
    return found;
  };
  const items = (schema: Schema | undefined, depth = 0): Schema | undefined => {
    const resolved = resolve(schema);
    if (resolved === undefined || depth > MOST_NESTING) return undefined;
    if (resolved.items !== undefined) return resolved.items;
    for (const part of [...(resolved.allOf ?? []), ...(resolved.anyOf ?? []), ...(resolved.oneOf ?? [])]) {
      const found = items(part, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  /** The schema and its `allOf` parts, and theirs; `passed` stops a schema that contains itself. */
  const partsOf = (schema: Schema | undefined, passed = new Set<SchemaObject>()): readonly SchemaObject[] => {
    const resolved = resolve(schema);
    if (resolved === undefined || passed.has(resolved)) return [];
    passed.add(resolved);
    return [...(resolved.allOf ?? []).flatMap((part) => partsOf(part, passed)), resolved];
  };
  const nameOf = (schema: Schema | undefined): string | undefined => {
    if (typeof schema !== 'object') return undefined;
    if (schema.$ref !== undefined)
      return keysOf(decodeURIComponent(schema.$ref.slice(schema.$ref.lastIndexOf('/')))).at(-1);
    return schema.allOf?.length === 1 && schema.properties === undefined ? nameOf(schema.allOf[0]) : undefined;
  };
  return {
    resolve,
    nameOf,
    members,
    items: (schema) => items(schema),
    properties: (schema) => new Map(partsOf(schema).flatMap((part) => Object.entries(part.properties ?? {}))),
    required: (schema) => new Set(partsOf(schema).flatMap((part) => part.required ?? [])),
    isObject: (schema) => partsOf(schema).some((part) => part.type === 'object' || part.properties !== undefined),
  };
}

/** How much a schema says of its values beyond their type; an array says as much as of its items. */
function narrowness(schema: Schema): number {
  if (typeof schema !== 'object') return 0;
  const own = NARROWING.filter((keyword) => schema[keyword] !== undefined).length;
  return schema.items === undefined ? own : own + narrowness(schema.items);
}

const NARROWING = ['$ref', 'items', 'properties', 'enum', 'const', 'allOf', 'oneOf', 'anyOf', 'format'] as const;

const NO_MEMBERS: ReadonlyMap<string, Schema> = Object.freeze(new Map<string, Schema>());

/** Alternatives within alternatives that are looked into. */
const MOST_NESTING = 8;

/** Nothing where it cannot be decoded: such a reference leads nowhere, whoever has sent it. */
function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}
