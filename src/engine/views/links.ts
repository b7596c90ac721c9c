import { equals } from '../state/store/filter.ts';
import type { Entity } from '../state/store/store.ts';
import type { ReadWork } from '../state/work.ts';
import { getOf, type ShownEntry, storedBy, storedOf, titleOf, unlessTooCostly } from './look-up.ts';

/** A thing that another names, or that names it. */
export interface Link {
  /** Where the id stands, as a dotted path. */
  readonly rel: string;
  /** `out`: it stands in the thing itself; `in`: in the other. */
  readonly direction: 'out' | 'in';
  readonly collection: string;
  readonly id: string;
  readonly title: string;
}

/** What leads from a thing, and how much of it was left out. */
export interface LinkList {
  readonly links: readonly Link[];
  readonly omitted: number;
}

/** Things that name a thing in the same place, shown with it. */
const MOST_OF_A_KIND = 50;
/** Of the oldest and of the newest of each collection: what is looked at to learn where references stand. */
const SAMPLE = 10;
/** Values of one thing that are looked at, and of each of those that are learnt from. */
const MOST_VALUES = 500;
const MOST_LEARNT = 100;
const DEEPEST = 8;
/** A shorter text may be the id of something by chance. */
const SHORTEST_ID = 6;

/**
 * Finds what belongs together, across systems, by what the contracts and the things themselves show: a value is a
 * reference where something stored has it for its id, and where it stands under a name for that id or is too long and
 * too odd to be the same by chance. Where a system's things hold references is learnt from some of them, and what is
 * behind is found by index, so that it costs the same in a world of a hundred thousand customers.
 *
 * Made for one answer: it remembers what it has learnt.
 *
 * @example new Links(work, registry.resources).of(registry.resource('connectx/Customer'), 'CUS-000001', customer);
 */
export class Links {
  readonly #work: ReadWork;
  readonly #resources: readonly ShownEntry[];
  readonly #targets: readonly ShownEntry[];
  #places: ReadonlyMap<string, readonly Place[]> | undefined;

  constructor(work: ReadWork, resources: readonly ShownEntry[]) {
    this.#work = work;
    this.#resources = resources;
    // The key of any other says more than its id.
    this.#targets = resources.filter(({ resource }) => resource.isScopedId !== true && resource.isSingleton !== true);
  }

  of(entry: ShownEntry, id: string, entity: Entity): LinkList {
    const outward = this.#outward(entry, id, entity);
    const known = new Set(outward.map(({ collection, id: other }) => `${collection}/${other}`));
    const inward: Link[] = [];
    let omitted = 0;
    for (const { source, path } of this.#placesOf(entry.collection)) {
      const filter = equals(path, entry.idOf(entity) ?? id);
      const { items, total } = unlessTooCostly(
        () => storedOf(this.#work, source, { filter, limit: MOST_OF_A_KIND }),
        () => NOTHING,
      );
      omitted += total - items.length;
      for (const other of items) {
        const key = source.keyOf(other);
        if (source === entry && key === id) continue;
        if (known.has(`${source.collection}/${key}`)) continue;
        inward.push(linkTo(source, other, path, 'in'));
      }
    }
    return { links: [...outward, ...inward], omitted };
  }

  #outward(entry: ShownEntry, id: string, entity: Entity): readonly Link[] {
    const found = new Map<string, Link>();
    for (const { path, name, value } of valuesIn(entity, MOST_VALUES)) {
      for (const target of this.#targets) {
        if (target === entry && value === id) continue;
        const link = this.#reference(entry, target, path, name, value);
        if (link !== undefined) found.set(`${link.collection}/${link.id}`, link);
      }
    }
    return [...found.values()];
  }

  #reference(from: ShownEntry, target: ShownEntry, path: string, name: string, value: string): Link | undefined {
    const isNamed = from.resource.system === target.resource.system && bare(name) !== 'id' && target.isId(name);
    if (!isNamed && !isDistinctive(value)) return undefined;
    const other = isNamed ? getOf(this.#work, target, value) : storedBy(this.#work, target, value);
    return other === undefined ? undefined : linkTo(target, other, path, 'out');
  }

  /** Where references to things of a collection stand. */
  #placesOf(collection: string): readonly Place[] {
    this.#places ??= this.#learnPlaces();
    return this.#places.get(collection) ?? [];
  }

  #learnPlaces(): ReadonlyMap<string, readonly Place[]> {
    const places = new Map<string, Map<string, Place>>();
    const add = (target: ShownEntry, source: ShownEntry, path: string): void => {
      const of = places.get(target.collection) ?? new Map<string, Place>();
      places.set(target.collection, of.set(`${source.collection} ${path}`, { source, path }));
    };
    for (const source of this.#resources) {
      const { schema } = source.resource;
      for (const name of this.#work.registry.schemas.members(schema).keys())
        for (const target of this.#targets)
          if (
            target !== source &&
            target.resource.system === source.resource.system &&
            bare(name) !== 'id' &&
            target.isId(name)
          )
            add(target, source, name);
      const { items, total } = storedOf(this.#work, source, { limit: SAMPLE });
      const newest = total > SAMPLE ? storedOf(this.#work, source, { offset: total - SAMPLE, limit: SAMPLE }) : NOTHING;
      for (const entity of [...items, ...newest.items]) {
        const key = source.keyOf(entity);
        for (const { path, name, value } of valuesIn(entity, MOST_LEARNT))
          for (const target of this.#targets) {
            const isItself = target === source && value === key;
            if (!isItself && this.#reference(source, target, path, name, value) !== undefined)
              add(target, source, path);
          }
      }
    }
    return new Map([...places].map(([collection, of]) => [collection, [...of.values()]]));
  }
}

/** Where a reference stands in the things of one kind. */
interface Place {
  readonly source: ShownEntry;
  readonly path: string;
}

interface ValueAt {
  /** As `valuesAt` takes it: members of arrays have no number. */
  readonly path: string;
  /** The last property on the way. */
  readonly name: string;
  readonly value: string;
}

const NOTHING = { items: [], total: 0 } as const;

function linkTo(entry: ShownEntry, entity: Entity, rel: string, direction: Link['direction']): Link {
  const id = entry.keyOf(entity);
  return { rel: rel.replaceAll('$', ''), direction, collection: entry.collection, id, title: titleOf(entity, id) };
}

/** A text with a digit that is no time, no amount and no address. */
function isDistinctive(value: string): boolean {
  return (
    value.length >= SHORTEST_ID &&
    value.length <= 200 &&
    /\d/.test(value) &&
    !/^\d{4}-\d\d-\d\d|^[\d.]+$|[/\s]/.test(value)
  );
}

function* valuesIn(entity: Entity, most: number): Generator<ValueAt> {
  let left = most;
  function* walk(value: unknown, path: string, name: string, depth: number): Generator<ValueAt> {
    if (left <= 0 || depth > DEEPEST) return;
    if (typeof value === 'string' || typeof value === 'number') {
      left -= 1;
      if (value !== '') yield { path, name, value: String(value) };
    } else if (Array.isArray(value)) {
      for (const member of value) yield* walk(member, path, name, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      // A dot in a name would lead elsewhere.
      for (const [key, member] of Object.entries(value))
        if (!key.includes('.')) yield* walk(member, path === '' ? key : `${path}.${key}`, key, depth + 1);
    }
  }
  yield* walk(entity, '', '', 0);
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
