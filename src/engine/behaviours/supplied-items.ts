import type { Contract } from '../../model/contract.ts';
import type { MediaType } from '../../model/operation.ts';
import { isHidden, type Resource, type Role } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import type { Bookkeeper, Reader } from '../state/reader.ts';
import { conjunctionOf, matches, orderOf, valuesAt } from '../state/store/filter.ts';
import type { Entity, Page, Query } from '../state/store/store.ts';
import type { StoredResource, SuppliedItems } from '../state/stored-resource.ts';
import { withStates } from '../tmf630/nested-states.ts';
import { type BehaviourParts, isSimple } from './behaviour-parts.ts';
import { bindingsOf } from './bound-operation.ts';
import { conform } from './conform.ts';
import { createSuppliedParts, putSupplied, withSuppliedParts } from './parts.ts';
import { valueAtPath } from './value-at.ts';

/** The bookkeeping of items that were implied and have been deleted. */
export const GONE = '$gone';

/** The bookkeeping of lists of supplied items that have been stored. */
const SETTLED = '$settled';

/** The bookkeeping of a world that begins without any items. */
const EMPTY = '$empty';

/** How many items a list has that nobody can add to. */
const HANDFUL = 3;

/** Lists of seeds that are remembered for each kind of thing: one for each seed of chance and each parent asked about. */
const MOST_REMEMBERED = 256;

/** Roles of operations whose path has an id. */
const NAMES_ONE: ReadonlySet<Role> = new Set<Role>(['read', 'replace', 'merge', 'delete', 'act']);

const NO_SCOPE: Entity = Object.freeze({});

/** Lets a world begin without the items that nobody can create. */
export function withoutSupplies(work: Bookkeeper): void {
  work.put(EMPTY, 'world', {});
}

/** Whether a world has begun without them. */
export function isEmptyWorld(work: Pick<Reader, 'get'>): boolean {
  return work.get(EMPTY, 'world') !== undefined;
}

/**
 * Makes what supplies the items that no operation creates, and what inventories begin with. They are a function of the
 * tenant's seed, so none is stored before something changes, and a start costs nothing however many there could be.
 *
 * @example createSuppliedItems(entry, () => examples, parts).get(work, 'octocat', {});
 */
export function createSuppliedItems(
  entry: StoredResource,
  examples: () => readonly Entity[],
  entries: (name: string) => StoredResource | undefined,
  parts: BehaviourParts,
): SuppliedItems {
  const { resource, collection } = entry;
  const { origin, schema, scope: scopeProperties = [], tmf630 } = resource;
  // What an inventory of a forum's contract holds is as a rule not what its clients have made.
  const isPopulated =
    origin === 'created' && tmf630 !== undefined && tmf630.hub !== resource.name && scopeProperties.length === 0;
  const isListed = (origin === 'seeded' || isPopulated) && resource.list !== undefined;
  const simple = [...parts.schemas.properties(schema)].filter(
    ([name, member]) => (tmf630 !== undefined && !name.startsWith('@')) || isSimple(parts.schemas.resolve(member)),
  );
  // What class a thing is of is no matter of chance.
  const typed = tmf630 === undefined || !parts.schemas.members(schema).has('@type') ? {} : { '@type': resource.name };
  const remembered = new Map<string, readonly Entity[]>();
  // A generator leaves out some of what may be left out; what is there from the start shows all that is simple, and in a
  // forum's contract, where parties, amounts and periods are objects, what is simple in the first of these, too.
  const whole = (work: Reader, value: unknown, outer: Schema, key: string, isInner: boolean): Entity => {
    const entity = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entity) : {};
    const filled: Record<string, unknown> = { ...entity };
    for (const [name, member] of isInner ? parts.schemas.properties(outer) : simple) {
      const isWanted = !isInner || isSimple(parts.schemas.resolve(member));
      if (isWanted && !(isInner && name.startsWith('@')))
        filled[name] ??= parts.make(member, work, collection, `${key}/${name}`);
      if (tmf630 === undefined || isInner) continue;
      const place = `${key}/${name}`;
      const items = parts.schemas.items(member);
      if (items !== undefined && parts.schemas.properties(items).size > 0) {
        const [first, ...others] = Array.isArray(filled[name]) ? filled[name] : [];
        const one = first ?? parts.make(items, work, collection, `${place}/0`);
        filled[name] = [whole(work, one, items, place, true), ...others];
      } else if (parts.schemas.properties(member).size > 0)
        filled[name] = whole(work, filled[name], member, place, true);
    }
    return filled;
  };
  const make = (work: Reader, key: string): Entity =>
    whole(work, parts.make(schema, work, collection, key), schema, key, false);
  const complete = (work: Reader, entity: Entity, id: unknown, scope: Entity): Entity => {
    const identified = {
      ...(tmf630 === undefined ? entity : withStates(entity, tmf630)),
      ...typed,
      ...scope,
      ...withNested(entity, entry.withId(String(id))),
    };
    const href = entry.hrefOf(identified, id);
    const whole = href === undefined ? identified : { ...identified, [resource.hrefProperty ?? '']: href };
    return entry.inOrder(withSuppliedParts(work, entry.parts, whole));
  };

  // Where some paths leave out the parent, those below all parents have to be the same.
  const isShared = bindingsOf(resource).some(
    ({ role, scope = [] }) => NAMES_ONE.has(role) && scope.length < scopeProperties.length,
  );
  const placeOf = (scope: Entity) =>
    isShared ? '' : scopeProperties.map((name) => String(scope[name] ?? '')).join('/');
  const isStored = (work: Reader, scope: Entity) =>
    !isListed || isEmptyWorld(work) || work.get(SETTLED, `${collection}/${placeOf(scope)}`) !== undefined;

  // Seeds that say by themselves whose they are stand below those alone.
  const isRelated = (): boolean =>
    scopeProperties.length > 0 &&
    scopeProperties.every((name) => !isHidden(name) && name !== resource.idProperty) &&
    resource.parent !== undefined &&
    entries(resource.parent.resource)?.resource.origin === 'seeded';

  const seedsOf = (work: Reader, scope: Entity): readonly Entity[] => {
    const place = placeOf(scope);
    const memory = `${work.random('seeds', collection)()}/${place}`;
    if (isShared && scopeProperties.some((name) => scope[name] !== undefined)) {
      if (isRelated()) return seedsOf(work, NO_SCOPE);
      return seedsOf(work, NO_SCOPE).map((seed) => complete(work, seed, entry.idOf(seed), scope));
    }
    let seeds = remembered.get(memory);
    if (seeds === undefined) {
      seeds = makeSeeds(work, place, scope);
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(memory, seeds);
    }
    return seeds;
  };

  /** What a contract shows may not be what it says. */
  const fitted = (work: Reader, example: Entity | undefined, index: number): Entity | undefined => {
    if (example === undefined) return undefined;
    const make = (missing: Schema) => parts.make(missing, work, collection, `example/${index}`);
    return conform(example, schema, { parts, make, isShown: true }) as Entity | undefined;
  };

  const makeSeeds = (work: Reader, place: string, scope: Entity): readonly Entity[] => {
    const shown = examples();
    const taken = new Set<string>();
    return Array.from({ length: Math.max(HANDFUL, Math.min(shown.length, 2 * HANDFUL)) }, (_, index) => {
      const example = fitted(work, shown[index], index);
      const entity = example ?? make(work, `${place}#${index}`);
      const own = entry.idOf(entity);
      const isUsable = example !== undefined && own !== undefined && own !== null && !taken.has(String(own));
      const number = index + 1;
      const id = isUsable
        ? own
        : entry.newId({
            number,
            uuid: () => work.uuid(collection, place, number),
            hex: (length) => work.hex(length, collection, place, number),
            random: (attempt) => work.random(collection, place, number, attempt),
            isTaken: (candidate) => taken.has(candidate),
          });
      taken.add(String(id));
      return complete(work, example === undefined ? related(work, entity, index) : entity, id, scope);
    });
  };

  /** What is called as the id of another thing is the id of one that there is. */
  const related = (work: Reader, entity: Entity, index: number): Entity => {
    let linked: Record<string, unknown> | undefined;
    for (const [property, value] of Object.entries(entity)) {
      const name = resource.relations?.[property] ?? /^(.+?)_?id$/i.exec(property)?.[1];
      if (name === undefined || (typeof value !== 'string' && typeof value !== 'number')) continue;
      const other = entries(name);
      if (
        other === undefined ||
        other === entry ||
        other.resource.origin !== 'seeded' ||
        other.resource.scope !== undefined
      )
        continue;
      const id = other.seedId(work, index);
      if (id === undefined || typeof id !== typeof value) continue;
      linked ??= { ...entity };
      linked[property] = id;
    }
    return linked ?? entity;
  };

  /** What a list is asked for by its ids is there, whatever they are. */
  const namedIn = (work: Reader, { filter }: Query, scope: Entity): readonly Entity[] | undefined => {
    const path = entry.idPath.join('.');
    const wanted = conjunctionOf(filter).find((part) => part.op === 'in' && part.path === path);
    const ids = wanted === undefined ? undefined : (wanted as { readonly value: unknown }).value;
    if (!Array.isArray(ids)) return undefined;
    return ids.map(String).flatMap((id): readonly Entity[] | Entity => {
      const key = entry.keyFor(id, scope);
      return work.get(collection, key) ?? supplied.get(work, id, scope) ?? [];
    });
  };

  /** What has numbers or UUIDs for ids is not there under a name. */
  const idSchema = entry.idPath.reduce(
    (outer: Schema | undefined, name) => parts.schemas.members(outer).get(name),
    schema,
  );
  const canBeCalled = (id: string): boolean => {
    if (idSchema === undefined) return true;
    const { format, type } = parts.schemas.resolve(idSchema) ?? {};
    const isStrict = format === 'uuid' || [type].flat().some((each) => each === 'integer' || each === 'number');
    const value = entry.idPath.reduce((outer: unknown, name) => (outer as Entity)[name], entry.withId(id));
    return !isStrict || parts.validation.check(idSchema)(value).length === 0;
  };

  if (entry.whole !== undefined) return createSuppliedParts(entry.whole, pageOf);
  const supplied: SuppliedItems = {
    get(work, id, scope) {
      if (isListed && (isShared || scopeProperties.every((name) => name in scope))) {
        if (isStored(work, scope)) return undefined;
        const names = [entry.idOf, ...(resource.alternativeIds ?? []).map((name) => (seed: Entity) => seed[name])];
        return seedsOf(work, scope).find((seed) => names.some((nameOf) => String(nameOf(seed)) === id));
      }
      if (origin === 'created' || origin === undefined || !canBeCalled(id)) return undefined;
      const key = entry.keyFor(id, scope);
      return work.get(GONE, `${collection}/${key}`) === undefined
        ? complete(work, make(work, key), id, scope)
        : undefined;
    },
    query(work, query, scope) {
      const named = origin === 'implied' ? namedIn(work, query, scope) : undefined;
      if (named !== undefined) return pageOf(named, { ...query, filter: undefined });
      return isStored(work, scope) ? undefined : pageOf(seedsOf(work, scope), query);
    },
    settle(work, entity) {
      const scope = Object.fromEntries(scopeProperties.map((name) => [name, entity[name]]));
      if (isStored(work, scope)) return;
      for (const seed of seedsOf(work, scope)) putSupplied(work, entry, seed);
      work.put(SETTLED, `${collection}/${placeOf(scope)}`, {});
    },
  };
  return supplied;
}

/**
 * What the contract shows of the items of a kind of thing: the examples of its list and of its reads.
 *
 * @example examplesOf(resource, contracts, (list, found) => …);
 */
export function examplesOf(resource: Resource, contracts: readonly Contract[]): readonly Entity[] {
  const found = bindingsOf(resource).flatMap((binding) => {
    if (binding.role !== 'list' && binding.role !== 'read') return [];
    const contract = contracts.find(({ system, name }) => system === resource.system && name === binding.contract);
    const operation = contract?.operations.find(({ id }) => id === binding.operation);
    const bodies = Object.entries(operation?.responses ?? {})
      .filter(([status]) => /^2/.test(status))
      .flatMap(([, { content }]) => Object.values(content).flatMap(shownIn));
    const path = binding.role === 'list' ? (binding.list?.items ?? []) : (binding.answer?.path ?? []);
    return bodies.flatMap((body) => valueAtPath(body as Entity, path));
  });
  const isThing = (value: unknown): value is Entity =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return found.flat().filter(isThing);
}

function shownIn({ examples, schema }: MediaType): readonly unknown[] {
  const own = typeof schema === 'object' && Array.isArray(schema.examples) ? schema.examples : [];
  return [...Object.values(examples), ...own];
}

function pageOf(
  all: readonly Entity[],
  { filter, order = [], offset = 0, limit = Number.POSITIVE_INFINITY }: Query,
): Page {
  const found = filter === undefined ? [...all] : all.filter((entity) => matches(filter, entity));
  found.sort((one, other) => {
    for (const { path, descending } of order) {
      const [x] = valuesAt(one, path);
      const [y] = valuesAt(other, path);
      const result = orderOf(x, y) ?? 0;
      if (result !== 0) return descending === true ? -result : result;
    }
    return 0;
  });
  return { items: found.slice(offset, offset + limit), total: found.length };
}

/** What is nested in the one is kept beside what is nested in the other. */
function withNested(entity: Entity, id: Entity): Entity {
  return Object.fromEntries(
    Object.entries(id).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? { ...(entity[name] as object | undefined), ...value } : value,
    ]),
  );
}
