import { type Contract, contractUri } from './contract.ts';
import type { Schema, SchemaObject } from './schema.ts';

/** Follows `$ref`s between the named schemas of all loaded contracts. */
export interface SchemaResolver {
  /** The schema that a chain of references ends at; `undefined` for a boolean schema or a dangling reference. */
  resolve(schema: Schema | undefined): SchemaObject | undefined;
  /** All properties of an object schema in order, those of `allOf` branches included; of `anyOf`/`oneOf`, none. */
  properties(schema: Schema | undefined): ReadonlyMap<string, Schema>;
  /** All property names that must be there, those of `allOf` branches included. */
  required(schema: Schema | undefined): ReadonlySet<string>;
}

/**
 * Makes the resolver of these contracts.
 *
 * @example createSchemaResolver(contracts).properties({ $ref: 'contract://shop/api#/$defs/Order' }).keys()
 */
export function createSchemaResolver(contracts: readonly Pick<Contract, 'system' | 'name' | '$defs'>[]): SchemaResolver {
  const byReference = new Map<string, Schema>();
  for (const contract of contracts) {
    for (const [name, schema] of Object.entries(contract.$defs)) {
      byReference.set(`${contractUri(contract)}#/$defs/${escapePointer(name)}`, schema);
    }
  }
  const resolve = (schema: Schema | undefined): SchemaObject | undefined => {
    const seen = new Set<string>();
    let current = schema;
    while (typeof current === 'object' && current.$ref !== undefined && !seen.has(current.$ref)) {
      seen.add(current.$ref);
      current = byReference.get(current.$ref);
    }
    return typeof current === 'object' && current.$ref === undefined ? current : undefined;
  };
  const collect = (schema: Schema | undefined, visit: (part: SchemaObject) => void, seen = new Set<SchemaObject>()): void => {
    const part = resolve(schema);
    if (part === undefined || seen.has(part)) return;
    seen.add(part);
    for (const branch of part.allOf ?? []) collect(branch, visit, seen);
    visit(part);
  };
  return {
    resolve,
    properties(schema) {
      const properties = new Map<string, Schema>();
      collect(schema, (part) => {
        for (const [name, property] of Object.entries(part.properties ?? {})) properties.set(name, property);
      });
      return properties;
    },
    required(schema) {
      const required = new Set<string>();
      collect(schema, (part) => {
        for (const name of part.required ?? []) required.add(name);
      });
      return required;
    },
  };
}

/** Escapes one part of a JSON Pointer (RFC 6901) for use in a URI fragment of ours. */
export function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
