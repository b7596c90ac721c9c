import { keysOf, pointerTo, valueAt } from '../lib/json-pointer.ts';
import { type Contract, contractUri, schemaRef } from '../model/contract.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';
import type { Report, SourceFile } from './source-file.ts';

/**
 * A contract in which no schema has to be valid for itself to be valid. A base that lists its kinds as alternatives,
 * each of which is the base and more, is how documents write inheritance; taken literally it never ends. What a kind
 * inherits is the base without its alternatives; any other circle is cut where it closes, and reported.
 *
 * @example
 * // Pet: { oneOf: [Cat], properties }, Cat: { allOf: [Pet, …] } becomes Cat: { allOf: [PetItself, …] }
 * cutCycles(contract, source, report);
 */
export function cutCycles(contract: Contract, source: SourceFile, report: Report): Contract {
  const prefix = `${contractUri(contract)}#/$defs/`;
  const nameOf = (ref: string) =>
    ref.startsWith(prefix) ? keysOf(`/${decodeURIComponent(ref.slice(prefix.length))}`)[0] : undefined;
  const cyclic = membersOfCycles(contract.$defs, nameOf);
  if (cyclic.size === 0) return contract;

  const $defs: Record<string, Schema> = { ...contract.$defs };
  const bases = new Map<string, string>();
  for (const name of cyclic.keys()) {
    if (alternativesIn($defs[name]).length > 0) bases.set(name, freeName(`${name}Itself`, $defs));
  }
  for (const name of cyclic.keys()) {
    $defs[name] = mapInherited($defs[name] ?? {}, (ref) => {
      const target = nameOf(ref);
      const base = target !== undefined && cyclic.get(target) === cyclic.get(name) ? bases.get(target) : undefined;
      return base === undefined ? ref : schemaRef(contract, base);
    });
  }
  for (const [name, base] of bases) $defs[base] = withoutAlternatives($defs[name] ?? {});

  const closing = closingReferences($defs, nameOf);
  for (const [name, target] of closing) {
    $defs[name] = mapReferences($defs[name] ?? {}, (ref) => (nameOf(ref) === target ? undefined : ref));
    report({
      source,
      pointer: placeOf(name, source),
      message: `The schema \`${name}\` has to be valid for itself to be valid, by way of \`${target}\`: the circle is cut.`,
      hint: 'Refer to it from a property or an item, or take the reference out.',
    });
  }
  return { ...contract, $defs };
}

type NameOf = (ref: string) => string | undefined;

/** Keywords whose schemas look at the same value. */
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const IN_PLACE = ['if', 'then', 'else', 'not'] as const;

/** The references of a schema that are about the same value, those in its parts included. */
function referencesOf(schema: Schema | undefined): string[] {
  const found: string[] = [];
  mapReferences(schema ?? {}, (ref) => {
    found.push(ref);
    return ref;
  });
  return found;
}

/** A schema with those references replaced; one that is replaced by nothing goes. */
function mapReferences(schema: Schema, map: (ref: string) => string | undefined): Schema {
  if (typeof schema !== 'object') return schema;
  const mapped: Record<string, unknown> = { ...schema };
  if (schema.$ref !== undefined) {
    const ref = map(schema.$ref);
    if (ref === undefined) delete mapped.$ref;
    else mapped.$ref = ref;
  }
  for (const keyword of IN_PLACE_LISTS) {
    const parts = schema[keyword];
    if (parts !== undefined) mapped[keyword] = parts.map((part) => mapReferences(part, map));
  }
  for (const keyword of IN_PLACE) {
    if (schema[keyword] !== undefined) mapped[keyword] = mapReferences(schema[keyword] as Schema, map);
  }
  if (schema.dependentSchemas !== undefined) {
    const parts = Object.entries(schema.dependentSchemas as Readonly<Record<string, Schema>>);
    mapped.dependentSchemas = Object.fromEntries(parts.map(([name, part]) => [name, mapReferences(part, map)]));
  }
  return mapped as SchemaObject;
}

/** As `mapReferences`, but alternatives are left as they are: they are not inherited from, they inherit. */
function mapInherited(schema: Schema, map: (ref: string) => string): Schema {
  if (typeof schema !== 'object') return schema;
  const { anyOf, oneOf, ...rest } = schema;
  return {
    ...(mapReferences(rest, map) as SchemaObject),
    ...(anyOf === undefined ? {} : { anyOf }),
    ...(oneOf === undefined ? {} : { oneOf }),
  };
}

function alternativesIn(schema: Schema | undefined): readonly Schema[] {
  return typeof schema === 'object' ? [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] : [];
}

function withoutAlternatives(schema: Schema): Schema {
  if (typeof schema !== 'object') return schema;
  const { anyOf: _, oneOf: __, discriminator: ___, ...rest } = schema;
  return rest;
}

/** Each name that leads back to itself, with the number of its circle, by Tarjan's algorithm. */
function membersOfCycles($defs: Contract['$defs'], nameOf: NameOf): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cyclic = new Map<string, number>();
  const visit = (name: string): void => {
    const index = indexes.size;
    indexes.set(name, index);
    lowest.set(name, index);
    stack.push(name);
    onStack.add(name);
    let isItsOwn = false;
    for (const ref of referencesOf($defs[name])) {
      const target = nameOf(ref);
      if (target === undefined || $defs[target] === undefined) continue;
      if (target === name) isItsOwn = true;
      if (!indexes.has(target)) visit(target);
      if (onStack.has(target)) {
        lowest.set(name, Math.min(lowest.get(name) ?? index, lowest.get(target) ?? index));
      }
    }
    if (lowest.get(name) !== index) return;
    const members = stack.splice(stack.lastIndexOf(name));
    for (const member of members) onStack.delete(member);
    if (members.length > 1 || isItsOwn) for (const member of members) cyclic.set(member, index);
  };
  for (const name of Object.keys($defs)) if (!indexes.has(name)) visit(name);
  return cyclic;
}

/** The references that close a circle, as a walk in the order of the names meets them. */
function closingReferences($defs: Contract['$defs'], nameOf: NameOf): [name: string, target: string][] {
  const closing: [string, string][] = [];
  const done = new Set<string>();
  const path = new Set<string>();
  const visit = (name: string): void => {
    path.add(name);
    for (const ref of referencesOf($defs[name])) {
      const target = nameOf(ref);
      if (target === undefined || $defs[target] === undefined) continue;
      if (path.has(target)) closing.push([name, target]);
      else if (!done.has(target)) visit(target);
    }
    path.delete(name);
    done.add(name);
  };
  for (const name of Object.keys($defs)) if (!done.has(name)) visit(name);
  return closing;
}

function freeName(wanted: string, $defs: Contract['$defs']): string {
  let name = wanted;
  for (let count = 2; Object.hasOwn($defs, name); count++) name = `${wanted}${count}`;
  return name;
}

function placeOf(name: string, source: SourceFile): string {
  const places = [['components', 'schemas'], ['definitions'], ['$defs']].map((keys) => pointerTo('', ...keys, name));
  return places.find((pointer) => valueAt(source.value, pointer) !== undefined) ?? '';
}
