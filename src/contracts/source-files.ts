import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { keysOf, pointerTo, valueAt } from '../lib/json-pointer.ts';
import type { FoundFile } from './find-files.ts';
import { createIdentifiers } from './identifiers.ts';
import type { Place, RefBase } from './place.ts';
import { isPlainObject } from './plain-object.ts';
import { type FileText, readText, realPath } from './read-text.ts';
import { LONGEST_CHAIN } from './reference-chains.ts';
import { referencesIn } from './references.ts';
import { parseSourceFile, type SourceFile, withMembers } from './source-file.ts';

/** The files of one load: those that were asked for, and those that these refer to. */
export interface SourceFiles {
  /** The files that were asked for. */
  readonly asked: readonly SourceFile[];
  /** Every file that was read, by absolute path. */
  readonly all: ReadonlyMap<string, SourceFile>;
  /** Absolute paths of the files that another file refers to. */
  readonly referredTo: ReadonlySet<string>;
  /** Whether the address of a `$ref` names a file that is not read because it lies outside the folders asked for. */
  leadsOut(address: string, from: RefBase): boolean;
  /** What a file says that is no document but stands for a value, or why it cannot be read. */
  textAt(address: string, from: RefBase): FileText;
  /** Such files as have been read, by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The file that the address of a `$ref`, without its fragment, names; the file itself for an empty one. */
  find(address: string, from: RefBase): SourceFile | undefined;
  /** What a `$ref` at a place leads to, one step. */
  resolve(ref: string, from: RefBase): Place | undefined;
  /** The end of the chain of `$ref`s that starts at a place; `undefined` where it is broken or runs in a circle. */
  follow(place: Place): Place | undefined;
  /** A member, or a member of a member, wherever references on the way to it lead; itself not followed. */
  member(place: Place, ...keys: readonly (string | number)[]): Place;
  /** The members or items of what a place leads to, with their names. */
  members(place: Place): [string, Place][];
}

/** A file that was asked for, and what it says. */
export interface AskedFile extends FoundFile {
  readonly content: FileText;
}

export interface ReadOptions {
  /** References may lead to any file. Default: to those in the folders that were asked for. */
  readonly allowRefs?: boolean;
  /** Further files that a document needs although it has no `$ref` to them. */
  readonly companions: (source: SourceFile) => Promise<readonly string[]>;
  /** Whether a file is a contract, whose name has to be its own. */
  readonly isContract: (source: SourceFile) => boolean;
  /** The files that overlays change, as they are then. */
  readonly overlay: (sources: readonly SourceFile[]) => ReadonlyMap<SourceFile, SourceFile>;
}

/** Reads and parses the files and, step by step, all files that they refer to. */
export async function readSourceFiles(
  files: readonly AskedFile[],
  { allowRefs = false, companions, isContract, overlay }: ReadOptions,
): Promise<SourceFiles> {
  const all = new Map<string, SourceFile>();
  const roots = [...new Set(files.map(({ root }) => root))];
  const realRoots = roots.map((root) => realPath(root) ?? root);
  const isOutside = (path: string): boolean => {
    if (allowRefs) return false;
    // A link in a folder may lead anywhere, whoever has put it there.
    const real = realPath(path);
    return !liesIn(roots, path) || (real !== undefined && !liesIn(realRoots, real));
  };
  const taken = new Set<string>();
  const parsed = files.map(({ content, ...file }) => {
    const source = parseSourceFile({ ...file, ...identityOf(file.path) }, content);
    return isContract(source) ? withMembers(source, { name: freeName(source, taken) }) : source;
  });
  const changed = overlay(parsed);
  const asked = parsed.map((source) => changed.get(source) ?? source);
  for (const source of asked) all.set(source.path, source);
  const referredTo = new Set<string>();
  const queue = [...asked];
  for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
    const referred = pathsReferredTo(source);
    for (const path of referred) referredTo.add(path);
    for (const path of [...referred, ...(await companions(source))]) {
      const read = all.has(path) || isOutside(path) ? undefined : readText(path);
      if (read === undefined || read.failure !== undefined) continue;
      const file = join(dirname(source.file), relative(dirname(source.path), path));
      const identity = identityOf(path);
      const found = parseSourceFile(
        { file, path, relative: `${identity.system}/${basename(path)}`, ...identity },
        read,
      );
      all.set(path, found);
      queue.push(found);
    }
  }
  return createSourceFiles(asked, all, referredTo, isOutside);
}

function liesIn(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => path.startsWith(folder + sep));
}

/** The name of a file without the extensions that name its format. */
export function stemOf(path: string): string {
  return basename(path).replace(/(\.(openapi|swagger|asyncapi|aps|schema))?\.(ya?ml|json)$/i, '');
}

function createSourceFiles(
  asked: readonly SourceFile[],
  all: ReadonlyMap<string, SourceFile>,
  referredTo: ReadonlySet<string>,
  isOutside: (path: string) => boolean,
): SourceFiles {
  const identifiers = createIdentifiers(all.values());
  // A reference that leads through itself has no end.
  const underWay = new Set<string>();

  /** Down to a member; a reference on the way is followed, so that the place is where the member truly stands. */
  const walk = (start: Place, keys: readonly (string | number)[]): Place | undefined => {
    let current: Place | undefined = start;
    for (const key of keys) {
      if (!hasMember(current, key)) current = current === undefined ? undefined : files.follow(current);
      if (current === undefined || !hasMember(current, key)) return undefined;
      current = childOf(current, key);
    }
    return current;
  };

  const resolveOnce = (ref: string, from: RefBase): Place | undefined => {
    const address = withoutFragment(ref);
    const fragment = decode(ref.slice(address.length + 1));
    const isPointer = fragment === '' || fragment.startsWith('/');
    for (const root of rootsOf(address, from)) {
      const anchor = isPointer ? undefined : identifiers.anchor(fragment, root);
      const place = isPointer ? walk(root, keysOf(fragment === '/' ? '' : fragment)) : anchor;
      if (place !== undefined && place.value !== undefined) return place;
    }
    return undefined;
  };

  /** What an address may mean, nearest first: a part of a document that has an id of its own, or a document. */
  const rootsOf = (address: string, from: RefBase): Place[] => {
    if (address === '') return [...identifiers.enclosing(from), wholeOf(from.source)];
    const file = all.get(pathOf(address, from.source));
    return [...(file === undefined ? [] : [wholeOf(file)]), ...identifiers.byAddress(address, from)];
  };

  const texts = new Map<string, string>();
  const files: SourceFiles = {
    texts,
    textAt: (address, from) => {
      if (isElsewhere(address)) return { text: '', failure: 'it stands elsewhere, and nothing is fetched' };
      const path = pathOf(address, from.source);
      if (isOutside(path)) return { text: '', failure: 'it lies outside the folder of its contract' };
      const { text, failure } = readText(path);
      if (failure !== undefined) return { text: '', failure: 'there is no such file' };
      if (text.includes(NO_TEXT)) return { text: '', failure: 'it is not text' };
      texts.set(path, text);
      return { text };
    },
    leadsOut: (address, from) => address !== '' && isOutside(pathOf(address, from.source)),
    asked,
    all,
    referredTo,
    find: (address, from) => (address === '' ? from.source : rootsOf(address, from)[0]?.source),
    resolve: (ref, from) => {
      const key = `${from.source.path}#${from.pointer} ${ref}`;
      if (underWay.has(key) || underWay.size >= LONGEST_CHAIN) return undefined;
      underWay.add(key);
      try {
        return resolveOnce(ref, from);
      } finally {
        underWay.delete(key);
      }
    },
    follow: (place) => {
      const visited = new Set<string>();
      let current: Place | undefined = place;
      while (current !== undefined && isPlainObject(current.value) && typeof current.value.$ref === 'string') {
        const key = `${current.source.path}#${current.pointer}`;
        if (visited.has(key)) return undefined;
        visited.add(key);
        current = files.resolve(current.value.$ref, current);
      }
      return current;
    },
    member: (place, ...keys) => walk(place, keys) ?? childOf(place, ...keys),
    members: (place) => {
      const target = files.follow(place);
      return target === undefined ? [] : childrenOf(target);
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

/** The place of a whole document. */
export function wholeOf(source: SourceFile): Place {
  return { source, pointer: '', value: source.value };
}

function hasMember(place: Place | undefined, key: string | number): boolean {
  const value = place?.value;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function identityOf(path: string): { system: string; name: string } {
  return { system: basename(dirname(path)), name: stemOf(path) };
}

/** Two folders of one name may hold files of one name, and so may one folder, with other endings. */
function freeName({ system, name }: SourceFile, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(`${system}/${free}`); count++) free = `${name}-${count}`;
  taken.add(`${system}/${free}`);
  return free;
}

function pathsReferredTo(source: SourceFile): string[] {
  const addresses = referencesIn(source.value).map(({ ref }) => withoutFragment(ref));
  const isLocal = (address: string) => address !== '' && !isElsewhere(address);
  return [...new Set(addresses.filter(isLocal))].map((address) => pathOf(address, source));
}

/** What a decoder puts in place of bytes that are no text. */
const NO_TEXT = '\ufffd';

function isElsewhere(address: string): boolean {
  return /^[a-z][a-z+.-]+:/i.test(address);
}

function pathOf(address: string, from: SourceFile): string {
  return resolve(dirname(from.path), decode(address));
}

function withoutFragment(ref: string): string {
  const hash = ref.indexOf('#');
  return hash === -1 ? ref : ref.slice(0, hash);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
