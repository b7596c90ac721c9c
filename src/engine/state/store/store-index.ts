import { LayeredMap } from '../../../lib/layered-map.ts';
import { PersistentArray } from '../../../lib/persistent-array.ts';
import { PersistentSet } from '../../../lib/persistent-set.ts';
import { valuesAt } from './filter.ts';
import type { Entity } from './store.ts';

/** Entities that have the same values, up to which they stand in a list of their own and not in a tree. */
export const FEW = 32;

/**
 * The entities of a collection sorted by some of their values, so that those with the same ones stand together. Most
 * groups are few, such as what belongs to one customer, and found by one look: they stand by themselves, unless they are sorted.
 */
export class Index {
  /** Set once a path has led to an array or object: an equality may then hold for a member, which no key shows. */
  hasNestedValues: boolean;
  readonly sortPath: string | undefined;
  readonly #paths: readonly string[];
  /** One path that leads through objects and arrays: an entity stands under each text found there. */
  readonly #isMultiValued: boolean;
  /** All keys of what is sorted. */
  #keys = new PersistentSet<IndexKey>(compareKeys);
  /** By group, of what is not. */
  #members = new PersistentArray<Group>();
  /** Who may change groups that are many in place; both sides of a copy are somebody else. */
  #owner: object = {};
  /** Groups are numbered as they come: in which order they stand is all the same, and numbers compare ten times as fast. */
  #groups = new LayeredMap();
  #nextGroup = 0;

  /** The paths are of the first level, unless the index is spread. */
  constructor(paths: readonly string[], sortPath: string | undefined, isMultiValued: boolean) {
    this.#paths = paths;
    this.sortPath = sortPath;
    this.#isMultiValued = isMultiValued;
    this.hasNestedValues = false;
  }

  clone(): Index {
    const copy = new Index(this.#paths, this.sortPath, this.#isMultiValued);
    copy.#keys = this.#keys.clone();
    copy.#members = this.#members.clone();
    this.#owner = {};
    copy.#groups = this.#groups.clone();
    copy.#nextGroup = this.#nextGroup;
    copy.hasNestedValues = this.hasNestedValues;
    return copy;
  }

  /** Follows a change of the entity with this sequence. */
  follow(sequence: number, before: Entity | undefined, after: Entity | undefined): void {
    if (this.#isMultiValued) {
      this.#followSpread(sequence, before, after);
      return;
    }
    if (before !== undefined && after !== undefined && this.#isSame(before, after)) return;
    if (before !== undefined) this.#remove(this.#groupOf(before), this.#rankOf(before), sequence);
    if (after === undefined) return;
    this.#add(this.#groupOf(after), this.#rankOf(after), sequence);
    for (const path of this.#paths) this.hasNestedValues ||= isNested(after[path]);
    if (this.sortPath !== undefined) this.hasNestedValues ||= isNested(after[this.sortPath]);
  }

  /** How many entities are in a group. */
  countOf(text: string): number {
    if (this.#paths.length === 0) return this.#keys.size;
    const number = this.#groups.get(text);
    if (number === undefined) return 0;
    if (this.sortPath !== undefined) {
      const [from, to] = this.#rangeOf(number);
      return to - from;
    }
    const group = this.#members.get(number);
    if (isMany(group)) return group.sequences.size;
    return typeof group === 'number' ? 1 : (group?.length ?? 0);
  }

  /** The sequences of all entities in a group, in order. */
  sequencesOf(text: string): readonly number[] {
    if (this.#paths.length === 0) return this.#keys.slice(0, this.#keys.size).map(sequenceOf);
    const number = this.#groups.get(text);
    if (number === undefined) return NO_SEQUENCES;
    if (this.sortPath !== undefined) {
      const first = { group: number, rank: BEFORE_ALL, sequence: 0 };
      return this.#keys.from(first, (key) => key.group === number).map(sequenceOf);
    }
    const group = this.#members.get(number);
    if (isMany(group)) return group.sequences.slice(0, group.sequences.size);
    return typeof group === 'number' ? [group] : (group ?? NO_SEQUENCES);
  }

  /** The sequences of up to `limit` entities in a group, without the first `offset`, and how many are in it. */
  page(text: string, offset: number, limit: number): IndexPage {
    if (this.#paths.length === 0) {
      return { sequences: this.#keys.slice(offset, limit).map(sequenceOf), total: this.#keys.size };
    }
    const number = this.#groups.get(text);
    if (number === undefined) return NO_PAGE;
    if (this.sortPath !== undefined) {
      const [from, to] = this.#rangeOf(number);
      const total = to - from;
      const count = Math.min(limit, total - offset);
      return { sequences: count <= 0 ? NO_SEQUENCES : this.#keys.slice(from + offset, count).map(sequenceOf), total };
    }
    const group = this.#members.get(number);
    if (isMany(group)) {
      return { sequences: group.sequences.slice(offset, limit), total: group.sequences.size };
    }
    const all = this.sequencesOf(text);
    return { sequences: all.slice(offset, offset + limit), total: all.length };
  }

  /** As `page`, of several groups as if they were one. */
  pageOfAny(texts: readonly string[], offset: number, limit: number): IndexPage {
    const filled = texts.filter((text) => this.countOf(text) > 0);
    const [only] = filled;
    if (only === undefined) return NO_PAGE;
    if (filled.length === 1) return this.page(only, offset, limit);
    const total = filled.reduce((sum, text) => sum + this.countOf(text), 0);
    const count = Math.min(limit, total - offset);
    if (count <= 0) return { sequences: NO_SEQUENCES, total };
    const first = this.#nth(filled, offset);
    // As many of each as there could be if the others had none.
    const found = filled.flatMap((text) => this.#sequencesFrom(text, first, count));
    return { sequences: found.sort((a, b) => a - b).slice(0, count), total };
  }

  /** The sequence in these groups before which so many others stand. */
  #nth(texts: readonly string[], offset: number): number {
    let low = 0;
    let high = Math.max(...texts.map((text) => this.#last(text)));
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      const upTo = texts.reduce((sum, text) => sum + this.#countBefore(text, middle + 1), 0);
      if (upTo > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #last(text: string): number {
    const { sequences } = this.page(text, this.countOf(text) - 1, 1);
    return sequences[0] as number;
  }

  /** How many in a group have a sequence below this one; only what is not sorted is asked for any of several. */
  #countBefore(text: string, sequence: number): number {
    const group = this.#members.get(this.#groups.get(text) as number);
    if (isMany(group)) return group.sequences.rank(sequence);
    return this.sequencesOf(text).filter((each) => each < sequence).length;
  }

  #sequencesFrom(text: string, sequence: number, count: number): readonly number[] {
    return this.page(text, this.#countBefore(text, sequence), count).sequences;
  }

  /** How many keys stand before those of a group, and how many up to its last. */
  #rangeOf(group: number): readonly [from: number, to: number] {
    const from = this.#keys.rank({ group, rank: BEFORE_ALL, sequence: 0 });
    return [from, this.#keys.rank({ group: group + 1, rank: BEFORE_ALL, sequence: 0 })];
  }

  #add(number: number, rank: string | number, sequence: number): void {
    if (this.sortPath !== undefined) {
      this.#keys.add({ group: number, rank, sequence });
      return;
    }
    const group = this.#members.get(number);
    if (group === undefined) {
      this.#members.set(number, sequence);
    } else if (typeof group === 'number') {
      if (group !== sequence) this.#members.set(number, group < sequence ? [group, sequence] : [sequence, group]);
    } else if (isMany(group)) {
      this.#owned(number, group).add(sequence);
    } else if (group.length < FEW) {
      this.#members.set(number, withSequence(group, sequence));
    } else {
      const many = { owner: this.#owner, sequences: new PersistentSet<number>(compareNumbers) };
      for (const each of withSequence(group, sequence)) many.sequences.add(each);
      this.#members.set(number, many);
    }
  }

  #remove(number: number, rank: string | number, sequence: number): void {
    if (this.sortPath !== undefined) {
      this.#keys.delete({ group: number, rank, sequence });
      return;
    }
    const group = this.#members.get(number);
    if (isMany(group)) {
      this.#owned(number, group).delete(sequence);
    } else if (group === sequence) {
      this.#members.delete(number);
    } else if (typeof group === 'object') {
      const left = group.filter((each) => each !== sequence);
      this.#members.set(number, left.length === 1 ? (left[0] as number) : left);
    }
  }

  /** The sequences of a group that are many, to be changed. */
  #owned(number: number, group: Many): PersistentSet<number> {
    if (group.owner === this.#owner) return group.sequences;
    const own = { owner: this.#owner, sequences: group.sequences.clone() };
    this.#members.set(number, own);
    return own.sequences;
  }

  #isSame(before: Entity, after: Entity): boolean {
    for (const path of this.#paths) if (before[path] !== after[path]) return false;
    return this.sortPath === undefined || before[this.sortPath] === after[this.sortPath];
  }

  #groupOf(entity: Entity): number {
    const paths = this.#paths;
    if (paths.length === 0) return 0;
    return this.#numberOf(keyPart(paths.length === 1 ? entity[paths[0] ?? ''] : paths.map((path) => entity[path])));
  }

  #rankOf(entity: Entity): string | number {
    return this.sortPath === undefined ? 0 : rankPart(entity[this.sortPath]);
  }

  #numberOf(text: string): number {
    const known = this.#groups.get(text);
    if (known !== undefined) return known;
    this.#groups.set(text, this.#nextGroup);
    this.#nextGroup += 1;
    return this.#nextGroup - 1;
  }

  #followSpread(sequence: number, before: Entity | undefined, after: Entity | undefined): void {
    const [path = ''] = this.#paths;
    const first = path.slice(0, path.indexOf('.'));
    if (before !== undefined && after !== undefined && before[first] === after[first]) return;
    const was = before === undefined ? NONE : spreadOf(before, path);
    const is = after === undefined ? NONE : spreadOf(after, path);
    for (const text of was) {
      if (!is.has(text)) this.#remove(this.#numberOf(text), 0, sequence);
    }
    for (const text of is) {
      if (!was.has(text)) this.#add(this.#numberOf(text), 0, sequence);
    }
  }
}

/** Entities with the same `group` stand together, sorted by `rank`, then in order of creation. */
interface IndexKey {
  readonly group: number;
  readonly rank: string | number;
  readonly sequence: number;
}

/** Some of a group, and how many it has. */
interface IndexPage {
  readonly sequences: readonly number[];
  readonly total: number;
}

const NO_SEQUENCES: readonly number[] = [];
const NO_PAGE: IndexPage = { sequences: NO_SEQUENCES, total: 0 };

/** What has the same values: the one sequence of it, a few in order, or many. */
type Group = number | readonly number[] | Many;

/** A group in a tree, which remembers who may change it in place. */
interface Many {
  readonly owner: object;
  readonly sequences: PersistentSet<number>;
}

function isMany(group: Group | undefined): group is Many {
  return typeof group === 'object' && !Array.isArray(group);
}

function sequenceOf({ sequence }: IndexKey): number {
  return sequence;
}

/** The list with one more, in order; as a rule it is the last. */
function withSequence(few: readonly number[], sequence: number): readonly number[] {
  let at = few.length;
  while (at > 0 && (few[at - 1] as number) > sequence) at -= 1;
  if (few[at - 1] === sequence) return few;
  return at === few.length ? [...few, sequence] : [...few.slice(0, at), sequence, ...few.slice(at)];
}

const BEFORE_ALL = Number.NEGATIVE_INFINITY;

/** Stands before what is no text, and between the values of several paths. */
const MARK = '\0';

/** Whether an equality with this value is one with a group: a text that finds only itself (others also have to find the numbers and booleans that they write). */
export function canBeGroup(value: unknown): value is string {
  if (typeof value !== 'string' || value === 'true' || value === 'false') return false;
  // What begins as numbers do: by its code, because every query asks.
  const first = value.charCodeAt(0);
  const isLikeNumber = (first >= ZERO && first <= NINE) || first === MINUS || first === PLUS || first === POINT;
  return !isLikeNumber && !value.includes(MARK);
}

const [ZERO, NINE, MINUS, PLUS, POINT] = ['0', '9', '-', '+', '.'].map((each) => each.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
];

/** What entities with these values share; texts stand for themselves. */
export function keyPart(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return MARK;
  if (!Array.isArray(value)) return `${MARK}${JSON.stringify(value)}`;
  if (value.length === 1) return keyPart(value[0]);
  if (value.length === 2) return groupOf(keyPart(value[0]), keyPart(value[1]));
  return value.map(keyPart).join(MARK);
}

/** What entities with these two values share, as `keyPart` writes it. */
export function groupOf(first: string, second: string): string {
  return `${first}${MARK}${second}`;
}

/** Sorts behind all values. */
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

function compareNumbers(a: number, b: number): number {
  return a - b;
}

function compareKeys(a: IndexKey, b: IndexKey): number {
  if (a.group !== b.group) return a.group - b.group;
  if (a.rank === b.rank) return a.sequence - b.sequence;
  if (typeof a.rank !== typeof b.rank) return typeof a.rank === 'number' ? -1 : 1;
  return a.rank < b.rank ? -1 : 1;
}
