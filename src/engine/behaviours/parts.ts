import type { PartOf } from '../../model/resource.ts';
import { isHidden } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import type { Bookkeeper, Reader } from '../state/reader.ts';
import { allOf, equals } from '../state/store/filter.ts';
import type { Entity, Page, Query } from '../state/store/store.ts';
import type { PartLink, StoredResource, SuppliedItems } from '../state/stored-resource.ts';
import { createView } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { isSameSchema } from './same-schema.ts';

/** What stands for the id of what there is one of. */
const THE_ONE = 'one';

/** How a kind of thing is joined to the whole that shows it, worked out once. */
export function createPartLink(
  { list, property, shared }: PartOf,
  whole: StoredResource,
  part: StoredResource,
  parts: BehaviourParts,
): PartLink {
  const { schemas } = parts;
  const { schema, serverOwned, origin } = part.resource;
  const { minItems = 0 } = schemas.resolve(schemas.members(whole.resource.schema).get(list)) ?? {};
  const items: Schema = schemas.items(schemas.members(whole.resource.schema).get(list)) ?? {};
  const shown = schemas.members(items);
  const view = isSameSchema(items, schema) ? undefined : createView(items, part, parts);
  const [idName = ''] = part.idPath;
  // An id is the server's where the array says so; elsewhere a client may have chosen it.
  const isIdClosed = schemas.resolve(shown.get(idName))?.readOnly === true || !shown.has(idName);
  const owned = new Set(serverOwned.filter((name) => name !== idName || isIdClosed));
  const scopeOf = (entity: Entity): Entity =>
    Object.fromEntries(Object.entries(shared).map(([own, theirs]) => [theirs, entity[own]]));
  const wholeId = (entity: Entity) => (property === undefined ? THE_ONE : String(entity[property]));
  const beginsEmpty = whole.resource.origin === 'implied' && origin === 'created';
  const fill = parts.filler(schema);
  const link: PartLink = {
    whole,
    part,
    list,
    showsIds: shown.has(idName),
    mayBeEmpty: Number(minItems) === 0,
    wholeKey: (entity) => whole.keyFor(wholeId(entity), scopeOf(entity)),
    unstoredWhole: (work, entity) => {
      if (property !== undefined && entity[property] === undefined) return undefined;
      const isStored = work.get(whole.collection, link.wholeKey(entity)) !== undefined;
      return isStored ? undefined : whole.supplied.get(work, wholeId(entity), scopeOf(entity));
    },
    below: (entity) => ({
      ...Object.fromEntries(Object.entries(shared).map(([own, theirs]) => [own, entity[theirs]])),
      ...(property !== undefined && { [property]: whole.idOf(entity) }),
    }),
    filter: (entity) => allOf(...Object.entries(link.below(entity)).map(([name, value]) => equals(name, value))),
    show: (work, entity) => (view === undefined ? part.present(entity) : view(work, entity)),
    draft: (item) => Object.fromEntries(Object.entries(item).filter(([name]) => !owned.has(name))),
    staying: (entity) =>
      Object.fromEntries(
        Object.entries(entity).filter(
          ([name]) => name === idName || owned.has(name) || isHidden(name) || !shown.has(name) || part.isRequired(name),
        ),
      ),
    supplied: (work, entity) => {
      const listed = beginsEmpty || !Array.isArray(entity[list]) ? [] : (entity[list] as readonly Entity[]);
      const taken = new Set<string>();
      return listed.map((item, index) => {
        const place = `${whole.collection}/${whole.keyOf(entity)}/${list}`;
        const id =
          part.idOf(item) ??
          part.newId({
            number: index + 1,
            uuid: () => work.uuid(place, index),
            hex: (length) => work.hex(length, place, index),
            random: (attempt) => work.random(place, index, attempt),
            isTaken: (candidate) => taken.has(candidate),
          });
        taken.add(String(id));
        const named = { ...item, ...part.withId(String(id)), ...link.below(entity) };
        return part.inOrder(fill(named, (missing, path) => parts.make(missing, work, `${place}/${id}`, path)));
      });
    },
  };
  return link;
}

/** A whole that no request has made, its arrays with the ids of what stands below it. */
export function withSuppliedParts(work: Reader, links: readonly PartLink[], whole: Entity): Entity {
  if (links.length === 0) return whole;
  const lists = links.map((link) => [link.list, link.supplied(work, whole).map((part) => link.show(work, part))]);
  return { ...whole, ...Object.fromEntries(lists) };
}

/** Stores what no request has made, and with it what its arrays show. */
export function putSupplied(work: Bookkeeper, entry: StoredResource, entity: Entity): void {
  work.put(entry.collection, entry.keyOf(entity), entity);
  for (const link of entry.parts) {
    for (const part of link.supplied(work, entity)) putSupplied(work, link.part, part);
  }
}

/**
 * What supplies parts of wholes that no request has made: those that their arrays show.
 *
 * @example createSuppliedParts(link, pageOf).get(work, '1', { cartId: 'CAR-000001' });
 */
export function createSuppliedParts(
  link: PartLink,
  pageOf: (all: readonly Entity[], query: Query) => Page,
): SuppliedItems {
  const { whole, part } = link;
  const settle = (work: Bookkeeper, scope: Entity): void => {
    const unstored = link.unstoredWhole(work, scope);
    if (unstored === undefined) return;
    // Those of which the whole is itself a part come first, and a list is stored as one.
    whole.supplied.settle(work, unstored);
    if (work.get(whole.collection, whole.keyOf(unstored)) === undefined) putSupplied(work, whole, unstored);
  };
  const names = Object.keys(link.below({}));
  return {
    get(work, id, scope) {
      const unstored = link.unstoredWhole(work, scope);
      return unstored && link.supplied(work, unstored).find((each) => String(part.idOf(each)) === id);
    },
    query(work, query, scope) {
      if (names.every((name) => scope[name] !== undefined)) {
        const unstored = link.unstoredWhole(work, scope);
        return unstored && pageOf(link.supplied(work, unstored), query);
      }
      const wholes = whole.supplied.query(work, {}, {});
      return (
        wholes &&
        pageOf(
          wholes.items.flatMap((each) => link.supplied(work, each)),
          query,
        )
      );
    },
    settle,
  };
}
