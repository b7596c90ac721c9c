import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { Problem } from '../errors.ts';
import { keysOf } from '../lib/json-pointer.ts';

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
  /** The file name without its endings. */
  readonly name: string;
  readonly text: string;
  /** What the text says; `undefined` where it cannot be read. */
  readonly value: unknown;
  readonly syntaxProblems: readonly Problem[];
  /** Where a pointer leads to, or its deepest part that exists; with `onKey` the name of the member, not its value. */
  locate(pointer: string, onKey?: boolean): { line: number; column: number };
}

/** Something wrong at one place of a document; it becomes a `Problem` once all are known. */
export interface Finding {
  readonly source: SourceFile;
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
  /** The mistake is in the name of the member, not in its value. */
  readonly onKey?: boolean;
  /** The member that should be here; dropped where a misspelt neighbour was meant to be it. */
  readonly missing?: string;
  /** Comes from a second opinion: dropped where another finding stands at, above or below the same place. */
  readonly isSecondOpinion?: boolean;
}

/** Reads a text. A text that is no YAML or JSON has no value but a `syntaxProblems` entry with line and column. */
export function parseSourceFile(
  identity: Pick<SourceFile, 'file' | 'path' | 'relative' | 'system' | 'name'>,
  text: string,
): SourceFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    schema: identity.path.endsWith('.json') ? 'json' : 'core',
  });
  const position = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // One slip often derails the rest of the file, so that only the first error says something true.
  const [firstError] = document.errors;
  return {
    ...identity,
    text,
    value: firstError === undefined ? document.toJS() : undefined,
    syntaxProblems:
      firstError === undefined
        ? []
        : [
            {
              file: identity.file,
              ...position(firstError.pos[0]),
              message: `${firstError.message.replace(/[.:]?\s*$/, '')}.`,
              hint: 'Correct the syntax here; the rest of the file cannot be read before.',
            },
          ],
    locate: (pointer, onKey = false) => position(offsetOf(document, keysOf(pointer), onKey)),
  };
}

/** The finding with its line and column. */
export function toProblem(finding: Finding): Problem {
  return {
    file: finding.source.file,
    ...finding.source.locate(finding.pointer, finding.onKey),
    message: finding.message,
    hint: finding.hint,
  };
}

function offsetOf(document: Document, keys: readonly string[], onKey: boolean): number {
  let node: Node | null = document.contents;
  let keyOffset = 0;
  for (const key of keys) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
      if (pair === undefined) {
        // The place does not exist, so that the name of what lacks it is the best that can be shown.
        return onKey ? keyOffset : startOf(node);
      }
      keyOffset = startOf(pair.key as Node);
      node = pair.value as Node | null;
    } else {
      const item: unknown = node.items[Number(key)];
      if (item === undefined) return keyOffset;
      node = item as Node;
      keyOffset = startOf(node);
    }
  }
  return onKey || node === null ? keyOffset : startOf(node);
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
