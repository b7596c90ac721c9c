import type { Problem, Severity } from '../errors.ts';
import { type ParsedText, parseText } from '../lib/text/parse-text.ts';
import { readPositions, type TextPositions } from '../lib/text/text-positions.ts';
import type { FileText } from './read-text.ts';
import { LONGEST_CHAIN, longChain } from './reference-chains.ts';

/** One YAML or JSON file: its text, its value, and the way from a place in the value back to a line of the text. */
export interface SourceFile {
  /** The path as the user gave it, for messages. */
  readonly file: string;
  /** The absolute path, by which references find it. */
  readonly path: string;
  /** The path below the specs folder, for example `connectx/bss-api.openapi.yaml`. */
  readonly relative: string;
  /** The name of the folder that holds it. */
  readonly system: string;
  /** The file name without its endings; unique among the contracts of the system. */
  readonly name: string;
  readonly text: string;
  /** What the text says; `undefined` where it cannot be read. */
  readonly value: unknown;
  readonly syntaxProblems: readonly Problem[];
  /** Overlays that have changed the value. */
  readonly overlays?: readonly SourceFile[];
  /**
   * Where a pointer leads to, or its deepest part that exists; with `onKey` the name of the member, not its value. In
   * another file where an overlay has changed it.
   */
  locate(pointer: string, onKey?: boolean): { line: number; column: number; file?: string };
  /** What the specification of YAML does not permit, though the text could be read. */
  deviations(): readonly Problem[];
}

/** Something wrong at one place of a document; it becomes a `Problem` once all are known. */
export interface Finding {
  readonly source: SourceFile;
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
  /** Default: `error`, which is what changes how something is served. */
  readonly severity?: Severity;
  /** The mistake is in the name of the member, not in its value. */
  readonly onKey?: boolean;
  /** The member that should be here; dropped where a misspelt neighbour was meant to be it. */
  readonly missing?: string;
  /** Comes from a second opinion: dropped where another finding stands at, above or below the same place. */
  readonly isSecondOpinion?: boolean;
}

/** Takes a finding down. */
export type Report = (finding: Finding) => void;

/** Reads the text of a file. A text that is no YAML or JSON has no value but a `syntaxProblems` entry with line and column. */
export function parseSourceFile(
  identity: Pick<SourceFile, 'file' | 'path' | 'relative' | 'system' | 'name'>,
  content: FileText,
): SourceFile {
  const { text, failure } = content;
  const parsed: ParsedText =
    failure === undefined ? parseText(text) : { error: { line: 1, column: 1, message: failure } };
  const chain = 'error' in parsed ? undefined : longChain(parsed.value);
  let known: TextPositions | undefined;
  const positions = () => {
    known ??= readPositions(content.text, 'value' in parsed && parsed.isJson === true);
    return known;
  };
  const { file } = identity;
  return {
    ...identity,
    get text() {
      return content.text;
    },
    value: 'error' in parsed || chain !== undefined ? undefined : parsed.value,
    syntaxProblems:
      'error' in parsed
        ? [
            {
              file,
              ...parsed.error,
              hint:
                failure === undefined
                  ? 'Correct the syntax here; the rest of the file cannot be read before.'
                  : 'Leave it out, or make it readable.',
              severity: 'error',
            },
          ]
        : chain === undefined
          ? []
          : [
              {
                file,
                ...positions().locate(chain),
                message: `A reference leads to a reference, and so on, more than ${LONGEST_CHAIN} times.`,
                hint: 'Let it lead where the last of them does; the rest of the file is not read before.',
                severity: 'error',
              },
            ],
    locate: (pointer, onKey) => positions().locate(pointer, onKey),
    deviations: () =>
      'error' in parsed
        ? []
        : positions().deviations.map((deviation) => ({
            file,
            ...deviation,
            hint: 'Correct it, as other tools may read it differently.',
            severity: 'warning',
          })),
  };
}

/**
 * The same file with other members. (A copy member by member would make its text, and hold it.)
 *
 * @example withMembers(source, { value: repaired })
 */
export function withMembers(source: SourceFile, members: Partial<SourceFile>): SourceFile {
  return Object.create(source, Object.getOwnPropertyDescriptors(members));
}

/** The finding with its line and column. */
export function toProblem({ source, pointer, onKey, message, hint, severity = 'error' }: Finding): Problem {
  return { file: source.file, ...source.locate(pointer, onKey), message, hint, severity };
}
