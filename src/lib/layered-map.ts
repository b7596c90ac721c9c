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
  #own = new Map<string, number>();
  /** Newest first. */
  #shared: readonly ReadonlyMap<string, number>[] = [];

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
    for (const layer of this.#shared) if (layer.has(key)) return true;
    return false;
  }

  /** All entries, in no order. */
  *entries(): Generator<readonly [string, number]> {
    const seen = new Set<string>();
    for (const layer of [this.#own, ...this.#shared]) {
      for (const entry of layer) {
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
      this.#own = new Map();
    }
    const copy = new LayeredMap();
    copy.#shared = this.#shared;
    return copy;
  }
}

/** Stands for an entry of a layer below that is no more. */
const REMOVED = -1;

/** Joins the newest layers as long as the one below is not much larger than what would be copied over it. */
function joined(layers: readonly ReadonlyMap<string, number>[]): readonly ReadonlyMap<string, number>[] {
  const [newest, below, ...others] = layers;
  if (newest === undefined || below === undefined || below.size > 2 * newest.size) return layers;
  const both = new Map(below);
  for (const [key, value] of newest) {
    // Below the lowest layer there is nothing that a removed entry has to hide.
    if (value === REMOVED && others.length === 0) both.delete(key);
    else both.set(key, value);
  }
  return joined([both, ...others]);
}
