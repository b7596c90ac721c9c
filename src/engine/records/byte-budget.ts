/** Something that holds bytes, and can let go of the oldest of them. */
export interface Holder {
  readonly bytes: number;
  /** Lets go of the oldest; nothing happens where there is none. */
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

  constructor(limit: number, above?: ByteBudget) {
    this.#limit = limit;
    this.#above = above;
    above?.join(this);
  }

  get bytes(): number {
    return this.#bytes;
  }

  join(holder: Holder): void {
    this.#holders.add(holder);
  }

  /** Forgets a holder that is gone, with all that it held. */
  leave(): void {
    if (this.#above === undefined) return;
    this.#above.change(-this.#bytes);
    this.#above.#holders.delete(this);
  }

  /** Tells of bytes that a holder has taken up or let go of. */
  change(bytes: number): void {
    this.#bytes += bytes;
    this.#above?.change(bytes);
    while (bytes > 0 && this.#bytes > this.#limit) {
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

/** Entries below this are bounded by their number alone. */
const LIGHT = 2_048;

/** The heavy entries of one record, oldest first. The record drops entries when it is told to. */
export class HeavyEntries implements Holder {
  readonly #budget: ByteBudget;
  readonly #drop: (upTo: number) => void;
  #entries: Heavy[] = [];
  #first = 0;
  #bytes = 0;

  /** `drop` lets go of all entries up to and with a number. */
  constructor(budget: ByteBudget, drop: (upTo: number) => void) {
    this.#budget = budget;
    this.#drop = drop;
    budget.join(this);
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(number: number, bytes: number): void {
    if (bytes < LIGHT) return;
    this.#entries.push({ number, bytes });
    this.#bytes += bytes;
    this.#budget.change(bytes);
  }

  shed(): void {
    const oldest = this.#entries[this.#first];
    if (oldest !== undefined) this.#drop(oldest.number);
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
    if (freed === 0) return;
    this.#bytes -= freed;
    this.#budget.change(-freed);
  }

  snapshot(): readonly Heavy[] {
    return this.#entries.slice(this.#first);
  }

  restore(entries: readonly Heavy[]): void {
    this.forget(Number.POSITIVE_INFINITY);
    for (const { number, bytes } of entries) this.add(number, bytes);
  }
}
