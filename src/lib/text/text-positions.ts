import type { Document, Node } from 'yaml';
import { keysOf } from '../json-pointer.ts';
import { createJsonLocator } from './json-positions.ts';
import { isJsonText, type SyntaxProblem } from './parse-text.ts';
import { loadYaml } from './yaml-library.ts';

/** The way from a place in a document back to a line of its text. */
export interface TextPositions {
  /** Where a pointer leads to, or its deepest part that exists; with `onKey` the name of the member, not its value. */
  locate(pointer: string, onKey?: boolean): { line: number; column: number };
  /** What the specification of YAML does not permit, though the usual parsers take it. */
  readonly deviations: readonly SyntaxProblem[];
}

/**
 * Reads a text once more, for its lines and columns. That takes many times as long for YAML as to read its value, so
 * that it is only done where there is something to point at.
 *
 * @example readPositions('a:\n  b: 1').locate('/a/b') // { line: 2, column: 6 }
 */
export function readPositions(text: string, isJson = isJsonText(text)): TextPositions {
  return isJson ? readJsonPositions(text) : readYamlPositions(text);
}

function readJsonPositions(text: string): TextPositions {
  const lineStarts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lineStarts.push(end + 1);
  const offsetOf = createJsonLocator(text);
  return {
    locate: (pointer, onKey = false) => {
      const offset = offsetOf(keysOf(pointer), onKey);
      const line = lineStarts.findLastIndex((start) => start <= offset) + 1;
      return { line, column: offset - (lineStarts[line - 1] ?? 0) + 1 };
    },
    deviations: [],
  };
}

function readYamlPositions(text: string): TextPositions {
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const isDuplicate = ({ code }: (typeof document.errors)[number]) => code === 'DUPLICATE_KEY';
  const others = document.errors.filter((error) => !isDuplicate(error));
  return {
    locate: (pointer, onKey = false) => position(offsetOf(document, keysOf(pointer), onKey)),
    // One slip often derails the rest of the file, so that only the first error says something true.
    deviations: [...document.errors.filter(isDuplicate), ...others.slice(0, 1)].map((error) => ({
      ...position(error.pos[0]),
      message: isDuplicate(error)
        ? 'This name stands here twice: only the last one counts.'
        : `${error.message.replace(/[.:]?\s*$/, '')}: YAML does not permit it, though most parsers do.`,
    })),
  };
}

function offsetOf(document: Document, keys: readonly string[], onKey: boolean): number {
  const { isAlias, isCollection, isMap, isPair, isScalar } = loadYaml();
  let node: Node | null = document.contents;
  let keyOffset = 0;
  for (const key of keys) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (!isCollection(node)) break;
    if (isMap(node)) {
      // Of a name that stands there twice the last one counts.
      const pair = node.items.findLast((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
      // The place does not exist, so that what lacks it is the best that can be shown.
      if (pair === undefined) break;
      keyOffset = startOf(pair.key as Node);
      node = pair.value as Node | null;
    } else {
      const item: unknown = node.items[Number(key)];
      if (item === undefined) break;
      node = item as Node;
      keyOffset = startOf(node);
    }
  }
  return onKey || node === null ? keyOffset : startOf(node);
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
