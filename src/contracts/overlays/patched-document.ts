import { keysOf, pointerTo } from '../../lib/json-pointer.ts';
import { isPlainObject } from '../plain-object.ts';
import { type SourceFile, withMembers } from '../source-file.ts';

/** Where a value was written. */
export interface Origin {
  readonly source: SourceFile;
  readonly pointer: string;
}

type Key = string | number;
type Container = Record<Key, unknown>;

/** A document under change that remembers, of each value, in which file it was written. */
export interface PatchedDocument {
  readonly value: unknown;
  at(keys: readonly Key[]): unknown;
  originAt(keys: readonly Key[]): Origin;
  /** Merges a value into what stands there; answers why it cannot, as the end of a sentence. */
  update(keys: readonly Key[], value: unknown, origin: Origin): string | undefined;
  /** Removes all of these at once, so that none shifts the place of another. */
  remove(places: readonly (readonly Key[])[]): void;
}

/**
 * Begins to change a document. The document itself stays as it is: what is changed is copied first, since one object
 * may stand in several places.
 *
 * @example
 * const document = createPatchedDocument(source);
 * document.update(['info'], { title: 'Shop' }, { source: overlay, pointer: '/actions/0/update' });
 */
export function createPatchedDocument(base: SourceFile): PatchedDocument {
  const root: Container = { value: base.value };
  const owned = new Set<unknown>([root]);
  /** Of containers, which members were not written where their container was. */
  const marks = new WeakMap<object, Map<string, Origin>>();
  const mark = (container: object, key: Key, origin: Origin): void => {
    const known = marks.get(container) ?? new Map<string, Origin>();
    marks.set(container, known.set(String(key), origin));
  };

  const own = (keys: readonly Key[]): Container => {
    let node = root;
    for (const key of ['value', ...keys]) {
      const member = node[key];
      if (!owned.has(member)) {
        const copy = (Array.isArray(member) ? [...member] : { ...(member as object) }) as Container;
        const known = marks.get(member as object);
        if (known !== undefined) marks.set(copy, new Map(known));
        owned.add(copy);
        node[key] = copy;
      }
      node = node[key] as Container;
    }
    return node;
  };

  const append = (list: unknown[], values: readonly unknown[], originOf: (index: number) => Origin): void => {
    for (const [index, value] of values.entries()) {
      list.push(structuredClone(value));
      mark(list, list.length - 1, originOf(index));
    }
  };

  const merge = (node: Container, value: Readonly<Container>, origin: Origin): string | undefined => {
    for (const [key, member] of Object.entries(value)) {
      const existing = Object.hasOwn(node, key) ? node[key] : undefined;
      const from = below(origin, key);
      if (isPlainObject(existing) && isPlainObject(member)) {
        const copy = ownMember(node, key);
        const fault = merge(copy, member, from);
        if (fault !== undefined) return fault;
      } else if (Array.isArray(existing) && Array.isArray(member)) {
        append(ownMember(node, key) as unknown as unknown[], member, (index) => below(from, index));
      } else if (!Object.hasOwn(node, key) || (isScalar(existing) && isScalar(member))) {
        // By definition, as `__proto__` may be a name like any other.
        Object.defineProperty(node, key, {
          value: structuredClone(member),
          enumerable: true,
          configurable: true,
          writable: true,
        });
        mark(node, key, from);
      } else return `${kindOf(member)} cannot be merged into ${kindOf(existing)} at "${key}"`;
    }
    return undefined;
  };

  const ownMember = (node: Container, key: Key): Container => {
    const member = node[key] as object;
    if (owned.has(member)) return member as Container;
    const copy = (Array.isArray(member) ? [...member] : { ...member }) as Container;
    const known = marks.get(member);
    if (known !== undefined) marks.set(copy, new Map(known));
    owned.add(copy);
    node[key] = copy;
    return copy;
  };

  const document: PatchedDocument = {
    get value() {
      return root.value;
    },
    at: (keys) => keys.reduce<unknown>((node, key) => (node as Container)[key], root.value),
    originAt: (keys) => {
      let origin: Origin = { source: base, pointer: '' };
      let node: unknown = root.value;
      for (const key of keys) {
        const isContainer = typeof node === 'object' && node !== null;
        origin = (isContainer ? marks.get(node as object)?.get(String(key)) : undefined) ?? below(origin, key);
        node = isContainer ? (node as Container)[key] : undefined;
      }
      return origin;
    },
    update: (keys, value, origin) => {
      const node = document.at(keys);
      const last = keys.at(-1);
      if (isScalar(node)) {
        if (!isScalar(value) || last === undefined) return `${kindOf(value)} cannot be merged into ${kindOf(node)}`;
        const parent = own(keys.slice(0, -1));
        parent[last] = value;
        mark(parent, last, origin);
        return undefined;
      }
      const target = own(keys);
      if (Array.isArray(target)) {
        if (Array.isArray(value)) append(target, value, (index) => below(origin, index));
        else append(target, [value], () => origin);
        return undefined;
      }
      return isPlainObject(value) ? merge(target, value, origin) : `${kindOf(value)} cannot be merged into an object`;
    },
    remove: (places) => {
      const found = places.map((keys) => ({ keys, key: keys.at(-1) ?? '', above: keys.slice(0, -1) }));
      // From the back, so that no item is where another was.
      for (const { key, above } of found.toSorted((a, b) => Number(b.key) - Number(a.key) || 0)) {
        const parent = own(above);
        if (Array.isArray(parent)) {
          const origins = parent.map((_, index) => document.originAt([...above, index]));
          parent.splice(Number(key), 1);
          origins.splice(Number(key), 1);
          marks.set(parent, new Map(origins.map((origin, index) => [String(index), origin])));
        } else {
          delete parent[key];
          marks.get(parent)?.delete(String(key));
        }
      }
    },
  };
  return document;
}

/** The document as a file that says what it says now, and of each problem where what is wrong was written. */
export function toSourceFile(base: SourceFile, document: PatchedDocument, overlays: readonly SourceFile[]): SourceFile {
  return withMembers(base, {
    value: document.value,
    overlays,
    locate: (pointer, onKey) => {
      const origin = document.originAt(keysOf(pointer));
      return { file: origin.source.file, ...origin.source.locate(origin.pointer, onKey) };
    },
  });
}

function below({ source, pointer }: Origin, key: Key): Origin {
  return { source, pointer: pointerTo(pointer, key) };
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
