import { readFile } from 'node:fs/promises';
import type { Problem } from '../errors.ts';
import type { Contract } from '../model/contract.ts';
import { cacheKey, hashOf, readCache, writeCache } from './contract-cache.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import type { Format } from './format.ts';

export interface LoadOptions {
  /** Where loads without problems are kept; nothing is kept without it. */
  readonly cacheDir?: string;
  /** Further formats, beside those that have a folder here. */
  readonly formats?: readonly Format[];
  /** Leaves out second opinions where the first find nothing: `isThorough` tells, and nothing is kept. */
  readonly isQuick?: boolean;
}

export interface LoadedContracts {
  /** Sorted by system, then by name. */
  readonly contracts: readonly Contract[];
  /** The raw text of each contract, by `<system>/<name>`. */
  readonly documents: Readonly<Record<string, string>>;
  /** Everything wrong in all the files; with any, the contracts are those that could be made sense of. */
  readonly problems: readonly Problem[];
  /** Whether everything was checked that can be, now or when the cache was written. */
  readonly isThorough: boolean;
}

/**
 * Loads every contract below the paths, whatever its format.
 *
 * @example
 * const { contracts, problems } = await loadContracts(['specs']);
 */
export async function loadContracts(paths: readonly string[], options: LoadOptions = {}): Promise<LoadedContracts> {
  const found = await findFiles(paths);
  const files = await Promise.all(found.map(async (file) => ({ ...file, text: await readFile(file.path, 'utf8') })));
  const { cacheDir } = options;
  const key = cacheKey(files);
  const cached = cacheDir === undefined ? undefined : await readCache(cacheDir, key);
  if (cached !== undefined) {
    return { ...toResult(cached.contracts, files, []), isThorough: true };
  }

  // What reads documents takes longer to load than the cache to read.
  const { loadSources } = await import('./load-sources.ts');
  const { contracts, problems, outside, isThorough } = await loadSources(files, options);
  const hashes = outside.map(({ path, text }) => ({ path, hash: hashOf(text) }));
  if (cacheDir !== undefined && problems.length === 0 && isThorough) {
    await writeCache(cacheDir, key, { contracts, outside: hashes });
  }
  return { ...toResult(contracts, files, problems), isThorough };
}

function toResult(
  contracts: readonly Contract[],
  files: readonly (FoundFile & { readonly text: string })[],
  problems: readonly Problem[],
): Pick<LoadedContracts, 'contracts' | 'documents' | 'problems'> {
  const texts = new Map(files.map(({ relative, text }) => [relative, text]));
  const documents = contracts.map(({ system, name, file }) => [`${system}/${name}`, texts.get(file) ?? '']);
  return { contracts, documents: Object.fromEntries(documents), problems };
}
