import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { loadContracts } from './contracts/load-contracts.ts';
import { parseSourceFile } from './contracts/source-file.ts';
import { SimulatorError } from './errors.ts';
import { nearestWord } from './lib/nearest-word.ts';
import { readRegularFile } from './lib/regular-file.ts';
import type { ScenarioSources, TextDocument } from './scenarios/document-reader.ts';

export interface ScenarioSourcesOptions {
  /** What relative paths start from, and what messages show paths relative to. */
  readonly directory: string;
  /** Where loaded contracts are kept; nothing is kept without it. */
  readonly cacheDir?: string;
}

/**
 * Reads scenarios and the contracts that they name from files, each once.
 *
 * @example await readArazzo(['scenarios/macd/add.arazzo.yaml'], createScenarioSources({ directory: process.cwd() }));
 */
export function createScenarioSources({ directory, cacheDir }: ScenarioSourcesOptions): ScenarioSources {
  const documents = new Map<string, Promise<TextDocument | undefined>>();
  const contracts = new Map<string, ReturnType<ScenarioSources['contract']>>();
  return {
    open: (given) => once(documents, resolve(directory, given), (path) => openDocument(path, directory)),
    contract: (given) => once(contracts, resolve(directory, given), (path) => loadContract(path, directory, cacheDir)),
    nearest: nearestWord,
  };
}

/** Files as they are, and in folders all that are named like scenarios, in the order of their names. */
export async function findScenarios(given: readonly string[], directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of given) {
    const isFolder = await stat(resolve(directory, path)).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (!isFolder) {
      found.push(path);
      continue;
    }
    const names = await readdir(resolve(directory, path), { recursive: true });
    found.push(
      ...names
        .filter((name) => /\.arazzo\.(ya?ml|json)$/.test(name))
        .map((name) => name.split(sep).join('/'))
        .sort()
        .map((name) => join(path, name)),
    );
  }
  return found;
}

function once<T>(known: Map<string, Promise<T>>, path: string, make: (path: string) => Promise<T>): Promise<T> {
  const made = known.get(path) ?? make(path);
  known.set(path, made);
  return made;
}

async function openDocument(path: string, directory: string): Promise<TextDocument | undefined> {
  const text = readText(path, directory);
  if (text === undefined) return undefined;
  const name = basename(path).replace(/\..*$/, '');
  const system = basename(dirname(path));
  return parseSourceFile(
    { file: relative(directory, path) || path, path, relative: `${system}/${basename(path)}`, system, name },
    { text },
  );
}

async function loadContract(
  path: string,
  directory: string,
  cacheDir: string | undefined,
): ReturnType<ScenarioSources['contract']> {
  if (readText(path, directory) === undefined) return { problems: [] };
  const { contracts, problems } = await loadContracts([path], { cacheDir });
  return { contract: contracts[0], problems };
}

function readText(path: string, directory: string): string | undefined {
  const read = readRegularFile(path);
  if ('bytes' in read) return read.bytes.toString('utf8');
  if (read.isMissing || read.isFolder) return undefined;
  const file = relative(directory, path) || path;
  throw new SimulatorError('CONFIG_INVALID', `Failed to read ${file}: it ${read.failure}. Name another file.`);
}
