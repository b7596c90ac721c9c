import { Refusal } from '../../model/command.ts';
import type { KeptEntry } from '../kept-entry.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import { allOf, matches } from '../state/store/filter.ts';
import type { Entity, Page, Query, StoreReader } from '../state/store/store.ts';
import type { ReadWork } from '../state/work.ts';

/** A kind of thing that people look at: a resource, or what a system's code keeps by itself. */
export type ShownEntry = ResourceEntry & Partial<Pick<KeptEntry, 'stored'>>;

/** All of a kind that there are, those that no request has made among them. */
export function queryOf(work: ReadWork, entry: ShownEntry, query: Query): Page {
  return entry.supplied.query(work, query, {}) ?? storedOf(work, entry, query);
}

/** One of a kind by its key, if it is there. */
export function getOf(work: ReadWork, entry: ShownEntry, id: string): Entity | undefined {
  return storedBy(work, entry, id) ?? entry.supplied.get(work, id, {});
}

/** Those of a kind that are stored, wherever that is. */
export function storedOf(reader: StoreReader, { collection, stored }: ShownEntry, query: Query = {}): Page {
  if (stored === undefined) return reader.query(collection, query);
  return reader.query(stored.collection, { ...query, filter: allOf(stored.filter, query.filter) });
}

/** One of a kind by its key, if it is stored. */
export function storedBy(reader: StoreReader, { collection, stored }: ShownEntry, id: string): Entity | undefined {
  if (stored === undefined) return reader.get(collection, id);
  const entity = reader.get(stored.collection, id);
  return entity === undefined || stored.filter === undefined || matches(stored.filter, entity) ? entity : undefined;
}

/**
 * What a thing is called by people, for lists of unlike things.
 *
 * @example titleOf({ customerId: 'CUS-1', firstName: 'Ann', lastName: 'Lee' }, 'CUS-1') // 'Ann Lee'
 */
export function titleOf(entity: Entity, id: string): string {
  const texts = new Map(Object.entries(entity).filter((each): each is [string, string] => isTitle(each[1])));
  const full = [texts.get('firstName') ?? texts.get('givenName'), texts.get('lastName') ?? texts.get('familyName')];
  const person = full.filter((part) => part !== undefined).join(' ');
  if (person !== '') return person;
  const named = ['name', 'title', 'displayName'].find((name) => texts.has(name));
  const ending = (suffix: RegExp) => [...texts.keys()].find((name) => suffix.test(name));
  return texts.get(named ?? ending(/name$/i) ?? ending(/number$/i) ?? '') ?? id;
}

/** The answer of a query that would look at too much, in place of its refusal. */
export function unlessTooCostly<T>(ask: () => T, otherwise: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Refusal && error.code === 'QUERY_TOO_COSTLY') return otherwise();
    throw error;
  }
}

const LONGEST_TITLE = 200;

function isTitle(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TITLE;
}
