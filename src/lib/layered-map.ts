/**
 * A map from texts to numbers that copies in constant time. What a map and its copies share lies in layers that none of
 * them changes any more; what each has written since lies in a layer of its own.
 *
 * Layers of like size are joined, so that their number grows with the logarithm of how much is written between copies.
 * Values are numbers from 0 up.
 *
 * @example
 * const map = new LayeredMap();
 * map.set('one', 1);
 * map.clone().get('one'); // 1
 */
export class LayeredMap {
  #own = new Layer();
  /** Newest first. */
  #shared: readonly Layer[] = [];

  get(key: string): number | undefined {
    let value = this.#own.get(key);
    for (let layer = 0; value === undefined && layer < this.#shared.length; layer += 1) {
      value = this.#shared[layer]?.get(key);
    }
    return value === REMOVED ? undefined : value;
  }

  set(key: string, value: number): void {
    this.#own.set(key, value);
  }

  delete(key: string): void {
    // Only what lies in a layer below has to be hidden: what comes and goes, as timers do, leaves nothing behind.
    if (this.#isShared(key)) this.#own.set(key, REMOVED);
    else this.#own.delete(key);
  }

  #isShared(key: string): boolean {
    for (const layer of this.#shared) if (layer.get(key) !== undefined) return true;
    return false;
  }

  /** All entries, in no order. */
  *entries(): Generator<readonly [string, number]> {
    const seen = new Set<string>();
    for (const layer of [this.#own, ...this.#shared]) {
      for (const entry of layer.entries()) {
        if (seen.has(entry[0])) continue;
        seen.add(entry[0]);
        if (entry[1] !== REMOVED) yield entry;
      }
    }
  }

  /** An independent map with the same entries. */
  clone(): LayeredMap {
    if (this.#own.size > 0) {
      this.#shared = joined([this.#own, ...this.#shared]);
      this.#own = new Layer();
    }
    const copy = new LayeredMap();
    copy.#shared = this.#shared;
    return copy;
  }
}

/** Stands for an entry of a layer below that is no more. */
const REMOVED = -1;

/**
 * A map that knows between which keys its own lie. Ids are counted up, so that those of one layer stand behind those of the
 * layer below: to compare two texts takes less than to look into a large map in vain.
 */
class Layer {
  readonly #values: Map<string, number>;
  #first: string;
  #last: string;

  constructor(values = new Map<string, number>(), first = BEHIND_ALL, last = '') {
    this.#values = values;
    this.#first = first;
    this.#last = last;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): number | undefined {
    return key > this.#last || key < this.#first ? undefined : this.#values.get(key);
  }

  set(key: string, value: number): void {
    if (key > this.#last) this.#last = key;
    if (key < this.#first) this.#first = key;
    this.#values.set(key, value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  entries(): Iterable<readonly [string, number]> {
    return this.#values;
  }

  /** An independent one with the same entries. */
  copy(): Layer {
    return new Layer(new Map(this.#values), this.#first, this.#last);
  }
}

/** No key begins with more of these. */
const BEHIND_ALL = '\uFFFF'.repeat(8);

/** Joins the newest layers as long as the one below is not much larger than what would be copied over it. */
function joined(layers: readonly Layer[]): readonly Layer[] {
  const [newest, below, ...others] = layers;
  if (newest === undefined || below === undefined || below.size > 2 * newest.size) return layers;
  const both = below.copy();
  for (const [key, value] of newest.entries()) {
    // Below the lowest layer there is nothing that a removed entry has to hide.
    if (value === REMOVED && others.length === 0) both.delete(key);
    else both.set(key, value);
  }
  return joined([both, ...others]);
}
