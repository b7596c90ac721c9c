import { isDeepStrictEqual } from 'node:util';
import type { Change } from './change.ts';
import type { Entity } from './store/store.ts';
import type { PartLink, StoredResource } from './stored-resource.ts';
import type { Work } from './work.ts';

/** Keeps wholes and their parts the same, whichever of the two a piece of work changes. */
export class PartsKeeper {
  /** Wholes at work just now: what is done to their parts need not be told to them. */
  readonly #busy = new Set<string>();

  /** Makes the parts of a stored whole what its arrays say, and the arrays what has come of that. */
  keep(work: Work, entry: StoredResource, stored: Entity, lists: Entity): Entity {
    const key = entry.keyOf(stored);
    const shown = this.#on(entry, key, () =>
      entry.parts.map((link) => keepParts(work, link, stored, lists[link.list] ?? stored[link.list])),
    );
    if (shown === undefined) return stored;
    const whole = entry.inOrder(
      entry.parts.reduce((known, link, index) => withList(link, known, shown[index] ?? []), stored),
    );
    work.put(entry.collection, key, whole);
    return whole;
  }

  /** Removes the parts of a whole that is about to be removed. */
  removeAll(work: Work, entry: StoredResource, whole: Entity): void {
    this.#on(entry, entry.keyOf(whole), () => {
      for (const link of entry.parts) keepParts(work, link, whole, []);
    });
  }

  /** Shows what has become of a part in the whole that has it. */
  show(work: Work, link: PartLink, change: Change): void {
    const { whole } = link;
    const key = link.wholeKey(change.after ?? change.before ?? {});
    this.#on(whole, key, () => {
      const before = work.get(whole.collection, key);
      if (before === undefined) return;
      const after = withList(link, before, withPart(work, link, before, change));
      work.replace(whole.collection, key, after, change.context);
    });
  }

  #on<T>({ collection }: StoredResource, key: string, act: () => T): T | undefined {
    const name = `${collection}/${key}`;
    if (this.#busy.has(name)) return undefined;
    this.#busy.add(name);
    const result = act();
    this.#busy.delete(name);
    return result;
  }
}

/** A whole with what its array shows; one that may be left out and not be empty is left out where nothing is in it. */
function withList({ whole, list, mayBeEmpty }: PartLink, entity: Entity, items: readonly Entity[]): Entity {
  if (items.length > 0 || mayBeEmpty || whole.isRequired(list)) return { ...entity, [list]: items };
  return Object.fromEntries(Object.entries(entity).filter(([name]) => name !== list));
}

/** What a new whole is before its parts are there. A list that may not be empty and was not sent is made as all that is. */
export function withoutParts({ parts }: StoredResource, draft: Entity): Entity {
  const emptied = parts.filter(({ list, mayBeEmpty }) => mayBeEmpty || draft[list] !== undefined);
  return { ...draft, ...Object.fromEntries(emptied.map(({ list }) => [list, []])) };
}

/**
 * Makes the parts of a whole what its array says: those that it has by their ids are changed, or else by being the same;
 * the others are new, and what it has no more is removed. Answers the array as it is then, with the ids of new ones.
 *
 * @example keepParts(work, link, cart, cart.items); // [{ id: 'ITE-000001', … }]
 */
function keepParts(work: Work, link: PartLink, whole: Entity, list: unknown): readonly Entity[] {
  const { part } = link;
  const left = new Map(
    work.query(part.collection, { filter: link.filter(whole) }).items.map((each) => [part.keyOf(each), each]),
  );
  const items = Array.isArray(list) ? list.filter(isObject) : [];
  const known = items.map((item) => takeKnown(work, link, whole, item, left));
  for (const each of left.values()) work.remove(part.collection, part.keyOf(each));
  return items.map((item, index) => {
    const before = known[index];
    if (before === undefined) {
      const draft = { ...link.draft(item), ...link.below(whole) };
      return link.show(work, work.create(part.collection, draft));
    }
    if (isDeepStrictEqual(link.show(work, before), item)) return item;
    const after = { ...link.staying(before), ...link.draft(item), ...link.below(whole) };
    return link.show(work, work.replace(part.collection, part.keyOf(before), after));
  });
}

/**
 * The array of a whole after one of its parts has been made, changed or removed; the others stay where they are in it.
 *
 * @example withPart(work, link, cart, { after: line });
 */
function withPart(work: Work, link: PartLink, whole: Entity, { before, after }: Change): readonly Entity[] {
  const { part, list, showsIds } = link;
  if (!showsIds) {
    return work.query(part.collection, { filter: link.filter(whole) }).items.map((each) => link.show(work, each));
  }
  const items = Array.isArray(whole[list]) ? (whole[list] as readonly Entity[]) : [];
  const id = part.idOf(after ?? before ?? {});
  const shown = after === undefined ? [] : [link.show(work, after)];
  const index = items.findIndex((item) => part.idOf(item) === id);
  return index < 0 ? [...items, ...shown] : [...items.slice(0, index), ...shown, ...items.slice(index + 1)];
}

/** The part that an item of the array means, taken out of those that are left. */
function takeKnown(
  work: Work,
  link: PartLink,
  whole: Entity,
  item: Entity,
  left: Map<string, Entity>,
): Entity | undefined {
  const { part, showsIds } = link;
  const id = showsIds ? part.idOf(item) : undefined;
  const key =
    id === undefined
      ? [...left].find(([, each]) => !showsIds && isDeepStrictEqual(link.show(work, each), item))?.[0]
      : part.keyFor(String(id), link.below(whole));
  const found = key === undefined ? undefined : left.get(key);
  if (key !== undefined) left.delete(key);
  return found;
}

function isObject(value: unknown): value is Entity {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
