import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../errors.ts';
import { readKept } from '../lib/kept-file.ts';
import { packageVersion } from '../lib/package-folder.ts';
import type { Contract } from '../model/contract.ts';

/** What is kept of a load. */
export interface CachedLoad {
  readonly contracts: readonly Contract[];
  readonly problems: readonly Problem[];
  /** Whether everything was checked that can be. */
  readonly isThorough: boolean;
  /** Whether a later check would find nothing more. */
  readonly isSettled: boolean;
  /** Texts of documents with their overlays applied, by `<system>/<name>`. */
  readonly patched: Readonly<Record<string, string>>;
  /** Files outside the paths that the contracts refer to, with the hash of what they said. */
  readonly outside: readonly { readonly path: string; readonly hash: string }[];
}

/** Changes with how contracts are written down, so that none of an older build is read. */
const LAYOUT = 'callbacks, channel-security, part-encodings, is-settled';

/** Names a set of files by what they say, so that a cache never has to be emptied by hand. */
export function cacheKey(
  files: readonly { readonly relative: string; readonly text: string }[],
  allowRefs = false,
): string {
  const hash = createHash('sha256').update(JSON.stringify([packageVersion(), LAYOUT, allowRefs]));
  const sorted = [...files].sort((a, b) => (a.relative < b.relative ? -1 : 1));
  // With the length of each, so that no text can pass for the head of the next.
  for (const { relative, text } of sorted) hash.update(JSON.stringify([relative, text.length])).update(text);
  return hash.digest('hex');
}

/** SHA-256 of a text, in hexadecimal. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The cached load of this key; `undefined` where there is none, it cannot be read, or a file outside has changed. */
export async function readCache(cacheDir: string, key: string): Promise<CachedLoad | undefined> {
  try {
    const cached: unknown = JSON.parse(await readKept(cacheFile(cacheDir, key)));
    if (!isCachedLoad(cached)) return undefined;
    for (const { path, hash } of cached.outside) {
      if (hashOf(await readFile(path, 'utf8')) !== hash) return undefined;
    }
    return cached;
  } catch {
    return undefined;
  }
}

/** Keeps a load. A folder that cannot be written to only costs time at the next start. */
export async function writeCache(cacheDir: string, key: string, load: CachedLoad): Promise<void> {
  const file = cacheFile(cacheDir, key);
  // Two processes may start at once; a rename leaves no moment at which half a file can be read.
  const half = `${file}.${process.pid}`;
  try {
    await mkdir(cacheDir, { recursive: true });
    await writeFile(half, piecesOf(load));
    await rename(half, file);
  } catch {
    return;
  }
}

/** Characters that are written at once: the whole of a large load would be held three times. */
const PIECE = 2 ** 20;

/** The load as JSON, operation by operation. */
function* piecesOf({ contracts, ...rest }: CachedLoad): Generator<string> {
  let piece = `${JSON.stringify(rest).slice(0, -1)},"contracts":[`;
  for (const [index, { operations, ...contract }] of contracts.entries()) {
    piece += `${index === 0 ? '' : ','}${JSON.stringify(contract).slice(0, -1)},"operations":[`;
    for (const [place, operation] of operations.entries()) {
      piece += `${place === 0 ? '' : ','}${JSON.stringify(operation)}`;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    piece += ']}';
  }
  yield `${piece}]}`;
}

function cacheFile(cacheDir: string, key: string): string {
  return join(cacheDir, `contracts-${key}.json`);
}

function isCachedLoad(value: unknown): value is CachedLoad {
  return (
    typeof value === 'object' &&
    value !== null &&
    Array.isArray((value as Partial<CachedLoad>).contracts) &&
    Array.isArray((value as Partial<CachedLoad>).problems) &&
    typeof (value as Partial<CachedLoad>).patched === 'object' &&
    Array.isArray((value as Partial<CachedLoad>).outside)
  );
}
