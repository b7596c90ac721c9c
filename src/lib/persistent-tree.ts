/**
 * A sorted map that copies in constant time and finds the n-th entry in logarithmic time.
 *
 * It is a B+ tree whose nodes remember which tree may change them in place. `clone` hands out the same nodes under two
 * new owners, so that either side copies a node before its first change to it: a snapshot, a fork, an open transaction
 * and a reader all share what has not changed. Counts in the branches give `rank` and `entriesFrom`, which paging needs.
 */
export class PersistentTree<K, V> {
  #root: Node<K, V>;
  #owner: object = {};
  readonly #compare: (a: K, b: K) => number;

  constructor(compare: (a: K, b: K) => number) {
    this.#compare = compare;
    this.#root = { owner: this.#owner, keys: [], values: [], children: undefined, size: 0 };
  }

  get size(): number {
    return this.#root.size;
  }

  /** An independent tree with the same entries, in constant time. */
  clone(): PersistentTree<K, V> {
    const copy = new PersistentTree<K, V>(this.#compare);
    copy.#root = this.#root;
    this.#owner = {};
    return copy;
  }

  get(key: K): V | undefined {
    let node = this.#root;
    while (node.children !== undefined) node = node.children[this.#childIndex(node, key)] as Node<K, V>;
    const index = this.#lowerBound(node.keys, key);
    return index < node.keys.length && this.#compare(node.keys[index] as K, key) === 0 ? node.values[index] : undefined;
  }

  set(key: K, value: V): void {
    this.#root = this.#owned(this.#root);
    const right = this.#insert(this.#root, key, value);
    if (right !== undefined) {
      const left = this.#root;
      this.#root = {
        owner: this.#owner,
        keys: [left.keys[0] as K, right.keys[0] as K],
        values: [],
        children: [left, right],
        size: left.size + right.size,
      };
    }
  }

  /** Removes an entry; answers whether there was one. */
  delete(key: K): boolean {
    if (this.get(key) === undefined) return false;
    this.#root = this.#owned(this.#root);
    this.#remove(this.#root, key);
    while (this.#root.children?.length === 1) this.#root = this.#root.children[0] as Node<K, V>;
    return true;
  }

  /** How many entries have a key below this one. */
  rank(key: K): number {
    let node = this.#root;
    let rank = 0;
    while (node.children !== undefined) {
      const index = this.#childIndex(node, key);
      for (let i = 0; i < index; i += 1) rank += (node.children[i] as Node<K, V>).size;
      node = node.children[index] as Node<K, V>;
    }
    return rank + this.#lowerBound(node.keys, key);
  }

  /** The values in key order, starting with the entry of this rank. */
  *valuesFrom(rank = 0): Generator<V> {
    yield* walk(this.#root, rank);
  }

  /** The values in falling key order, starting with the entry of this rank. */
  *valuesDownFrom(rank = this.size - 1): Generator<V> {
    yield* walkDown(this.#root, rank);
  }

  #insert(node: Node<K, V>, key: K, value: V): Node<K, V> | undefined {
    if (node.children === undefined) {
      const index = this.#lowerBound(node.keys, key);
      if (index < node.keys.length && this.#compare(node.keys[index] as K, key) === 0) {
        node.values[index] = value;
        return undefined;
      }
      node.keys.splice(index, 0, key);
      node.values.splice(index, 0, value);
      node.size += 1;
    } else {
      const index = this.#childIndex(node, key);
      const child = this.#ownedChild(node, index);
      const before = child.size;
      const right = this.#insert(child, key, value);
      node.keys[index] = child.keys[0] as K;
      node.size += child.size + (right?.size ?? 0) - before;
      if (right !== undefined) {
        node.keys.splice(index + 1, 0, right.keys[0] as K);
        node.children.splice(index + 1, 0, right);
      }
    }
    return node.keys.length > MAXIMUM ? this.#split(node) : undefined;
  }

  #split(node: Node<K, V>): Node<K, V> {
    // Keys mostly arrive in rising order: splitting far to the right leaves fuller nodes behind.
    const at = Math.floor(MAXIMUM * 0.75);
    const right: Node<K, V> = {
      owner: this.#owner,
      keys: node.keys.splice(at),
      values: node.values.splice(at),
      children: node.children?.splice(at),
      size: 0,
    };
    right.size = right.children === undefined ? right.keys.length : sizeOf(right.children);
    node.size -= right.size;
    return right;
  }

  #remove(node: Node<K, V>, key: K): void {
    node.size -= 1;
    if (node.children === undefined) {
      const index = this.#lowerBound(node.keys, key);
      node.keys.splice(index, 1);
      node.values.splice(index, 1);
      return;
    }
    const index = this.#childIndex(node, key);
    const child = this.#ownedChild(node, index);
    this.#remove(child, key);
    if (child.keys.length === 0) {
      node.keys.splice(index, 1);
      node.children.splice(index, 1);
      return;
    }
    node.keys[index] = child.keys[0] as K;
    if (child.keys.length < MAXIMUM / 4 && node.children.length > 1) this.#mergeWithNeighbour(node, index);
  }

  #mergeWithNeighbour(node: Node<K, V>, index: number): void {
    const leftIndex = index === 0 ? 0 : index - 1;
    const children = node.children as Node<K, V>[];
    const right = children[leftIndex + 1] as Node<K, V>;
    if ((children[leftIndex] as Node<K, V>).keys.length + right.keys.length > MAXIMUM) return;
    const left = this.#ownedChild(node, leftIndex);
    left.keys.push(...right.keys);
    left.values.push(...right.values);
    left.children?.push(...(right.children ?? []));
    left.size += right.size;
    node.keys.splice(leftIndex + 1, 1);
    children.splice(leftIndex + 1, 1);
  }

  #owned(node: Node<K, V>): Node<K, V> {
    if (node.owner === this.#owner) return node;
    return {
      owner: this.#owner,
      keys: node.keys.slice(),
      values: node.values.slice(),
      children: node.children?.slice(),
      size: node.size,
    };
  }

  #ownedChild(node: Node<K, V>, index: number): Node<K, V> {
    const children = node.children as Node<K, V>[];
    const child = this.#owned(children[index] as Node<K, V>);
    children[index] = child;
    return child;
  }

  /** The child that holds the key: the last whose first key is not above it. */
  #childIndex(node: Node<K, V>, key: K): number {
    const index = this.#lowerBound(node.keys, key);
    if (index < node.keys.length && this.#compare(node.keys[index] as K, key) === 0) return index;
    return Math.max(0, index - 1);
  }

  #lowerBound(keys: readonly K[], key: K): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(keys[middle] as K, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const MAXIMUM = 32;

/** A leaf has values, a branch has children; `keys` holds a leaf's keys or each child's first key. */
interface Node<K, V> {
  readonly owner: object;
  keys: K[];
  values: V[];
  children: Node<K, V>[] | undefined;
  size: number;
}

function sizeOf<K, V>(nodes: readonly Node<K, V>[]): number {
  let size = 0;
  for (const node of nodes) size += node.size;
  return size;
}

function* walk<K, V>(node: Node<K, V>, rank: number): Generator<V> {
  if (node.children === undefined) {
    for (let i = rank; i < node.values.length; i += 1) yield node.values[i] as V;
    return;
  }
  let skip = rank;
  for (const child of node.children) {
    if (skip >= child.size) skip -= child.size;
    else {
      yield* walk(child, skip);
      skip = 0;
    }
  }
}

function* walkDown<K, V>(node: Node<K, V>, rank: number): Generator<V> {
  if (node.children === undefined) {
    for (let i = Math.min(rank, node.values.length - 1); i >= 0; i -= 1) yield node.values[i] as V;
    return;
  }
  let above = node.size;
  for (let i = node.children.length - 1; i >= 0; i -= 1) {
    const child = node.children[i] as Node<K, V>;
    above -= child.size;
    if (rank >= above) yield* walkDown(child, rank - above);
  }
}
