import { keysOf, pointerTo } from '../lib/json-pointer.ts';
import { type Contract, contractUri, schemaRef } from '../model/contract.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';
import { type SchemaContext, toModernSchema } from './modern-schema.ts';
import type { Place } from './place.ts';
import { isPlainObject } from './plain-object.ts';
import type { Report } from './source-file.ts';
import { type SourceFiles, stemOf } from './source-files.ts';

/** The named schemas of a contract while it is being loaded. */
export interface Definitions {
  readonly $defs: Record<string, Schema>;
  /** Names schemas, all at once and before anything refers to them, so that each keeps its own name. */
  add(schemas: readonly (readonly [name: string, place: Place])[]): void;
  /** The schema at a place, with absolute references; what these lead to is pulled into `$defs`. */
  schema(place: Place): Schema;
  /** Names a schema that no document holds as it is, and answers the reference to it, which it may contain. */
  define(name: string, make: (reference: SchemaObject) => Schema): SchemaObject;
  /** What a schema of this contract says, once its reference is followed. */
  resolve(schema: Schema): SchemaObject | undefined;
}

/** Collects the named schemas of one contract, those in other files included, under readable unique names. */
export function createDefinitions(
  contract: Pick<Contract, 'system' | 'name'>,
  files: SourceFiles,
  report: Report,
): Definitions {
  const $defs: Record<string, Schema> = {};
  const names = new Map<string, string>();
  const prefix = `${contractUri(contract)}#/$defs`;

  const nameFreely = (wanted: string): string => {
    // The one name that an object cannot have as a member of its own by assignment.
    let name = wanted === '__proto__' ? 'proto' : wanted;
    for (let count = 2; Object.hasOwn($defs, name); count++) name = `${wanted}${count}`;
    $defs[name] = {};
    return name;
  };
  const reserve = (wanted: string, place: Place): string => {
    const name = nameFreely(wanted);
    names.set(keyOf(place), name);
    return name;
  };
  const schema = (place: Place): Schema =>
    toModernSchema(place.value, {
      ...dialectOf(place.source.value),
      report: ({ keys, ...fault }) =>
        report({ ...fault, source: place.source, pointer: pointerTo(place.pointer, ...keys) }),
      reference: (ref, keys) => {
        const target = files.resolve(ref, { source: place.source, pointer: pointerTo(place.pointer, ...keys) });
        if (target === undefined || files.follow(target) === undefined) return undefined;
        let name = names.get(keyOf(target));
        if (name === undefined) {
          // The name is taken before its schema is read, which ends circles.
          name = reserve(nameFor(target), target);
          $defs[name] = schema(target);
        }
        return schemaRef(contract, name);
      },
    });
  return {
    $defs,
    add: (schemas) => {
      const reserved = schemas.map(([name, place]) => [reserve(name, place), place] as const);
      for (const [name, place] of reserved) $defs[name] = schema(place);
    },
    schema,
    define: (wanted, make) => {
      const name = nameFreely(wanted);
      const reference = { $ref: schemaRef(contract, name) };
      $defs[name] = make(reference);
      return reference;
    },
    resolve: (start) => resolveIn($defs, prefix, start),
  };
}

/** `add-change-order` as the name of a schema: `AddChangeOrder`. */
export function titleCase(words: string): string {
  return words
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function keyOf(place: Place): string {
  return `${place.source.path}#${place.pointer}`;
}

function nameFor(place: Place): string {
  const keys = keysOf(place.pointer);
  const last = keys.at(-1);
  if (last !== undefined && ['definitions', '$defs', 'schemas'].includes(keys.at(-2) ?? '')) return last;
  const structural = new Set(['properties', 'definitions', '$defs', 'components', 'schemas', 'schema', 'content']);
  return titleCase([stemOf(place.source.path), ...keys.filter((key) => !structural.has(key))].join(' ')) || 'Schema';
}

function dialectOf(document: unknown): Pick<SchemaContext, 'isRefAlone' | 'isNullableUnknown'> {
  if (!isPlainObject(document)) return { isRefAlone: false };
  if ('swagger' in document || 'asyncapi' in document) return { isRefAlone: true };
  if ('openapi' in document) {
    const isOld = /^3(\.0|$)/.test(String(document.openapi));
    return { isRefAlone: isOld, isNullableUnknown: !isOld };
  }
  return { isRefAlone: typeof document.$schema === 'string' && /draft-0[3-7]|v-04/i.test(document.$schema) };
}

function resolveIn($defs: Readonly<Record<string, Schema>>, prefix: string, start: Schema): SchemaObject | undefined {
  let current: Schema | undefined = start;
  const visited = new Set<string>();
  while (typeof current === 'object' && typeof current.$ref === 'string') {
    const ref: string = current.$ref;
    const key = ref.startsWith(`${prefix}/`) ? keysOf(decodeURIComponent(ref.slice(prefix.length)))[0] : undefined;
    if (key === undefined || visited.has(key)) return undefined;
    visited.add(key);
    current = $defs[key];
  }
  return typeof current === 'object' ? current : undefined;
}
