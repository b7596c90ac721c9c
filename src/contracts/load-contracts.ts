import type { Problem } from '../errors.ts';
import { IS_BUILT } from '../lib/package-folder.ts';
import type { Contract } from '../model/contract.ts';
import { cacheKey, type FilesLoad, hashOf, readCache, writeCache } from './contract-cache.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import type { LoadOptions } from './load-options.ts';
import type { LoadedSources } from './load-sources.ts';
import { type FileContent, readText } from './read-text.ts';
import { isShipped } from './shipped-contracts.ts';

export interface LoadedContracts extends FilesLoad {
  /** Distinguishes the files that were read from all others, by what they say. */
  readonly key: string;
  /** The raw text of each contract, by `<system>/<name>`. */
  readonly documents: Readonly<Record<string, string>>;
}

interface ReadFile extends FoundFile {
  readonly content: FileContent;
}

/** Bytes of documents from which a worker reads them: what reading throws away goes with it. */
const LARGE = 2 ** 20;

/**
 * Loads every contract below the paths, whatever its format. What cannot be read is left out, and a problem.
 *
 * @example
 * const { contracts, problems } = await loadContracts(['specs']);
 */
export async function loadContracts(paths: readonly string[], options: LoadOptions = {}): Promise<LoadedContracts> {
  const { files, key } = await readFiles(paths, options);
  const loaded =
    (await readKeptLoad(files, key, options)) ??
    (await loadElsewhere(paths, files, key, options)) ??
    (await loadFiles(files, key, options));
  const { contracts, patched, isThorough, isSettled } = loaded;
  return {
    key,
    contracts,
    documents: documentsOf(contracts, files),
    patched,
    isThorough,
    isSettled,
    get problems() {
      return loaded.problems;
    },
  };
}

/** The files below the paths, and the key of a load of them. */
export async function readFiles(
  paths: readonly string[],
  { overlays, allowRefs }: LoadOptions,
): Promise<{ readonly files: readonly ReadFile[]; readonly key: string }> {
  const found = await findFiles(paths, overlays);
  const files = found.map((file) => ({ ...file, content: readText(file.path) }));
  return { files, key: cacheKey(files, allowRefs) };
}

async function readKeptLoad(
  files: readonly ReadFile[],
  key: string,
  { cacheDir, isQuick = false }: LoadOptions,
): Promise<FilesLoad | undefined> {
  const cached = cacheDir === undefined ? undefined : await readCache(cacheDir, key);
  if (cached === undefined || !(cached.isThorough || isQuick)) return undefined;
  return { ...cached, problems: cached.problems.map((problem) => renamed(problem, 'relative', 'file', files)) };
}

/** (The sources have no file that a worker could run, and formats that come with a call cannot go there.) */
async function loadElsewhere(
  paths: readonly string[],
  files: readonly ReadFile[],
  key: string,
  options: LoadOptions,
): Promise<FilesLoad | undefined> {
  const size = files.reduce((sum, { content }) => sum + content.size, 0);
  if (size < LARGE || options.isQuick !== true || options.formats !== undefined || !IS_BUILT) return undefined;
  const { loadInWorker } = await import('./load-in-worker.ts');
  return loadInWorker({ paths, options, key }, size);
}

/** Reads what files say, and keeps it where it is to be kept. */
export async function loadFiles(files: readonly ReadFile[], key: string, options: LoadOptions): Promise<FilesLoad> {
  const { cacheDir, isQuick = false, isCheckedLater = false } = options;
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
  return withProblems({ contracts, patched, isThorough, isSettled }, loaded);
}

/** Where there may be problems, what was read is kept until they are asked for; it is let go of where there is none. */
function withProblems(rest: Omit<FilesLoad, 'problems'>, loaded: LoadedSources): FilesLoad {
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

/** Each is made when it is asked for: large ones are kept packed, and those that are shipped are where they were. */
function documentsOf(contracts: readonly Contract[], files: readonly ReadFile[]): LoadedContracts['documents'] {
  const contents = new Map(files.map(({ relative, path, content }) => [relative, keptContent(path, content)]));
  const documents = {};
  for (const { system, name, file } of contracts) {
    const content = contents.get(file);
    Object.defineProperty(documents, `${system}/${name}`, { enumerable: true, get: () => content?.text ?? '' });
  }
  return documents;
}

function keptContent(path: string, content: FileContent): Pick<FileContent, 'text'> {
  return isShipped(path) ? shippedContent(path) : content;
}

/** (A function of its own, which holds no text that it does not see.) */
function shippedContent(path: string): Pick<FileContent, 'text'> {
  return {
    get text() {
      return readText(path).text;
    },
  };
}
