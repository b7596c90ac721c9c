import { keysOf, pointerTo } from '../lib/json-pointer.ts';
import { type Contract, contractUri } from '../model/contract.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';
import { toModernSchema } from './modern-schema.ts';
import { isPlainObject } from './plain-object.ts';
import { type Place, type SourceFiles, stemOf } from './source-files.ts';

/** The named schemas of a contract while it is being loaded. */
export interface Definitions {
  readonly $defs: Record<string, Schema>;
  /** Names schemas, all at once and before anything refers to them, so that each keeps its own name. */
  add(schemas: readonly (readonly [name: string, place: Place])[]): void;
  /** The schema at a place, with absolute references; what these lead to is pulled into `$defs`. */
  schema(place: Place): Schema;
  /** What a schema of this contract says, once its reference is followed. */
  resolve(schema: Schema): SchemaObject | undefined;
}

/** Collects the named schemas of one contract, those in other files included, under readable unique names. */
export function createDefinitions(contract: Pick<Contract, 'system' | 'name'>, files: SourceFiles): Definitions {
  const $defs: Record<string, Schema> = {};
  const names = new Map<string, string>();
  const prefix = `${contractUri(contract)}#/$defs`;

  const reserve = (wanted: string, place: Place): string => {
    let name = wanted;
    for (let count = 2; Object.hasOwn($defs, name); count++) name = `${wanted}${count}`;
    names.set(keyOf(place), name);
    $defs[name] = {};
    return name;
  };
  const schema = (place: Place): Schema =>
    toModernSchema(place.value, {
      isRefAlone: isRefAloneIn(place.source.value),
      reference: (ref) => {
        const target = files.resolve(ref, place.source);
        if (target === undefined || files.follow(target) === undefined) return undefined;
        let name = names.get(keyOf(target));
        if (name === undefined) {
          // The name is taken before its schema is read, which ends circles.
          name = reserve(nameFor(target), target);
          $defs[name] = schema(target);
        }
        return pointerTo(prefix, name);
      },
    });
  return {
    $defs,
    add: (schemas) => {
      const reserved = schemas.map(([name, place]) => [reserve(name, place), place] as const);
      for (const [name, place] of reserved) $defs[name] = schema(place);
    },
    schema,
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

function isRefAloneIn(document: unknown): boolean {
  if (!isPlainObject(document)) return false;
  if ('swagger' in document || 'asyncapi' in document) return true;
  if ('openapi' in document) return String(document.openapi).startsWith('3.0');
  return typeof document.$schema === 'string' && /draft-0[3-7]|v-04/i.test(document.$schema);
}

function resolveIn($defs: Readonly<Record<string, Schema>>, prefix: string, start: Schema): SchemaObject | undefined {
  let current: Schema | undefined = start;
  const visited = new Set<string>();
  while (typeof current === 'object' && typeof current.$ref === 'string') {
    const ref: string = current.$ref;
    const key = ref.startsWith(`${prefix}/`) ? keysOf(ref.slice(prefix.length))[0] : undefined;
    if (key === undefined || visited.has(key)) return undefined;
    visited.add(key);
    current = $defs[key];
  }
  return typeof current === 'object' ? current : undefined;
}
