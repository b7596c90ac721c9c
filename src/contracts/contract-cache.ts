import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../errors.ts';
import { readKept } from '../lib/kept-file.ts';
import { packageVersion } from '../lib/package-folder.ts';
import type { Contract } from '../model/contract.ts';
import { LoadReader, linesOf } from './load-parts.ts';

/** What was loaded of files. */
export interface FilesLoad {
  /** Sorted by system, then by name. */
  readonly contracts: readonly Contract[];
  /** The text of each contract that overlays change, as they make it, by `<system>/<name>`. */
  readonly patched: Readonly<Record<string, string>>;
  /** What is wrong in all the files; the contracts are what could be made sense of. Worked out when asked for. */
  readonly problems: readonly Problem[];
  /** Whether everything was checked that can be, now or when the cache was written. */
  readonly isThorough: boolean;
  /** Whether a later check would find nothing more. */
  readonly isSettled: boolean;
}

/** What is kept of a load. */
export interface CachedLoad extends FilesLoad {
  /** Files outside the paths that the contracts refer to, with the hash of what they said. */
  readonly outside: readonly { readonly path: string; readonly hash: string }[];
}

/** Changes with how contracts are written down, so that none of an older build is read. */
const LAYOUT = 'callbacks, channel-security, part-encodings, is-settled, lines, shapes, implied';

/** Names a set of files by what they say, so that a cache never has to be emptied by hand. */
export function cacheKey(
  files: readonly { readonly relative: string; readonly content: { readonly hash: string } }[],
  allowRefs = false,
): string {
  const said = files
    .map(({ relative, content }) => [relative, content.hash])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return hashOf(JSON.stringify([packageVersion(), LAYOUT, allowRefs, said]));
}

/** SHA-256 of a text, in hexadecimal. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The cached load of this key; `undefined` where there is none, it cannot be read, or a file outside has changed. */
export async function readCache(cacheDir: string, key: string): Promise<CachedLoad | undefined> {
  try {
    const reader = new LoadReader<Omit<CachedLoad, 'contracts'>>();
    for (const line of linesIn(await readKept(cacheFile(cacheDir, key)))) reader.add(line);
    const cached = reader.load;
    if (cached === undefined) return undefined;
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
    const { contracts, ...rest } = load;
    await writeFile(half, linesOf(contracts, rest));
    await rename(half, file);
  } catch {
    return;
  }
}

/** The lines of a file, each a text of its own only while it is read. */
function* linesIn(bytes: Buffer): Generator<string> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf('\n', from);
    const to = end === -1 ? bytes.length : end;
    yield bytes.toString('utf8', from, to);
    from = to + 1;
  }
}

function cacheFile(cacheDir: string, key: string): string {
  return join(cacheDir, `contracts-${key}.json`);
}
