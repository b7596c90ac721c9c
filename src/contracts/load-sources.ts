import { dirname, sep } from 'node:path';
import type { Problem } from '../errors.ts';
import type { Contract } from '../model/contract.ts';
import { checkDuplicates, type LoadedFile } from './check-duplicates.ts';
import { checkReferences } from './check-references.ts';
import { collectProblems } from './collect-problems.ts';
import type { FoundFile } from './find-files.ts';
import type { Format } from './format.ts';
import { loadFormats } from './formats.ts';
import { inferResources } from './infer-resources.ts';
import type { LoadOptions } from './load-contracts.ts';
import type { Finding, SourceFile } from './source-file.ts';
import { readSourceFiles, type SourceFiles } from './source-files.ts';

/** What the files say, all of them together. */
export interface LoadedSources {
  /** Sorted by system, then by name. */
  readonly contracts: readonly Contract[];
  readonly problems: readonly Problem[];
  /** Files that were not asked for, but that the contracts refer to. */
  readonly outside: readonly SourceFile[];
  readonly isThorough: boolean;
}

/** Reads and checks files, and builds the contracts in them. */
export async function loadSources(
  found: readonly (FoundFile & { readonly text: string })[],
  options: LoadOptions,
): Promise<LoadedSources> {
  const formats = [...(options.formats ?? []), ...(await loadFormats())];
  const files = await readSourceFiles(
    found,
    async (source) => (await formatOf(source, formats)?.companions?.(source)) ?? [],
  );
  const outside = [...files.all.values()].filter((source) => !files.asked.includes(source));
  return { ...(await loadDocuments(files, formats, options)), outside };
}

async function loadDocuments(
  files: SourceFiles,
  formats: readonly Format[],
  { isQuick = false }: LoadOptions,
): Promise<Omit<LoadedSources, 'outside'>> {
  const documents = new Map<SourceFile, Format>();
  for (const source of files.asked) {
    const format = formatOf(source, formats);
    if (format !== undefined) documents.set(source, format);
  }
  const findings: Finding[] = [];
  let isSuspicious = false;
  const loaded: LoadedFile[] = [];
  for (const [source, format] of documents) {
    const first = [...checkReferences(source, files), ...(await format.check(source, files))];
    const all = isQuick ? first : [...first, ...((await format.secondOpinion?.(source, files)) ?? [])];
    // What a check says of another contract is hearsay: it reads that by the rules of its own format.
    const own = all.filter((finding) => finding.source === source || !documents.has(finding.source));
    findings.push(...own);
    const contract = await format.load(source, files).catch((error: unknown) => {
      // A document that is known to be wrong need not be loadable; that it cannot be loaded makes a quick look suspicious.
      if (isQuick) isSuspicious = true;
      else if (all.length === 0) throw error;
    });
    if (contract !== undefined) loaded.push({ source, contract });
  }
  const others = [...files.all.values()].filter((source) => !documents.has(source) && !isExample(source, files));
  findings.push(...others.flatMap((source) => checkOther(source, files)), ...checkDuplicates(loaded));
  const problems = collectProblems(findings, [...documents.keys(), ...others]);
  // What is known to be wrong is told whole.
  if (isSuspicious || (isQuick && problems.length > 0)) return loadDocuments(files, formats, {});
  return {
    contracts: inferResources(loaded.map(({ contract }) => contract)).toSorted(byName),
    problems,
    isThorough: !isQuick || [...documents.values()].every(({ secondOpinion }) => secondOpinion === undefined),
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
