/**
 * An array with gaps that copies in constant time and finds the n-th value that is there in logarithmic time.
 *
 * It is a radix tree of 32 slots a node: the bits of the index lead to the slot, so nothing is compared. Nodes remember
 * which array may change them in place; `clone` hands out the same nodes under two new owners, so that either side copies
 * a node before its first change to it.
 *
 * @example
 * const array = new PersistentArray<string>();
 * array.set(7, 'seven');
 * array.clone().get(7); // 'seven'
 */
export class PersistentArray<T> {
  #owner: object = {};
  #root: Node<T> = emptyNode(this.#owner);
  /** How far the root's slots lie apart, in bits: 0 where they are the values. */
  #shift = 0;

  /** How many values are there. */
  get size(): number {
    return this.#root.size;
  }

  /** An independent array with the same values, in constant time. */
  clone(): PersistentArray<T> {
    const copy = new PersistentArray<T>();
    copy.#root = this.#root;
    copy.#shift = this.#shift;
    this.#owner = {};
    return copy;
  }

  get(index: number): T | undefined {
    // Bits beyond the root would be taken for those of a smaller index.
    if (index >>> this.#shift > MASK) return undefined;
    let node: Node<T> | undefined = this.#root;
    for (let shift = this.#shift; shift > 0; shift -= BITS) {
      node = node.slots[(index >>> shift) & MASK] as Node<T> | undefined;
      if (node === undefined) return undefined;
    }
    return node.slots[index & MASK] as T | undefined;
  }

  /** Puts a value at an index from 0 to 2^31 - 1. */
  set(index: number, value: T): void {
    while (index >>> this.#shift > MASK) {
      const { size } = this.#root;
      this.#root = { owner: this.#owner, slots: size === 0 ? [] : [this.#root], size };
      this.#shift += BITS;
    }
    this.#root = this.#owned(this.#root);
    this.#set(this.#root, this.#shift, index, value);
  }

  /** Removes the value at an index, if there is one. */
  delete(index: number): void {
    if (this.get(index) === undefined) return;
    this.#root = this.#owned(this.#root);
    this.#delete(this.#root, this.#shift, index);
  }

  /** Up to `count` values in the order of their indexes, from the one before which `rank` others stand. */
  slice(rank: number, count: number): T[] {
    const found: T[] = [];
    if (count > 0 && rank < this.size) collect(this.#root, this.#shift, rank, count, found);
    return found;
  }

  /** Calls back with every value and its index, in their order: gaps cost nothing, however many there are. */
  forEach(visit: (value: T, index: number) => void): void {
    visitAll(this.#root, this.#shift, 0, visit);
  }

  #set(node: Node<T>, shift: number, index: number, value: T): boolean {
    const at = (index >>> shift) & MASK;
    // An array that is written far behind its end would be turned into a slower kind.
    while (node.slots.length < at) node.slots.push(undefined);
    let isNew: boolean;
    if (shift === 0) {
      isNew = node.slots[at] === undefined;
      node.slots[at] = value;
    } else {
      const before = node.slots[at] as Node<T> | undefined;
      const child = before === undefined ? emptyNode<T>(this.#owner) : this.#owned(before);
      node.slots[at] = child;
      isNew = this.#set(child, shift - BITS, index, value);
    }
    if (isNew) node.size += 1;
    return isNew;
  }

  #delete(node: Node<T>, shift: number, index: number): void {
    const at = (index >>> shift) & MASK;
    node.size -= 1;
    if (shift === 0) {
      node.slots[at] = undefined;
      return;
    }
    const child = this.#owned(node.slots[at] as Node<T>);
    this.#delete(child, shift - BITS, index);
    node.slots[at] = child.size === 0 ? undefined : child;
  }

  #owned(node: Node<T>): Node<T> {
    return node.owner === this.#owner ? node : { owner: this.#owner, slots: node.slots.slice(), size: node.size };
  }
}

const BITS = 5;
const MASK = 2 ** BITS - 1;

interface Node<T> {
  readonly owner: object;
  /** Values at the bottom, nodes above. */
  readonly slots: (Node<T> | T | undefined)[];
  /** How many values stand below it. */
  size: number;
}

function emptyNode<T>(owner: object): Node<T> {
  return { owner, slots: [], size: 0 };
}

function visitAll<T>(node: Node<T>, shift: number, first: number, visit: (value: T, index: number) => void): void {
  for (let at = 0; at < node.slots.length; at += 1) {
    const slot = node.slots[at];
    if (slot === undefined) continue;
    const index = first + at * 2 ** shift;
    if (shift === 0) visit(slot as T, index);
    else visitAll(slot as Node<T>, shift - BITS, index, visit);
  }
}

function collect<T>(node: Node<T>, shift: number, rank: number, count: number, found: T[]): void {
  let skip = rank;
  for (const slot of node.slots) {
    if (slot === undefined) continue;
    if (shift === 0) {
      if (skip > 0) skip -= 1;
      else if (found.push(slot as T) === count) return;
      continue;
    }
    const { size } = slot as Node<T>;
    if (skip >= size) {
      skip -= size;
      continue;
    }
    collect(slot as Node<T>, shift - BITS, skip, count, found);
    if (found.length === count) return;
    skip = 0;
  }
}
