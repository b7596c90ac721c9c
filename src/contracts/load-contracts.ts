import type { Problem } from '../errors.ts';
import type { Contract } from '../model/contract.ts';
import { cacheKey, hashOf, readCache, writeCache } from './contract-cache.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import { keepTexts } from './kept-texts.ts';
import type { LoadOptions } from './load-options.ts';
import type { LoadedSources } from './load-sources.ts';
import { type FileText, readText } from './read-text.ts';

export interface LoadedContracts {
  /** Distinguishes the files that were read from all others, by what they say. */
  readonly key: string;
  /** Sorted by system, then by name. */
  readonly contracts: readonly Contract[];
  /** The raw text of each contract, by `<system>/<name>`. */
  readonly documents: Readonly<Record<string, string>>;
  /** The text of each contract that overlays change, as they make it, by `<system>/<name>`. */
  readonly patched: Readonly<Record<string, string>>;
  /** What is wrong in all the files; the contracts are what could be made sense of. Worked out when asked for. */
  readonly problems: readonly Problem[];
  /** Whether everything was checked that can be, now or when the cache was written. */
  readonly isThorough: boolean;
  /** Whether a later check would find nothing more. */
  readonly isSettled: boolean;
}

/**
 * Loads every contract below the paths, whatever its format. What cannot be read is left out, and a problem.
 *
 * @example
 * const { contracts, problems } = await loadContracts(['specs']);
 */
export async function loadContracts(paths: readonly string[], options: LoadOptions = {}): Promise<LoadedContracts> {
  const found = await findFiles(paths, options.overlays);
  const files = found.map((file) => ({ ...file, ...readText(file.path) }));
  const { cacheDir, isQuick = false, isCheckedLater = false, allowRefs = false } = options;
  const key = cacheKey(files, allowRefs);
  const cached = cacheDir === undefined ? undefined : await readCache(cacheDir, key);
  if (cached !== undefined && (cached.isThorough || isQuick)) {
    const { contracts, isThorough, isSettled, patched } = cached;
    const problems = cached.problems.map((problem) => renamed(problem, 'relative', 'file', files));
    return { key, contracts, problems, isThorough, isSettled, patched, documents: await documentsOf(contracts, files) };
  }

  // What reads documents takes longer to load than the cache to read.
  const { loadSources } = await import('./load-sources.ts');
  const loaded = await loadSources(files, options);
  const { contracts, patched, isSettled } = loaded;
  const isThorough = !isQuick && loaded.isLinted;
  const outside = loaded.outside.map(({ path, text }) => ({ path, hash: hashOf(text) }));
  if (cacheDir !== undefined && (isSettled || !isCheckedLater)) {
    const problems = loaded.problems.map((problem) => renamed(problem, 'file', 'relative', files));
    await writeCache(cacheDir, key, { contracts, problems, isThorough, isSettled, patched, outside });
  }
  const documents = await documentsOf(contracts, files);
  return withProblems({ key, contracts, documents, patched, isThorough, isSettled }, loaded);
}

/** Where there may be problems, what was read is kept until they are asked for; it is let go of where there is none. */
function withProblems(rest: Omit<LoadedContracts, 'problems'>, loaded: LoadedSources): LoadedContracts {
  if (rest.isSettled && loaded.problems.length === 0) return { ...rest, problems: [] };
  return {
    ...rest,
    get problems() {
      return loaded.problems;
    },
  };
}

/** The same files may be asked for by other paths the next time. */
function renamed(problem: Problem, from: Name, to: Name, files: readonly FoundFile[]): Problem {
  const file = files.find((each) => each[from] === problem.file);
  return file === undefined ? problem : { ...problem, file: file[to] };
}

type Name = 'file' | 'relative';

function documentsOf(
  contracts: readonly Contract[],
  files: readonly (FoundFile & FileText)[],
): Promise<LoadedContracts['documents']> {
  const texts = new Map(files.map(({ relative, text }) => [relative, text]));
  return keepTexts(
    Object.fromEntries(
      contracts.map(({ system, name, file }) => [`${system}/${name}`, texts.get(file) ?? ''] as const),
    ),
  );
}
