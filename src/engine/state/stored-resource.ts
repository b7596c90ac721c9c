import type { Move } from '../../model/lifecycle.ts';
import type { Operation } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import type { RandomSource } from '../values/random.ts';
import type { Change } from './change.ts';
import type { Bookkeeper, Reader } from './reader.ts';
import type { Filter } from './store/filter.ts';
import type { Entity, Page, Query } from './store/store.ts';

/** What is known of the stored things of one kind, worked out once; the rules of a system are joined to it later. */
export interface StoredResource {
  readonly resource: Resource;
  /** Where its entities are stored, `<system>/<Resource>`. */
  readonly collection: string;
  /** Properties that are sent whatever a client selects. */
  readonly alwaysSent: readonly string[];
  readonly children: readonly (StoredResource & { readonly parentProperty: string })[];
  /** What shows it in an array of its own, and what it shows in such arrays. */
  readonly whole?: PartLink | undefined;
  readonly parts: readonly PartLink[];
  /** Where in an entity its id stands: property names from the outside in. */
  readonly idPath: readonly string[];
  /** Whether an entity goes out as it is stored. */
  readonly isShownAsStored: boolean;
  idOf(entity: Entity): unknown;
  /** Whether an id can stand in the path of an item. */
  fitsPath(id: unknown): boolean;
  /** An entity that has this id, as its schema writes it, and nothing else. */
  withId(id: string): Entity;
  /** The key under which an entity is stored. */
  keyOf(entity: Entity): string;
  /** The key of an id, within what else a path says. */
  keyFor(id: string, scope: Entity): string;
  /** A text from a path as the schema of a property wants it. */
  typed(property: string, text: string): unknown;
  /** The items that no operation creates. */
  readonly supplied: SuppliedItems;
  /** The id of one that there is, by how many come before it. */
  seedId(work: Reader, index: number): unknown;
  /** Whether the contract has a property of this name; clients may store others. */
  declares(name: string): boolean;
  /** The property of this name, whatever its casing and separators. */
  propertyLike(name: string): string | undefined;
  /** Whether a name is one by which contracts call the id of this thing. */
  isId(name: string): boolean;
  isRequired(name: string): boolean;
  /** What the requests of this operation call the id, where a client may choose it. */
  idNameIn(operation: Operation): string | undefined;
  /** An entity without what is stored beside it; always the same object for the same entity. */
  show(entity: Entity): Entity;
  /** The form on the wire. */
  present(entity: Entity): Entity;
  /** The properties that an operation's client cannot set; `path` leads to the thing in its request. */
  readOnlyFor(operation: Operation, path?: readonly string[]): readonly string[];
  /** What a request has of a thing, in the words in which the thing is stored; `path` leads to it in the request. */
  fitted(work: Reader, operation: Operation, path: readonly string[], sent: Entity): Entity;
  /** A new entity in the contract's order: what the server owns, else what the draft says, else what all begin with. */
  compose(owned: ServerValues, draft: Entity): Entity;
  /** The same entity with its properties in the contract's order, further ones behind, and when it was last updated. */
  inOrder(entity: Entity, owned?: Pick<ServerValues, 'updated'>): Entity;
  /** An id where no rule makes one: one that fits its schema. */
  newId(facts: IdFacts): string | number;
  /** The path of an item. */
  hrefOf(entity: Entity, id: unknown): string | undefined;
  /** The move of the life cycle that a change makes; refuses one that it does not have. */
  checkMove(before: Entity, after: Entity): Move | undefined;
  /** What a move of its life cycle is counted as, which is written once. */
  nameOfMove(move: Move): string;
  /** The channels that announce a change. */
  channelsFor(change: Change): readonly string[];
}

/** What the server sets in an entity by itself, whatever its contract calls it. */
export interface ServerValues {
  readonly id?: unknown;
  readonly created?: unknown;
  readonly updated?: unknown;
  readonly href?: string;
}

/** The items of a kind of thing that no request has made. */
export interface SuppliedItems {
  /** The item that a path names: one of the handful, or, where nothing lists them, whatever it names. */
  get(work: Reader, id: string, scope: Entity): Entity | undefined;
  /** Those of a list; `undefined` where the store has all there are. */
  query(work: Reader, query: Query, scope: Entity): Page | undefined;
  /** Stores those of one list, before something in it changes. */
  settle(work: Bookkeeper, scope: Entity): void;
}

/** What a new id can be made of. */
export interface IdFacts {
  /** How many there have been in the collection, this one included. */
  readonly number: number;
  uuid(): string;
  hex(length: number): string;
  random(attempt: number): RandomSource;
  isTaken(id: string): boolean;
}

/** Joins a kind of thing to the array of the whole that shows it. */
export interface PartLink {
  readonly whole: StoredResource;
  readonly part: StoredResource;
  /** The property of the whole with the array. */
  readonly list: string;
  /** Whether the array shows the ids of its parts. */
  readonly showsIds: boolean;
  /** Whether the array may be empty. */
  readonly mayBeEmpty: boolean;
  /** The key of the whole that has a part. */
  wholeKey(part: Entity): string;
  /** The whole of a part, or of a path to its parts, where the store does not have it. */
  unstoredWhole(work: Reader, part: Entity): Entity | undefined;
  /** What all parts of a whole have of it. */
  below(whole: Entity): Entity;
  /** What finds the parts of a whole in the store. */
  filter(whole: Entity): Filter | undefined;
  /** A part as the array shows it. */
  show(work: Reader, part: Entity): Entity;
  /** What a client says of a part in the array, without what only the server knows. */
  draft(item: Entity): Entity;
  /** What stays of a part whatever the array says of it. */
  staying(part: Entity): Entity;
  /** The parts of a whole that no request has made. */
  supplied(work: Reader, whole: Entity): readonly Entity[];
}
