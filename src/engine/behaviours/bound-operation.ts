import { textOf } from '../../lib/json-object.ts';
import type { Command } from '../../model/command.ts';
import { Refusal } from '../../model/command.ts';
import type { Binding, Resource, Role } from '../../model/resource.ts';
import { allOf, equals, type Filter } from '../state/store/filter.ts';
import type { Entity } from '../state/store/store.ts';
import type { StoredResource } from '../state/stored-resource.ts';
import type { ReadWork } from '../state/work.ts';

/** An operation that plays a role for a resource. */
export interface BoundOperation {
  readonly entry: StoredResource;
  readonly binding: Binding;
}

/**
 * The operations of a resource; one that was written by hand may leave out how each is answered.
 *
 * @example bindingsOf(resource).map(({ role, operation }) => `${role}: ${operation}`);
 */
export function bindingsOf(resource: Resource): readonly Binding[] {
  if (resource.bindings !== undefined) return resource.bindings;
  const scope =
    resource.parent === undefined ? [] : [{ parameter: resource.parent.parameter, property: resource.parent.property }];
  return Object.entries(resource.operations).map(([role, operation]) => ({
    role: role as Role,
    operation,
    contract: resource.contract,
    clue: '',
    scope,
    ...(role !== 'create' && role !== 'list' && { idParameter: resource.idParameter }),
    ...(role === 'list' && { list: resource.list }),
    ...(role !== 'list' && role !== 'delete' && { answer: WHOLE }),
  }));
}

const WHOLE = { holds: 'item', path: [] } as const;

/** The entity that a command means; refuses with 404, also where it belongs to another parent. */
export function requireItem(bound: BoundOperation, work: ReadWork, command: Command): Entity {
  const found = findItem(bound, work, command);
  if (found !== undefined) return found;
  const id = idIn(bound, command) ?? '';
  return work.need(bound.entry.collection, id);
}

/** The entity that a command means, if it is there. */
export function findItem(bound: BoundOperation, work: ReadWork, command: Command): Entity | undefined {
  const { entry, binding } = bound;
  const { resource, collection } = entry;
  const id = idIn(bound, command) ?? '';
  const scope = scopeIn(bound, command);
  const { scope: properties = [] } = resource;
  if (binding.byProperty !== undefined) {
    const query = { filter: allOf(equals(binding.byProperty, id), scopeFilter(scope)), limit: 1 };
    return (entry.supplied.query(work, query, scope) ?? work.query(collection, query)).items[0];
  }
  if (resource.isScopedId === true && !properties.every((property) => property in scope)) {
    const filter = allOf(equals(resource.idProperty, id), scopeFilter(scope));
    return work.query(collection, { filter, limit: 1 }).items[0];
  }
  const entity = work.get(collection, entry.keyFor(id, scope)) ?? byAlternative(bound, work, id, scope);
  if (entity === undefined) return entry.supplied.get(work, id, scope);
  for (const { property } of binding.scope ?? []) {
    if (scope[property] === undefined || String(entity[property]) === String(scope[property])) continue;
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the ${resource.name}: "${id}" belongs to another ${resource.parent?.resource ?? 'path'}. Check both ids.`,
    );
  }
  return entity;
}

/** The id that a command names, wherever its contract has it. */
export function idIn({ entry, binding }: BoundOperation, command: Command): string | undefined {
  const { idFrom, idParameter } = binding;
  if (entry.resource.isSingleton === true) return THE_ONE;
  if (idFrom === undefined) return idParameter === undefined ? undefined : command.path[idParameter];
  const source = idFrom.in === 'query' ? command.query : bodyIn(binding, command);
  const value = (source as Entity | undefined)?.[idFrom.name];
  return value === undefined || value === null ? undefined : textOf(value);
}

/** The id of what there is exactly one of. */
const THE_ONE = 'one';

/** What stands in the body of a request for the thing itself; some contracts take an array of one. */
export function bodyIn({ request = [], role }: Binding, command: Command): unknown {
  let body = command.body;
  for (const name of request) body = typeof body === 'object' && body !== null ? (body as Entity)[name] : undefined;
  return Array.isArray(body) && !MANY.has(role) ? body[0] : body;
}

const MANY: ReadonlySet<Role> = new Set<Role>(['createMany', 'mergeMany', 'deleteMany']);

/** What the path says beside the id, as properties. */
export function scopeIn({ entry, binding }: BoundOperation, command: Command): Entity {
  if (binding.scope === undefined || binding.scope.length === 0) return NO_SCOPE;
  const scope: Record<string, unknown> = {};
  for (const { parameter, property } of binding.scope) {
    const value = command.path[parameter];
    if (value !== undefined) scope[property] = entry.typed(property, value);
  }
  return scope;
}

/** What keeps a list to what the path says. */
export function scopeFilter(scope: Entity): Filter | undefined {
  if (scope === NO_SCOPE) return undefined;
  return allOf(...Object.entries(scope).map(([property, value]) => equals(property, value)));
}

const NO_SCOPE: Entity = Object.freeze({});

function byAlternative({ entry }: BoundOperation, work: ReadWork, id: string, scope: Entity): Entity | undefined {
  for (const property of entry.resource.alternativeIds ?? []) {
    const filter = allOf(equals(property, id), scopeFilter(scope));
    const [entity] = work.query(entry.collection, { filter, limit: 1 }).items;
    if (entity !== undefined) return entity;
  }
  return undefined;
}
