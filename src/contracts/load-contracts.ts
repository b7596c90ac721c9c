import { readFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import type { Problem } from '../errors.ts';
import type { Contract } from '../model/contract.ts';
import { checkDuplicates, type LoadedFile } from './check-duplicates.ts';
import { checkReferences } from './check-references.ts';
import { collectProblems } from './collect-problems.ts';
import { cacheKey, hashOf, readCache, writeCache } from './contract-cache.ts';
import type { Format } from './format.ts';
import { loadFormats } from './formats.ts';
import { inferResources } from './infer-resources.ts';
import type { Finding, SourceFile } from './source-file.ts';
import { type FoundFile, findFiles, readSourceFiles, type SourceFiles } from './source-files.ts';

export interface LoadOptions {
  /** Where loads without problems are kept; nothing is kept without it. */
  readonly cacheDir?: string;
  /** Further formats, beside those that have a folder here. */
  readonly formats?: readonly Format[];
}

export interface LoadedContracts {
  /** Sorted by system, then by name. */
  readonly contracts: readonly Contract[];
  /** The raw text of each contract, by `<system>/<name>`. */
  readonly documents: Readonly<Record<string, string>>;
  /** Everything wrong in all the files; with any, the contracts are those that could be made sense of. */
  readonly problems: readonly Problem[];
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
  if (cached !== undefined) return toResult(cached.contracts, files, []);

  const formats = [...(options.formats ?? []), ...(await loadFormats())];
  const sources = await readSourceFiles(
    files,
    async (source) => (await formatOf(source, formats)?.companions?.(source)) ?? [],
  );
  const { contracts, problems } = await loadSources(sources, formats);
  if (cacheDir !== undefined && problems.length === 0) {
    const outside = [...sources.all.values()].filter((source) => !sources.asked.includes(source));
    const hashes = outside.map(({ path, text }) => ({ path, hash: hashOf(text) }));
    await writeCache(cacheDir, key, { contracts, outside: hashes });
  }
  return toResult(contracts, files, problems);
}

async function loadSources(
  files: SourceFiles,
  formats: readonly Format[],
): Promise<{ contracts: Contract[]; problems: Problem[] }> {
  const documents = new Map<SourceFile, Format>();
  for (const source of files.asked) {
    const format = formatOf(source, formats);
    if (format !== undefined) documents.set(source, format);
  }
  const findings: Finding[] = [];
  const loaded: LoadedFile[] = [];
  for (const [source, format] of documents) {
    const all = [...checkReferences(source, files), ...(await format.check(source, files))];
    // What a check says of another contract is hearsay: it reads that by the rules of its own format.
    const own = all.filter((finding) => finding.source === source || !documents.has(finding.source));
    findings.push(...own);
    const contract = await format.load(source, files).catch((error: unknown) => {
      // A document that is known to be wrong need not be loadable.
      if (all.length === 0) throw error;
    });
    if (contract !== undefined) loaded.push({ source, contract });
  }
  const others = [...files.all.values()].filter((source) => !documents.has(source) && !isExample(source, files));
  findings.push(...others.flatMap((source) => checkOther(source, files)), ...checkDuplicates(loaded));
  return {
    contracts: inferResources(loaded.map(({ contract }) => contract)).toSorted(byName),
    problems: collectProblems(findings, [...documents.keys(), ...others]),
  };
}

function formatOf(source: SourceFile, formats: readonly Format[]): Format | undefined {
  return formats.find((format) => format.recognises(source.value));
}

function isExample(source: SourceFile, files: SourceFiles): boolean {
  return !files.referredTo.has(source.path) && dirname(source.path).split(sep).includes('examples');
}

/** A file that is no contract is a part of one, or else it is a mistake. */
function checkOther(source: SourceFile, files: SourceFiles): Finding[] {
  if (files.referredTo.has(source.path) || !files.asked.includes(source)) return checkReferences(source, files);
  if (source.syntaxProblems.length > 0) return [];
  return [
    {
      source,
      pointer: '',
      message: 'This is no contract of a known format.',
      hint: 'Name its format (`openapi`, `swagger`, `asyncapi`, `apsVersion`, `$schema`), or move it to a folder `examples`.',
    },
  ];
}

function byName(a: Contract, b: Contract): number {
  if (a.system !== b.system) return a.system < b.system ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function toResult(
  contracts: readonly Contract[],
  files: readonly (FoundFile & { readonly text: string })[],
  problems: readonly Problem[],
): LoadedContracts {
  const texts = new Map(files.map(({ relative, text }) => [relative, text]));
  const documents = contracts.map(({ system, name, file }) => [`${system}/${name}`, texts.get(file) ?? '']);
  return { contracts, documents: Object.fromEntries(documents), problems };
}
