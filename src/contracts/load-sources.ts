import { dirname, resolve, sep } from 'node:path';
import type { Problem } from '../errors.ts';
import { pointerTo } from '../lib/json-pointer.ts';
import { writeText } from '../lib/text/parse-text.ts';
import type { Contract } from '../model/contract.ts';
import { checkDuplicates, type LoadedFile } from './check-duplicates.ts';
import { checkReferences } from './check-references.ts';
import { collectProblems } from './collect-problems.ts';
import { cutCycles } from './cut-cycles.ts';
import type { Format } from './format.ts';
import { loadFormats } from './formats.ts';
import { checkHints } from './hints/check-hints.ts';
import { HINTS } from './hints/hints.ts';
import { inferResources } from './infer-resources.ts';
import type { LoadOptions } from './load-options.ts';
import { applyOverlays } from './overlays/apply-overlays.ts';
import { isOverlay, matchOverlays } from './overlays/match-overlays.ts';
import { objectOr } from './plain-object.ts';
import { isShipped } from './shipped-contracts.ts';
import type { Finding, SourceFile } from './source-file.ts';
import { type AskedFile, readSourceFiles, type SourceFiles } from './source-files.ts';

/** What the files say, all of them together. */
export interface LoadedSources {
  /** Sorted by system, then by name. */
  readonly contracts: readonly Contract[];
  /** Worked out when asked for: to find lines takes longer than to read what is on them. */
  readonly problems: readonly Problem[];
  /** The text of each contract that overlays change, as they make it, by `<system>/<name>`. */
  readonly patched: Readonly<Record<string, string>>;
  /** Whether all that is known to be wrong is among the problems. */
  readonly isLinted: boolean;
  /** Whether a later check would find nothing more: there is nothing that it would look through. */
  readonly isSettled: boolean;
  /** Files that were not asked for, but that the contracts refer to. */
  readonly outside: readonly Pick<SourceFile, 'path' | 'text'>[];
}

/** Reads files and builds the contracts in them, of all that can be read. */
export async function loadSources(found: readonly AskedFile[], options: LoadOptions): Promise<LoadedSources> {
  const formats = [...(options.formats ?? []), ...(await loadFormats())];
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const isContract = (source: SourceFile) => formatOf(source, formats) !== undefined;
  const isAskedFor = ({ path }: SourceFile) => options.overlays?.some((each) => resolve(each) === path) === true;
  const files = await readSourceFiles(found, {
    companions: async (source) => (await formatOf(source, formats)?.companions?.(source)) ?? [],
    isContract,
    allowRefs: options.allowRefs,
    overlay: (sources) => {
      const overlays = sources.filter(({ value }) => isOverlay(value));
      return applyOverlays(matchOverlays(overlays, sources.filter(isContract), { isAskedFor, report }), report);
    },
  });
  const { isQuick = false } = options;
  const { contracts, documents, others, isTooLong, isLintLeft, ...loaded } = await loadDocuments(
    files,
    formats,
    options,
  );
  for (const finding of loaded.findings) report(finding);
  const outside = [
    ...[...files.all.values()].filter((source) => !files.asked.includes(source)),
    ...[...files.texts].map(([path, text]) => ({ path, text })),
  ];
  const isLinted = !isQuick && !isTooLong;
  let problems: readonly Problem[] | undefined;
  return {
    contracts,
    outside,
    isLinted,
    // Where one is too long, what the language does not permit is not looked for, either; and to find the lines of what is
    // wrong takes too long for somebody who waits.
    isSettled: !isQuick || (isTooLong && !isLintLeft && findings.length === 0 && areReadable(files)),
    patched: patchedTexts(contracts, files),
    get problems() {
      problems ??= collectProblems(findings, [...documents, ...others], { isThorough: isLinted });
      return problems;
    },
  };
}

async function loadDocuments(
  files: SourceFiles,
  formats: readonly Format[],
  { isQuick = false, mostLinted = Number.POSITIVE_INFINITY }: LoadOptions,
) {
  let isTooLong = false;
  let isLintLeft = false;
  const documents = new Map<SourceFile, Format>();
  const long = new Set<SourceFile>();
  const hinted = new Set<SourceFile>();
  for (const source of files.asked) {
    const format = formatOf(source, formats);
    if (format === undefined) continue;
    documents.set(source, format);
    // Now, because a long text is let go of before its contract is made.
    if (source.text.length > mostLinted) long.add(source);
    if (mayHaveHints(source)) hinted.add(source);
  }
  const findings: Finding[] = [];
  /** One by one: a document may have more of them than a call has arguments. */
  const note = (found: readonly Finding[]): void => {
    for (const finding of found) findings.push(finding);
  };
  const loaded: LoadedFile[] = [];
  for (const [source, format] of documents) {
    const known = new Set<string>();
    const report = (finding: Finding): void => {
      // What many places refer to is read at each of them.
      const key = `${finding.source.path}#${finding.pointer} ${finding.message}`;
      if (!known.has(key)) findings.push(finding);
      known.add(key);
    };
    const contract = await format
      .load(source, files, report)
      .then((read) => cutCycles(read, source, report))
      .catch((error: unknown) => {
        report(unreadable(source, error));
      });
    if (contract !== undefined) loaded.push({ source, contract });
    note(checkReferences(source, files));
    if (format.lint === undefined) continue;
    if (long.has(source)) {
      isTooLong = true;
      continue;
    }
    if (isQuick) {
      if (!isShipped(source.path)) isLintLeft = true;
      continue;
    }
    const opinions = await format.lint(source, files).catch((error: unknown) => [unchecked(source, error)]);
    // What a check says of another contract is hearsay: it reads that by the rules of its own format.
    note(opinions.filter((finding) => finding.source === source || !documents.has(finding.source)));
  }
  const others = [...files.all.values()].filter((source) => !documents.has(source) && !isExample(source, files));
  const parts = others.filter(({ value }) => !isOverlay(value));
  note(parts.flatMap((source) => checkOther(source, files)));
  note(checkDuplicates(loaded));
  const inferred = inferResources(loaded.map(({ contract }) => contract));
  for (const source of documents.keys()) {
    const index = loaded.findIndex((each) => each.source === source);
    if (hinted.has(source)) note(await checkHints(source, inferred[index]));
  }
  return { contracts: inferred.toSorted(byName), findings, documents: documents.keys(), others, isTooLong, isLintLeft };
}

function areReadable({ all }: SourceFiles): boolean {
  return [...all.values()].every(({ syntaxProblems }) => syntaxProblems.length === 0);
}

function patchedTexts(contracts: readonly Contract[], files: SourceFiles): Readonly<Record<string, string>> {
  const changed = files.asked.filter(({ overlays = [] }) => overlays.length > 0);
  return Object.fromEntries(
    contracts.flatMap(({ system, name, file }) => {
      const source = changed.find(({ relative }) => relative === file);
      return source === undefined ? [] : [[`${system}/${name}`, writeText(source.value, source.text)]];
    }),
  );
}

function mayHaveHints({ text, overlays = [] }: SourceFile): boolean {
  return text.includes(HINTS) || overlays.some((overlay) => overlay.text.includes(HINTS));
}

function formatOf(source: SourceFile, formats: readonly Format[]): Format | undefined {
  return formats.find((format) => format.recognises(source.value));
}

function isExample(source: SourceFile, files: SourceFiles): boolean {
  return !files.referredTo.has(source.path) && dirname(source.path).split(sep).includes('examples');
}

const VERSION_KEYS = ['openapi', 'swagger', 'swaggerVersion', 'asyncapi', 'apsVersion'];

/** A file that is no contract is a part of one, or else it is a mistake. */
function checkOther(source: SourceFile, files: SourceFiles): Finding[] {
  if (files.referredTo.has(source.path) || !files.asked.includes(source)) return checkReferences(source, files);
  if (source.syntaxProblems.length > 0) return [];
  const version = Object.entries(objectOr(source.value)).find(([key]) => VERSION_KEYS.includes(key));
  if (version !== undefined) {
    return [
      {
        source,
        pointer: pointerTo('', version[0]),
        message: `This version is not read: \`${version[0]}: ${String(version[1])}\`.`,
        hint: 'Read are Swagger 2.0, OpenAPI 3, AsyncAPI 2 and 3, and APS 2.',
      },
    ];
  }
  return [
    {
      source,
      pointer: '',
      message: 'This is no contract of a known format.',
      hint: 'Name its format (`openapi`, `swagger`, `asyncapi`, `apsVersion`, `$schema`), or move it to a folder `examples`.',
      severity: 'warning',
    },
  ];
}

function unreadable(source: SourceFile, error: unknown): Finding {
  const why = error instanceof RangeError ? 'it is nested too deeply' : error instanceof Error ? error.message : error;
  return {
    source,
    pointer: '',
    message: `The document cannot be read (${why}): it is left out.`,
    hint: 'Correct it to have it served.',
  };
}

/** A check that fails says nothing about the document. */
function unchecked(source: SourceFile, error: unknown): Finding {
  return {
    source,
    pointer: '',
    message: `Not everything could be checked (${error instanceof Error ? error.message : error}).`,
    hint: 'What is served is not affected.',
    severity: 'warning',
  };
}

function byName(a: Contract, b: Contract): number {
  if (a.system !== b.system) return a.system < b.system ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
