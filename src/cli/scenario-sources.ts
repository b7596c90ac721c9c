import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { loadContracts } from '../contracts/load-contracts.ts';
import { parseSourceFile } from '../contracts/source-file.ts';
import { nearestWord } from '../lib/nearest-word.ts';
import type { ScenarioSources, TextDocument } from '../scenarios/document-reader.ts';

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
    contract: (given) => once(contracts, resolve(directory, given), (path) => loadContract(path, cacheDir)),
    nearest: nearestWord,
  };
}

function once<T>(known: Map<string, Promise<T>>, path: string, make: (path: string) => Promise<T>): Promise<T> {
  const made = known.get(path) ?? make(path);
  known.set(path, made);
  return made;
}

async function openDocument(path: string, directory: string): Promise<TextDocument | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const name = basename(path).replace(/\..*$/, '');
  const system = basename(dirname(path));
  return parseSourceFile(
    { file: relative(directory, path) || path, path, relative: `${system}/${basename(path)}`, system, name },
    { text },
  );
}

async function loadContract(path: string, cacheDir: string | undefined): ReturnType<ScenarioSources['contract']> {
  if ((await readText(path)) === undefined) return { problems: [] };
  const { contracts, problems } = await loadContracts([path], { cacheDir });
  return { contract: contracts[0], problems };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
