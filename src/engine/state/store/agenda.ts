import { PersistentSet } from '../../../lib/persistent-set.ts';
import type { Entity } from './store.ts';

/**
 * The entities of a collection by a number that each of them has, such as the instant at which it is due, the least first. Those
 * with the same number stand together, in order of creation: as many timers as an operator has bills fall due at one
 * instant, and each is set, and fires or is cancelled, without a look at the others.
 *
 * It knows sequences alone, and does not copy: whoever copies a collection makes another when it is asked for.
 */
export class Agenda {
  readonly path: string;
  readonly #groups = new Map<number, Group>();
  /** The numbers that there are. */
  readonly #numbers = new PersistentSet<number>((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  #isWhole = true;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether each entity has one number there, so that it can answer for all of them. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Follows a change of the entity with this sequence. */
  follow(sequence: number, before: Entity | undefined, after: Entity | undefined): void {
    const was = before?.[this.path];
    const is = after?.[this.path];
    if (after !== undefined && (typeof is !== 'number' || Number.isNaN(is))) this.#isWhole = false;
    if (was === is || !this.#isWhole) return;
    if (before !== undefined) this.#remove(was as number, sequence);
    if (after !== undefined) this.#add(is as number, sequence);
  }

  /** The sequences of the first of them. */
  first(count: number): readonly number[] {
    const found: number[] = [];
    for (const number of this.#numbers.slice(0, count)) {
      this.#groups.get(number)?.collect(count, found);
      if (found.length === count) break;
    }
    return found;
  }

  #add(number: number, sequence: number): void {
    const group = this.#groups.get(number);
    if (group !== undefined) {
      group.add(sequence);
      return;
    }
    this.#groups.set(number, new Group(sequence));
    this.#numbers.add(number);
  }

  #remove(number: number, sequence: number): void {
    const group = this.#groups.get(number);
    if (group === undefined || group.remove(sequence) > 0) return;
    this.#groups.delete(number);
    this.#numbers.delete(number);
  }
}

/** Beyond so many places of those that have left, a group is written anew once they are most of it. */
const MOST_LEFT = 32;

/** Sequences in order. One that has left keeps its place, turned over (`~`), so that nothing has to move up. */
class Group {
  #places: number[];
  /** Where the first may stand that has not left. */
  #head = 0;
  #size = 1;

  constructor(sequence: number) {
    this.#places = [sequence];
  }

  add(sequence: number): void {
    const places = this.#places;
    const last = places.at(-1) as number;
    if (sequenceAt(last) < sequence) {
      places.push(sequence);
    } else {
      // Taken back: it stands where it stood.
      const at = this.#placeOf(sequence);
      if (places[at] === sequence) return;
      if (places[at] === ~sequence) places[at] = sequence;
      else places.splice(at, 0, sequence);
      this.#head = Math.min(this.#head, at);
    }
    this.#size += 1;
  }

  /** Answers how many are left. */
  remove(sequence: number): number {
    const places = this.#places;
    const at = places[this.#head] === sequence ? this.#head : this.#placeOf(sequence);
    if (places[at] !== sequence) return this.#size;
    places[at] = ~sequence;
    this.#size -= 1;
    while (this.#head < places.length && (places[this.#head] as number) < 0) this.#head += 1;
    if (places.length - this.#size > Math.max(MOST_LEFT, this.#size)) {
      this.#places = places.filter((place) => place >= 0);
      this.#head = 0;
    }
    return this.#size;
  }

  /** Adds its first to a list, until that has so many. */
  collect(count: number, found: number[]): void {
    const places = this.#places;
    for (let at = this.#head; at < places.length && found.length < count; at += 1) {
      const place = places[at] as number;
      if (place >= 0) found.push(place);
    }
  }

  /** Where a sequence stands, or would. */
  #placeOf(sequence: number): number {
    let low = this.#head;
    let high = this.#places.length;
    // What has been taken back may stand before all others.
    if (low > 0 && sequenceAt(this.#places[low - 1] as number) >= sequence) low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sequenceAt(this.#places[middle] as number) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function sequenceAt(place: number): number {
  return place < 0 ? ~place : place;
}
