/**
 * A map from texts to numbers that copies in constant time. What a map and its copies share lies in layers that none of
 * them changes any more; what each has written since lies in a layer of its own.
 *
 * Layers of like size are joined, so that their number grows with the logarithm of how much is written between copies. Large
 * ones are joined little by little, by whoever writes next: a copy is made while others wait. Values are numbers from 0 up.
 *
 * @example
 * const map = new LayeredMap();
 * map.set('one', 1);
 * map.clone().get('one'); // 1
 */
export class LayeredMap {
  /** Made with the first write: most copies are only read. */
  #own: Layer | undefined;
  /** Newest first. */
  #shared: readonly Layer[] = [];
  /** Whether some of them may still be being joined. */
  #isJoining = false;

  get(key: string): number | undefined {
    let value = this.#own?.get(key);
    for (let layer = 0; value === undefined && layer < this.#shared.length; layer += 1) {
      value = this.#shared[layer]?.get(key);
    }
    return value === REMOVED ? undefined : value;
  }

  set(key: string, value: number): void {
    this.#goOn();
    this.#own ??= new Layer();
    this.#own.set(key, value);
  }

  delete(key: string): void {
    this.#goOn();
    // Only what lies in a layer below has to be hidden: what comes and goes, as timers do, leaves nothing behind.
    if (!this.#isShared(key)) {
      this.#own?.delete(key);
      return;
    }
    this.#own ??= new Layer();
    this.#own.set(key, REMOVED);
  }

  #isShared(key: string): boolean {
    for (const layer of this.#shared) if (layer.get(key) !== undefined) return true;
    return false;
  }

  /** All entries, in no order. */
  *entries(): Generator<readonly [string, number]> {
    const seen = new Set<string>();
    for (const layer of this.#layers) {
      for (const [key] of layer.entries()) {
        if (seen.has(key)) continue;
        seen.add(key);
        const value = this.get(key);
        if (value !== undefined) yield [key, value];
      }
    }
  }

  /** An independent map with the same entries. */
  clone(): LayeredMap {
    if (this.#own !== undefined && this.#own.size > 0) {
      this.#shared = joined(this.#layers);
      this.#own = undefined;
      this.#isJoining = this.#shared.some(({ isJoining }) => isJoining);
    }
    const copy = new LayeredMap();
    copy.#shared = this.#shared;
    copy.#isJoining = this.#isJoining;
    return copy;
  }

  /** Newest first. */
  get #layers(): readonly Layer[] {
    return this.#own === undefined ? this.#shared : [this.#own, ...this.#shared];
  }

  /** Joins a little more of what is being joined below. */
  #goOn(): void {
    if (!this.#isJoining) return;
    const layer = this.#shared.find(({ isJoining }) => isJoining);
    if (layer === undefined) this.#isJoining = false;
    else layer.goOn();
  }
}

/** Stands for an entry of a layer below that is no more. */
const REMOVED = -1;

/** Entries up to which layers are joined at once, and how many of larger ones with each write. */
const FEW = 2_000;
const EACH_TIME = 8;

/**
 * A map that knows between which keys its own lie. Ids are counted up, so that those of one layer stand behind those of the
 * layer below: to compare two texts takes less than to look into a large map in vain.
 */
class Layer {
  #values = new Leaves();
  #first = BEHIND_ALL;
  #last = '';
  /** What it is being joined of; looked into in its place until then. */
  #parts: Parts | undefined;

  /** Two layers in one: what the upper one says holds. Below the lowest there is nothing that a removed entry has to hide. */
  static of(upper: Layer, lower: Layer, isLowest: boolean): Layer {
    const both = new Layer();
    both.#first = upper.#first < lower.#first ? upper.#first : lower.#first;
    both.#last = upper.#last > lower.#last ? upper.#last : lower.#last;
    if (upper.size + lower.size > FEW) {
      both.#parts = { upper, lower, left: joinedEntries(upper, lower, isLowest) };
      return both;
    }
    for (const [key, value] of joinedEntries(upper, lower, isLowest)) both.#values.set(key, value);
    return both;
  }

  /** How many entries it has, or at the most while it is being joined. */
  get size(): number {
    return this.#parts === undefined ? this.#values.size : this.#parts.upper.size + this.#parts.lower.size;
  }

  /** Whether it is being joined. */
  get isJoining(): boolean {
    return this.#parts !== undefined;
  }

  get(key: string): number | undefined {
    if (key > this.#last || key < this.#first) return undefined;
    if (this.#parts === undefined) return this.#values.get(key);
    return this.#parts.upper.get(key) ?? this.#parts.lower.get(key);
  }

  set(key: string, value: number): void {
    if (key > this.#last) this.#last = key;
    if (key < this.#first) this.#first = key;
    this.#values.set(key, value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  /** Entries, some of which may be hidden by others of the same key before them. */
  *entries(): Generator<readonly [string, number]> {
    if (this.#parts === undefined) {
      yield* this.#values.entries();
      return;
    }
    yield* this.#parts.upper.entries();
    yield* this.#parts.lower.entries();
  }

  /** Joins a little more. */
  goOn(): void {
    const left = this.#parts?.left;
    for (let done = 0; left !== undefined && done < EACH_TIME; done += 1) {
      const next = left.next();
      if (next.done === true) {
        this.#parts = undefined;
        return;
      }
      const [key, value] = next.value;
      this.#values.set(key, value);
    }
  }
}

/**
 * A map of as many as there are, in which no more are ever copied at once than one leaf holds: where a plain map grows, it copies
 * all that it has while everybody waits, and what is put behind all others, as ids that are counted up are, is looked for all over
 * it. What comes between others is put where it belongs, and makes that leaf larger.
 */
class Leaves {
  /** In order; never empty. */
  readonly #all: Leaf[] = [{ from: '', values: new Map() }];
  #last = '';
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): number | undefined {
    return this.#leafOf(key).values.get(key);
  }

  set(key: string, value: number): void {
    const { values } = key > this.#last ? this.#newest(key) : this.#leafOf(key);
    const before = values.size;
    values.set(key, value);
    this.#size += values.size - before;
  }

  delete(key: string): void {
    const leaf = this.#leafOf(key);
    if (!leaf.values.delete(key)) return;
    this.#size -= 1;
    if (leaf.values.size === 0 && this.#all.length > 1) this.#all.splice(this.#all.indexOf(leaf), 1);
  }

  *entries(): Generator<readonly [string, number]> {
    for (const { values } of this.#all) yield* values;
  }

  /** The leaf for what stands behind all others. */
  #newest(key: string): Leaf {
    this.#last = key;
    const newest = this.#all.at(-1) as Leaf;
    if (newest.values.size < LEAF) return newest;
    const leaf = { from: key, values: new Map<string, number>() };
    this.#all.push(leaf);
    return leaf;
  }

  /** The last one that does not begin behind the key; the first one is also for what stands before all others. */
  #leafOf(key: string): Leaf {
    let low = 0;
    let high = this.#all.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (key < (this.#all[middle] as Leaf).from) high = middle - 1;
      else low = middle;
    }
    return this.#all[low] as Leaf;
  }
}

interface Leaf {
  /** The key that it was begun with. */
  readonly from: string;
  readonly values: Map<string, number>;
}

/** Entries of a leaf that is full; a power of two, because that is when a map grows. */
const LEAF = 2_048;

interface Parts {
  readonly upper: Layer;
  readonly lower: Layer;
  /** What has not been joined yet. */
  readonly left: Iterator<readonly [string, number], void>;
}

/** Each entry that holds. A layer that is being joined itself may name a key twice: what it says of it is asked for. */
function* joinedEntries(upper: Layer, lower: Layer, isLowest: boolean): Generator<readonly [string, number], void> {
  // What was written first comes first, so that ids that are counted up stay in order.
  for (const layer of [lower, upper]) {
    for (const [key] of layer.entries()) {
      if (layer === lower && upper.get(key) !== undefined) continue;
      const value = layer.get(key) as number;
      if (value !== REMOVED || !isLowest) yield [key, value];
    }
  }
}

/** No key begins with more of these. */
const BEHIND_ALL = '\uFFFF'.repeat(8);

/** Joins the newest layers as long as the one below is not much larger than what would be copied over it. */
function joined(layers: readonly Layer[]): readonly Layer[] {
  const [newest, below, ...others] = layers;
  if (newest === undefined || below === undefined || below.size > 2 * newest.size) return layers;
  return joined([Layer.of(newest, below, others.length === 0), ...others]);
}
