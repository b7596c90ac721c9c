import type { Problem } from '../errors.ts';
import { isOnOnePath } from '../lib/json-pointer.ts';
import { suggestion } from '../lib/nearest-word.ts';
import { type Finding, type SourceFile, toProblem } from './source-file.ts';

/**
 * Findings and syntax errors as one list: each mistake once, in the order of files, lines and columns. Several checks
 * see the same document, and several documents the same file, so that one place stands for one mistake.
 */
export function collectProblems(
  findings: readonly Finding[],
  sources: readonly SourceFile[],
  { isThorough = true } = {},
): Problem[] {
  const first = findings.filter(({ isSecondOpinion }) => isSecondOpinion !== true);
  const second = findings.filter(
    (finding) =>
      finding.isSecondOpinion === true &&
      !first.some(({ source, pointer }) => source === finding.source && isOnOnePath(pointer, finding.pointer)),
  );
  const problems = sources.flatMap(({ syntaxProblems }) => syntaxProblems);
  const deviations = isThorough ? sources.flatMap((source) => source.deviations()) : [];
  const byPlace = new Map<string, Problem>();
  for (const problem of [...problems, ...withoutMisspelt([...first, ...second]).map(toProblem), ...deviations]) {
    const place = `${problem.file}:${problem.line}:${problem.column}`;
    if (!byPlace.has(place)) byPlace.set(place, problem);
  }
  return [...byPlace.values()].sort(
    (a, b) => compare(a.file, b.file) || compare(a.line, b.line) || compare(a.column, b.column),
  );
}

/** A required member with a slip in its name is both unexpected and missing, which is one mistake. */
function withoutMisspelt(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ source, pointer, missing }) =>
      missing === undefined ||
      !findings.some(
        (other) =>
          other.source === source &&
          other.pointer.slice(0, other.pointer.lastIndexOf('/')) === pointer &&
          other.hint === suggestion(missing),
      ),
  );
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
