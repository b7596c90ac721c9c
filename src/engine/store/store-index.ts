import { PersistentSet } from '../../lib/persistent-set.ts';
import { valuesAt } from './filter.ts';
import type { Entity } from './store.ts';

/** The entities of a collection sorted by some of their values, so that those with the same ones stand together. */
export class Index {
  /** Set once a path has led to an array or object: an equality may then hold for a member, which no key shows. */
  isVague: boolean;
  readonly sortPath: string | undefined;
  readonly #paths: readonly string[];
  /** One path that leads through objects and arrays: an entity stands under each text found there. */
  readonly #isSpread: boolean;
  readonly #keys: PersistentSet<IndexKey>;

  /** The paths are of the first level, unless the index is spread. */
  constructor(
    paths: readonly string[],
    sortPath: string | undefined,
    isSpread: boolean,
    keys = new PersistentSet<IndexKey>(compareKeys),
    isVague = false,
  ) {
    this.#paths = paths;
    this.sortPath = sortPath;
    this.#isSpread = isSpread;
    this.#keys = keys;
    this.isVague = isVague;
  }

  clone(): Index {
    return new Index(this.#paths, this.sortPath, this.#isSpread, this.#keys.clone(), this.isVague);
  }

  /** Follows a change of the entity with this sequence. */
  follow(sequence: number, before: Entity | undefined, after: Entity | undefined): void {
    if (this.#isSpread) {
      this.#followSpread(sequence, before, after);
      return;
    }
    if (before !== undefined && after !== undefined && this.#isSame(before, after)) return;
    if (before !== undefined) this.#keys.delete(this.#keyOf(sequence, before));
    if (after === undefined) return;
    this.#keys.add(this.#keyOf(sequence, after));
    for (const path of this.#paths) this.isVague ||= isNested(after[path]);
    if (this.sortPath !== undefined) this.isVague ||= isNested(after[this.sortPath]);
  }

  /** How many keys stand before those of a group. */
  startOf(group: string): number {
    return this.#isOneGroup ? 0 : this.#keys.rank({ group, rank: BEFORE_ALL, sequence: 0 });
  }

  /** How many keys stand up to the last of a group. */
  endOf(group: string): number {
    return this.#isOneGroup ? this.#keys.size : this.#keys.rank({ group, rank: AFTER_ALL, sequence: 0 });
  }

  /** An index that only sorts has all entities in one. */
  get #isOneGroup(): boolean {
    return this.#paths.length === 0;
  }

  slice(rank: number, count: number): readonly IndexKey[] {
    return this.#keys.slice(rank, count);
  }

  #isSame(before: Entity, after: Entity): boolean {
    for (const path of this.#paths) if (before[path] !== after[path]) return false;
    return this.sortPath === undefined || before[this.sortPath] === after[this.sortPath];
  }

  #keyOf(sequence: number, entity: Entity): IndexKey {
    const paths = this.#paths;
    const group = paths.length === 1 ? keyPart(entity[paths[0] ?? '']) : keyPart(paths.map((path) => entity[path]));
    const rank = this.sortPath === undefined ? 0 : rankPart(entity[this.sortPath]);
    return { group, rank, sequence };
  }

  #followSpread(sequence: number, before: Entity | undefined, after: Entity | undefined): void {
    const [path = ''] = this.#paths;
    const was = before === undefined ? NONE : spreadOf(before, path);
    const is = after === undefined ? NONE : spreadOf(after, path);
    for (const group of was) if (!is.has(group)) this.#keys.delete({ group, rank: 0, sequence });
    for (const group of is) if (!was.has(group)) this.#keys.add({ group, rank: 0, sequence });
  }
}

/** Entities with the same `group` stand together, sorted by `rank`, then in order of creation. */
export interface IndexKey {
  readonly group: string;
  readonly rank: string | number;
  readonly sequence: number;
}

const BEFORE_ALL = Number.NEGATIVE_INFINITY;

/** Numbers sort before texts, and no text starts with this. */
const AFTER_ALL = '\u{10FFFF}\u{10FFFF}';

/** Stands before what is no text, and between the values of several paths. */
const MARK = '\0';

/** Whether an equality with this value is one with a group: a text that finds only itself (others also have to find the numbers and booleans that they write). */
export function canBeGroup(value: unknown): value is string {
  return typeof value === 'string' && !/^(true|false|[-+.\d].*)$/.test(value) && !value.includes(MARK);
}

/** What entities with these values share; texts stand for themselves. */
export function keyPart(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return MARK;
  if (!Array.isArray(value)) return `${MARK}${JSON.stringify(value)}`;
  return value.length === 1 ? keyPart(value[0]) : value.map(keyPart).join(MARK);
}

/** Sorts behind all values, and before `AFTER_ALL`. */
const ABSENT_LAST = '\u{10FFFF}';

function rankPart(value: unknown): string | number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? `"${value}` : value === undefined ? ABSENT_LAST : `:${JSON.stringify(value)}`;
}

const NONE: ReadonlySet<string> = Object.freeze(new Set<string>());

function spreadOf(entity: Entity, path: string): ReadonlySet<string> {
  return new Set(valuesAt(entity, path).filter((value) => typeof value === 'string'));
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function compareKeys(a: IndexKey, b: IndexKey): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  if (a.rank === b.rank) return a.sequence - b.sequence;
  if (typeof a.rank !== typeof b.rank) return typeof a.rank === 'number' ? -1 : 1;
  return a.rank < b.rank ? -1 : 1;
}
