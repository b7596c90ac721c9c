/** What an entry of a record takes at least, whatever it says. */
const EACH = 512;
/** What it takes in a snapshot, which shares it with the record and with other snapshots. */
const EACH_SHARED = 32;

/** Something that holds bytes, and can let go of the oldest of them. */
export interface Holder {
  readonly bytes: number;
  /** Lets go of some of the oldest; nothing happens where there is none. */
  shed(): void;
}

/**
 * Bytes that several holders may hold together. Where they become too many, whoever holds most lets go of its oldest: so
 * one tenant cannot make another forget.
 *
 * @example
 * const altogether = new ByteBudget(512 * 2 ** 20);
 * const ofTenant = new ByteBudget(64 * 2 ** 20, altogether);
 */
export class ByteBudget implements Holder {
  readonly #limit: number;
  readonly #above: ByteBudget | undefined;
  readonly #holders = new Set<Holder>();
  #bytes = 0;
  #entries = 0;

  constructor(limit: number, above?: ByteBudget) {
    this.#limit = limit;
    this.#above = above;
    above?.join(this);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The same of a snapshot of what its holders have. */
  get sharedBytes(): number {
    return this.#bytes - this.#entries * (EACH - EACH_SHARED);
  }

  join(holder: Holder): void {
    this.#holders.add(holder);
  }

  /** Forgets a holder that is gone, with all that it held. */
  leave(): void {
    if (this.#above === undefined) return;
    this.#above.change(0 - this.#bytes, 0 - this.#entries);
    this.#above.#holders.delete(this);
  }

  /** Tells of bytes that a holder has taken up or let go of, in so many entries. */
  change(bytes: number, entries: number): void {
    this.#bytes += bytes;
    this.#entries += entries;
    this.#above?.change(bytes, entries);
    while (bytes > 0 && this.#bytes > this.#limit) {
      const before = this.#bytes;
      this.shed();
      if (this.#bytes >= before) return;
    }
  }

  /** Lets go of a part of everything, from whoever holds most. */
  shrink(part = 0.125): void {
    for (const target = this.#bytes * (1 - part); this.#bytes > target; ) {
      const before = this.#bytes;
      this.shed();
      if (this.#bytes >= before) return;
    }
  }

  shed(): void {
    let largest: Holder | undefined;
    for (const holder of this.#holders) if (holder.bytes > (largest?.bytes ?? 0)) largest = holder;
    largest?.shed();
  }
}

/** An entry that weighs more than a few words, by the number that its record counts it under. */
export interface Heavy {
  readonly number: number;
  readonly bytes: number;
}

/** Entries below this weigh no more than any. */
const LIGHT = 2_048;

/** Of a record that holds light entries for the most part, so many go at once: one in sixteen. */
const SOME = 16;

/** What a record lets its weight be watched by. */
export interface Weighed {
  /** How many entries it has. */
  count(): number;
  /** The number that an entry is counted under, by its place. */
  numberAt(place: number): number;
  /** Lets go of all entries up to and with a number. */
  drop(upTo: number): void;
}

/** What the entries of one record weigh, the heavy ones among them one by one, oldest first. */
export class Weight implements Holder {
  readonly #budget: ByteBudget;
  readonly #record: Weighed;
  #entries: Heavy[] = [];
  #first = 0;
  #heavy = 0;
  #count = 0;

  constructor(budget: ByteBudget, record: Weighed) {
    this.#budget = budget;
    this.#record = record;
    budget.join(this);
  }

  get bytes(): number {
    return this.#heavy + this.#count * EACH;
  }

  /** An entry has been added. */
  add(number: number, bytes: number): void {
    const heavy = bytes < LIGHT ? 0 : bytes;
    if (heavy > 0) this.#entries.push({ number, bytes });
    this.#heavy += heavy;
    this.#count += 1;
    this.#budget.change(heavy + EACH, 1);
  }

  shed(): void {
    if (this.#count === 0) return;
    const oldest = this.#entries[this.#first];
    const isHeavy = oldest !== undefined && this.#heavy > this.#count * EACH;
    this.#record.drop(isHeavy ? oldest.number : this.#record.numberAt(Math.ceil(this.#count / SOME) - 1));
  }

  /** The record has let go of all entries below a number. */
  forget(below: number): void {
    let freed = 0;
    for (let entry = this.#entries[this.#first]; entry !== undefined && entry.number < below; ) {
      freed += entry.bytes;
      this.#first += 1;
      entry = this.#entries[this.#first];
    }
    if (this.#first > 1_000) {
      this.#entries.splice(0, this.#first);
      this.#first = 0;
    }
    const gone = this.#count - this.#record.count();
    if (gone === 0 && freed === 0) return;
    this.#heavy -= freed;
    this.#count -= gone;
    // From 0, because V8 has counts that were -0 once as fractions.
    this.#budget.change(0 - freed - gone * EACH, 0 - gone);
  }

  snapshot(): readonly Heavy[] {
    return this.#entries.slice(this.#first);
  }

  /** The record has other entries now, of which these are heavy. */
  restore(entries: readonly Heavy[]): void {
    const before = this.bytes;
    this.#entries = entries.filter(({ bytes }) => bytes >= LIGHT);
    this.#first = 0;
    this.#heavy = this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const more = this.#record.count() - this.#count;
    this.#count += more;
    this.#budget.change(this.bytes - before, more);
  }
}
