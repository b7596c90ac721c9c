import { formatInstant, type Instant } from '../../lib/time.ts';
import type { ZoneOffsets } from '../../lib/time-zones.ts';
import { Refusal } from '../../model/command.ts';
import type { Policies } from '../policies/policy.ts';
import { policiesOf } from '../policies/tenant-policies.ts';
import type { Registry } from '../registry.ts';
import type { Chance, RandomSource } from '../values/random.ts';
import type { Entity, Page, Query, StoreReader } from './store/store.ts';
import type { ReadWork } from './work.ts';

/** What reading takes. */
export interface ReadParts {
  readonly registry: Registry;
  readonly tenant: string;
  readonly now: Instant;
  /** The same as text, where it has been written already. */
  readonly nowText?: string;
  /** Default: the clock stands still. */
  readonly pace?: number;
  readonly chance: Chance;
  readonly store: StoreReader;
}

/** The `ReadWork` of one command: it has nothing to write with. */
export class ReadUnit implements ReadWork {
  readonly #parts: ReadParts;
  #nowText: string | undefined;
  /** Asked for several times by most commands. */
  #policies: Policies | undefined;

  constructor(parts: ReadParts) {
    this.#parts = parts;
    this.#nowText = parts.nowText;
  }

  get tenant(): string {
    return this.#parts.tenant;
  }

  get now(): Instant {
    return this.#parts.now;
  }

  get nowText(): string {
    this.#nowText ??= formatInstant(this.#parts.now);
    return this.#nowText;
  }

  get pace(): number {
    return this.#parts.pace ?? 0;
  }

  get policies(): Policies {
    this.#policies ??= policiesOf(this, this.#parts.registry.policies);
    return this.#policies;
  }

  /** Lets it look again, because they have become others. */
  protected forgetPolicies(): void {
    this.#policies = undefined;
  }

  get zoneOffsets(): ZoneOffsets {
    return this.#parts.registry.zoneOffsets;
  }

  get registry(): Registry {
    return this.#parts.registry;
  }

  get(collection: string, id: string): Entity | undefined {
    return this.#parts.store.get(collection, id);
  }

  need(collection: string, id: string): Entity {
    const entity = this.get(collection, id);
    if (entity !== undefined) return entity;
    const name = collection.slice(collection.indexOf('/') + 1);
    throw new Refusal(404, 'NOT_FOUND', `Failed to find the ${name}: there is none with the id "${id}". Check the id.`);
  }

  query(collection: string, query?: Query): Page {
    return this.#parts.store.query(collection, query);
  }

  random(...purpose: readonly (string | number)[]): RandomSource {
    return this.#parts.chance.source(...purpose);
  }

  uuid(...purpose: readonly (string | number)[]): string {
    return this.#parts.chance.uuid(...purpose);
  }

  hex(length: number, ...purpose: readonly (string | number)[]): string {
    return this.#parts.chance.hex(length, ...purpose);
  }
}
