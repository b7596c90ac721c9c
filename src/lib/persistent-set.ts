/**
 * A sorted set that copies in constant time and finds the n-th member in logarithmic time.
 *
 * It is a B+ tree whose nodes remember which set may change them in place. `clone` hands out the same nodes under two
 * new owners, so that either side copies a node before its first change to it: what has not changed is shared. Counts in
 * the branches give `rank` and `slice`, which paging needs.
 *
 * @example
 * const set = new PersistentSet<number>((a, b) => a - b);
 * set.add(7);
 * set.rank(8); // 1
 */
export class PersistentSet<K> {
  #root: Node<K>;
  #owner: object = {};
  readonly #compare: (a: K, b: K) => number;

  constructor(compare: (a: K, b: K) => number) {
    this.#compare = compare;
    this.#root = { owner: this.#owner, keys: [], children: undefined, size: 0 };
  }

  get size(): number {
    return this.#root.size;
  }

  /** An independent set with the same members, in constant time. */
  clone(): PersistentSet<K> {
    const copy = new PersistentSet<K>(this.#compare);
    copy.#root = this.#root;
    this.#owner = {};
    return copy;
  }

  /** Adds a member; one that is equal to it stays. */
  add(key: K): void {
    this.#root = this.#owned(this.#root);
    if (!this.#add(this.#root, key) || this.#root.keys.length <= MAXIMUM) return;
    const left = this.#root;
    const right = this.#split(left);
    this.#root = {
      owner: this.#owner,
      keys: [left.keys[0] as K, right.keys[0] as K],
      children: [left, right],
      size: left.size + right.size,
    };
  }

  /** Removes a member; returns whether it was there. */
  delete(key: K): boolean {
    this.#root = this.#owned(this.#root);
    const wasThere = this.#remove(this.#root, key);
    while (this.#root.children?.length === 1) this.#root = this.#root.children[0] as Node<K>;
    return wasThere;
  }

  /** How many members stand before this one, which need not be a member itself. */
  rank(key: K): number {
    let node = this.#root;
    let rank = 0;
    while (node.children !== undefined) {
      const index = this.#childIndex(node.keys, key);
      for (let i = 0; i < index; i += 1) rank += (node.children[i] as Node<K>).size;
      node = node.children[index] as Node<K>;
    }
    return rank + this.#lowerBound(node.keys, key);
  }

  /** Up to `count` members in order, from the one before which `rank` others stand. */
  slice(rank: number, count: number): K[] {
    const found: K[] = [];
    if (count > 0 && rank < this.size) collect(this.#root, rank, count, found);
    return found;
  }

  /** The members from a key on, which need not be a member itself, as long as they are wanted. */
  from(key: K, isWanted: (member: K) => boolean): K[] {
    const found: K[] = [];
    this.#collectFrom(this.#root, key, isWanted, found);
    return found;
  }

  /** Answers whether more may follow. */
  #collectFrom({ keys, children }: Node<K>, key: K, isWanted: (member: K) => boolean, found: K[]): boolean {
    if (children === undefined) {
      for (let index = this.#lowerBound(keys, key); index < keys.length; index += 1) {
        const member = keys[index] as K;
        if (!isWanted(member)) return false;
        found.push(member);
      }
      return true;
    }
    for (let index = this.#childIndex(keys, key); index < children.length; index += 1) {
      if (!this.#collectFrom(children[index] as Node<K>, key, isWanted, found)) return false;
    }
    return true;
  }

  #add(node: Node<K>, key: K): boolean {
    const { keys, children } = node;
    if (children === undefined) {
      const index = this.#lowerBound(keys, key);
      if (index < keys.length && this.#compare(keys[index] as K, key) === 0) return false;
      if (index === keys.length) keys.push(key);
      else keys.splice(index, 0, key);
      node.size += 1;
      return true;
    }
    const index = this.#childIndex(keys, key);
    const child = this.#ownedChild(children, index);
    if (!this.#add(child, key)) return false;
    node.size += 1;
    keys[index] = child.keys[0] as K;
    if (child.keys.length > MAXIMUM) {
      const right = this.#split(child);
      keys.splice(index + 1, 0, right.keys[0] as K);
      children.splice(index + 1, 0, right);
    }
    return true;
  }

  #split(node: Node<K>): Node<K> {
    // Keys mostly arrive in rising order: splitting far to the right leaves fuller nodes behind.
    const at = Math.floor(MAXIMUM * 0.75);
    const keys = node.keys.splice(at);
    const children = node.children?.splice(at);
    const size = children === undefined ? keys.length : sizeOf(children);
    node.size -= size;
    return { owner: this.#owner, keys, children, size };
  }

  #remove(node: Node<K>, key: K): boolean {
    const { keys, children } = node;
    if (children === undefined) {
      const index = this.#lowerBound(keys, key);
      if (index === keys.length || this.#compare(keys[index] as K, key) !== 0) return false;
      keys.splice(index, 1);
      node.size -= 1;
      return true;
    }
    const index = this.#childIndex(keys, key);
    const child = this.#ownedChild(children, index);
    if (!this.#remove(child, key)) return false;
    node.size -= 1;
    if (child.keys.length === 0) {
      keys.splice(index, 1);
      children.splice(index, 1);
      return true;
    }
    keys[index] = child.keys[0] as K;
    if (child.keys.length < MAXIMUM / 4 && children.length > 1) this.#mergeWithNeighbour(keys, children, index);
    return true;
  }

  #mergeWithNeighbour(keys: K[], children: Node<K>[], index: number): void {
    const leftIndex = index === 0 ? 0 : index - 1;
    const right = children[leftIndex + 1] as Node<K>;
    if ((children[leftIndex] as Node<K>).keys.length + right.keys.length > MAXIMUM) return;
    const left = this.#ownedChild(children, leftIndex);
    left.keys.push(...right.keys);
    left.children?.push(...(right.children ?? []));
    left.size += right.size;
    keys.splice(leftIndex + 1, 1);
    children.splice(leftIndex + 1, 1);
  }

  #owned(node: Node<K>): Node<K> {
    if (node.owner === this.#owner) return node;
    return { owner: this.#owner, keys: node.keys.slice(), children: node.children?.slice(), size: node.size };
  }

  #ownedChild(children: Node<K>[], index: number): Node<K> {
    const before = children[index] as Node<K>;
    if (before.owner === this.#owner) return before;
    const child = this.#owned(before);
    children[index] = child;
    return child;
  }

  /** The child that holds the key: the last whose first key is not above it. */
  #childIndex(keys: readonly K[], key: K): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(keys[middle] as K, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : low - 1;
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

/** A leaf's keys are members; a branch has the first key of each of its children. */
interface Node<K> {
  readonly owner: object;
  readonly keys: K[];
  readonly children: Node<K>[] | undefined;
  size: number;
}

function sizeOf<K>(nodes: readonly Node<K>[]): number {
  let size = 0;
  for (const node of nodes) size += node.size;
  return size;
}

function collect<K>(node: Node<K>, rank: number, count: number, found: K[]): void {
  if (node.children === undefined) {
    for (let i = rank; i < node.keys.length && found.length < count; i += 1) found.push(node.keys[i] as K);
    return;
  }
  let skip = rank;
  for (const child of node.children) {
    if (skip >= child.size) {
      skip -= child.size;
      continue;
    }
    collect(child, skip, count, found);
    if (found.length === count) return;
    skip = 0;
  }
}
