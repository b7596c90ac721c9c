import { type Contract, contractUri } from '../model/contract.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';
import { keysOf, valueAt } from './json-pointer.ts';

/** Looks through references, so that whoever infers something from a schema need not know how it is written. */
export interface SchemaReader {
  /** The schema itself, or what its `$ref` leads to in the end; nothing for a boolean or a dangling reference. */
  resolve(schema: Schema | undefined): SchemaObject | undefined;
  /** The last part of its `$ref`, through a lone `allOf` too, which is how OpenAPI 3.0 hangs a text on a reference. */
  nameOf(schema: Schema | undefined): string | undefined;
  /** Its properties with those of its `allOf` parts, in the order of the contract. */
  propertiesOf(schema: Schema | undefined): ReadonlyMap<string, Schema>;
  /** Its required properties with those of its `allOf` parts. */
  requiredOf(schema: Schema | undefined): ReadonlySet<string>;
  /** Whether its values are objects. */
  isObject(schema: Schema | undefined): boolean;
}

/**
 * Makes a reader over the named schemas of all contracts.
 *
 * @example
 * createSchemaReader(contracts).propertiesOf({ $ref: 'contract://connectx/bss-api#/$defs/Customer' }).has('email');
 */
export function createSchemaReader(contracts: readonly Contract[]): SchemaReader {
  const documents = new Map<string, unknown>(
    contracts.map((contract) => [contractUri(contract), { $defs: contract.$defs }]),
  );

  const resolve = (schema: Schema | undefined): SchemaObject | undefined => {
    let current = schema;
    const passed = new Set<string>();
    while (isSchemaObject(current) && current.$ref !== undefined && !passed.has(current.$ref)) {
      passed.add(current.$ref);
      current = lookUp(documents, current.$ref);
    }
    return isSchemaObject(current) && current.$ref === undefined ? current : undefined;
  };

  const nameOf = (schema: Schema | undefined): string | undefined => {
    if (!isSchemaObject(schema)) return undefined;
    if (schema.$ref !== undefined) return lastPart(schema.$ref);
    return schema.allOf?.length === 1 && schema.properties === undefined ? nameOf(schema.allOf[0]) : undefined;
  };

  /** The schema and its `allOf` parts, and theirs; `passed` stops a schema that contains itself. */
  const partsOf = (schema: Schema | undefined, passed = new Set<SchemaObject>()): readonly SchemaObject[] => {
    const resolved = resolve(schema);
    if (resolved === undefined || passed.has(resolved)) return [];
    passed.add(resolved);
    return [...(resolved.allOf ?? []).flatMap((part) => partsOf(part, passed)), resolved];
  };

  return {
    resolve,
    nameOf,
    propertiesOf: (schema) => new Map(partsOf(schema).flatMap((part) => Object.entries(part.properties ?? {}))),
    requiredOf: (schema) => new Set(partsOf(schema).flatMap((part) => part.required ?? [])),
    isObject: (schema) => partsOf(schema).some((part) => part.type === 'object' || part.properties !== undefined),
  };
}

function isSchemaObject(schema: unknown): schema is SchemaObject {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}

function lookUp(documents: ReadonlyMap<string, unknown>, ref: string): Schema | undefined {
  const [uri = '', fragment = ''] = ref.split('#');
  const target = valueAt(documents.get(uri), decodeURIComponent(fragment));
  return typeof target === 'boolean' || isSchemaObject(target) ? target : undefined;
}

function lastPart(ref: string): string | undefined {
  const name = keysOf(decodeURIComponent(ref.slice(ref.lastIndexOf('/')))).at(-1);
  return name === '' ? undefined : name;
}
