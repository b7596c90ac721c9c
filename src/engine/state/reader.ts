import type { Instant } from '../../lib/time.ts';
import type { ZoneOffsets } from '../../lib/time-zones.ts';
import type { Policies } from '../policies/policy.ts';
import type { RandomSource } from '../values/random.ts';
import type { Entity, Page, Query } from './store/store.ts';

/**
 * What a command reads the world through. Collections of resources are named `<system>/<Resource>`, for example
 * `connectx/Customer`; a system may keep others of its own under the same prefix.
 */
export interface Reader {
  readonly tenant: string;
  /** The virtual time, milliseconds since 1970. */
  readonly now: Instant;
  /** The same as ISO 8601 UTC with milliseconds. */
  readonly nowText: string;
  /** How many times as fast as the wall clock time goes; 0 where it stands still. */
  readonly pace: number;
  /** What the tenant decides where no contract does, complete and checked; each system reads its own part. */
  readonly policies: Policies;
  /** How far clocks are ahead of UTC where they are not. */
  readonly zoneOffsets: ZoneOffsets;

  get(collection: string, id: string): Entity | undefined;
  /** As `get`, but refuses with 404 in words that fit the resource. */
  need(collection: string, id: string): Entity;
  query(collection: string, query?: Query): Page;

  /** A reproducible source of chance for one purpose. */
  random(...purpose: readonly (string | number)[]): RandomSource;
  uuid(...purpose: readonly (string | number)[]): string;
  hex(length: number, ...purpose: readonly (string | number)[]): string;
}

/** A reader that can keep books: no rules, no messages. */
export interface Bookkeeper extends Reader {
  /** Stores bookkeeping that is no resource of a contract. */
  put(collection: string, id: string, entity: Entity): void;
  /** As `put`, but answers `false`, and leaves what is there, where the id is taken. */
  add(collection: string, id: string, entity: Entity): boolean;
  delete(collection: string, id: string): boolean;
}
