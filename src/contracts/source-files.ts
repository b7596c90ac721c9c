import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { keysOf, pointerTo, valueAt } from '../lib/json-pointer.ts';
import type { FoundFile } from './find-files.ts';
import { isPlainObject } from './plain-object.ts';
import { parseSourceFile, type SourceFile } from './source-file.ts';

/** A value in a document, with the way back to it. */
export interface Place {
  readonly source: SourceFile;
  /** JSON Pointer, without `#`. */
  readonly pointer: string;
  readonly value: unknown;
}

/** The files of one load: those that were asked for, and those that these refer to. */
export interface SourceFiles {
  /** The files that were asked for. */
  readonly asked: readonly SourceFile[];
  /** Every file that was read, by absolute path. */
  readonly all: ReadonlyMap<string, SourceFile>;
  /** Absolute paths of the files that another file refers to. */
  readonly referredTo: ReadonlySet<string>;
  /** The file that the address of a `$ref`, without its fragment, names; the file itself for an empty one. */
  find(address: string, from: SourceFile): SourceFile | undefined;
  /** What a `$ref` in a file leads to, one step. */
  resolve(ref: string, from: SourceFile): Place | undefined;
  /** The end of the chain of `$ref`s that starts at a place; `undefined` where it is broken or runs in a circle. */
  follow(place: Place): Place | undefined;
}

/**
 * Reads and parses the files and, step by step, all files that they refer to.
 *
 * @param companions - further files that a document needs although it has no `$ref` to them
 */
export async function readSourceFiles(
  files: readonly (FoundFile & { readonly text: string })[],
  companions: (source: SourceFile) => Promise<readonly string[]>,
): Promise<SourceFiles> {
  const all = new Map<string, SourceFile>();
  const asked = files.map((file) => parseSourceFile({ ...file, ...identityOf(file.path) }, file.text));
  for (const source of asked) all.set(source.path, source);
  const referredTo = new Set<string>();
  const queue = [...asked];
  for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
    const referred = pathsReferredTo(source);
    for (const path of referred) referredTo.add(path);
    for (const path of [...referred, ...(await companions(source))]) {
      const text = all.has(path) ? undefined : await readFile(path, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const file = join(dirname(source.file), relative(dirname(source.path), path));
      const identity = identityOf(path);
      const read = parseSourceFile({ file, path, relative: `${identity.system}/${basename(path)}`, ...identity }, text);
      all.set(path, read);
      queue.push(read);
    }
  }
  return createSourceFiles(asked, all, referredTo);
}

/** The name of a file without the endings that tell its format. */
export function stemOf(path: string): string {
  return basename(path).replace(/(\.(openapi|swagger|asyncapi|aps|schema))?\.(ya?ml|json)$/i, '');
}

function createSourceFiles(
  asked: readonly SourceFile[],
  all: ReadonlyMap<string, SourceFile>,
  referredTo: ReadonlySet<string>,
): SourceFiles {
  const byId = new Map<string, SourceFile>();
  for (const source of all.values()) {
    const id = isPlainObject(source.value) ? (source.value.$id ?? source.value.id) : undefined;
    if (typeof id === 'string') byId.set(withoutFragment(id), source);
  }
  const files: SourceFiles = {
    asked,
    all,
    referredTo,
    find: (address, from) => (address === '' ? from : (all.get(pathOf(address, from)) ?? byId.get(address))),
    resolve: (ref, from) => {
      const address = withoutFragment(ref);
      const source = files.find(address, from);
      if (source === undefined) return undefined;
      const pointer = pointerOf(ref.slice(address.length), source.value);
      const value = pointer === undefined ? undefined : valueAt(source.value, pointer);
      return pointer === undefined || value === undefined ? undefined : { source, pointer, value };
    },
    follow: (place) => {
      const visited = new Set<string>();
      let current: Place | undefined = place;
      while (current !== undefined && isPlainObject(current.value) && typeof current.value.$ref === 'string') {
        const key = `${current.source.path}#${current.pointer}`;
        if (visited.has(key)) return undefined;
        visited.add(key);
        current = files.resolve(current.value.$ref, current.source);
      }
      return current;
    },
  };
  return files;
}

/** The place of a member or item. */
export function childOf(place: Place, ...keys: readonly (string | number)[]): Place {
  const below = pointerTo('', ...keys);
  return { source: place.source, pointer: place.pointer + below, value: valueAt(place.value, below) };
}

/** The places of all members or items, with their names. */
export function childrenOf(place: Place): [string, Place][] {
  if (typeof place.value !== 'object' || place.value === null) return [];
  return Object.keys(place.value).map((key) => [key, childOf(place, key)]);
}

function identityOf(path: string): { system: string; name: string } {
  return { system: basename(dirname(path)), name: stemOf(path) };
}

function pathsReferredTo(source: SourceFile): string[] {
  const paths = new Set<string>();
  const visit = (value: unknown, key: string) => {
    if (typeof value === 'string') {
      const address = withoutFragment(value);
      const isReference = key === '$ref' || /\.(ya?ml|json)(#|$)/i.test(value);
      if (isReference && address !== '' && !/^[a-z][a-z+.-]*:/i.test(address)) paths.add(pathOf(address, source));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) visit(member, name);
    }
  };
  visit(source.value, '');
  return [...paths];
}

function pathOf(address: string, from: SourceFile): string {
  return resolve(dirname(from.path), decode(address));
}

function withoutFragment(ref: string): string {
  const hash = ref.indexOf('#');
  return hash === -1 ? ref : ref.slice(0, hash);
}

function pointerOf(fragment: string, value: unknown): string | undefined {
  const pointer = decode(fragment.slice(1));
  if (pointer === '' || pointer.startsWith('/')) return keysOf(pointer).length === 0 ? '' : pointer;
  return anchorIn(value, pointer, '');
}

/** JSON Schema may also name a place: `$anchor` since 2019-09, `$id: '#name'` before. */
function anchorIn(value: unknown, anchor: string, pointer: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isPlainObject(value) && (value.$anchor === anchor || value.$id === `#${anchor}` || value.id === `#${anchor}`)) {
    return pointer;
  }
  for (const [key, member] of Object.entries(value)) {
    const found = anchorIn(member, anchor, pointerTo(pointer, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
