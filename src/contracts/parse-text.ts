import jsYaml from 'js-yaml';
import { LineCounter, parseDocument } from 'yaml';

/** What a text says, or why nothing can be read in it. */
export type ParsedText = { readonly value: unknown; readonly isJson?: boolean } | { readonly error: SyntaxProblem };

export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  /** A sentence. */
  readonly message: string;
}

/** Aliases of YAML let a short text stand for a huge document; no real contract has a tenth of this. */
const MAX_VALUES = 10_000_000;

/** Values in values, far deeper than any contract: what walks through documents must not run out of stack. */
export const MAX_DEPTH = 400;

/**
 * Reads JSON or YAML as the usual parsers do, which take more than the specification of YAML permits; of several
 * documents in one text it reads the first.
 *
 * @example parseText('a: 1') // { value: { a: 1 } }
 */
export function parseText(text: string): ParsedText {
  const plain = text.replace(/^\uFEFF/, '');
  const parsed = parseJson(plain) ?? parseYaml(plain);
  if ('error' in parsed) return parsed;
  const excess = excessOf(parsed.value);
  return excess === undefined ? parsed : { error: { line: 1, column: 1, message: excess } };
}

/** JSON is read by the machine's own parser, which is ten times as fast. */
function parseJson(text: string): ParsedText | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text), isJson: true };
  } catch {
    return undefined;
  }
}

function parseYaml(text: string): ParsedText {
  try {
    const documents = jsYaml.loadAll(text, null, { schema: SCHEMA, json: true });
    return { value: documents.find((document) => document !== null && document !== undefined) };
  } catch {
    return parseStrictly(text);
  }
}

/**
 * Writes a value as the text of a file: as JSON where the text before was JSON, else as YAML.
 *
 * @example writeText({ a: 1 }, 'a: 0') // 'a: 1\n'
 */
export function writeText(value: unknown, before: string): string {
  if (parseJson(before) !== undefined) return `${JSON.stringify(value, null, 2)}\n`;
  return jsYaml.dump(value, { noRefs: true, lineWidth: 120, schema: SCHEMA });
}

/** The other parser reads what the first stumbles over now and then, and says more clearly what is wrong. */
function parseStrictly(text: string): ParsedText {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    // One slip often derails the rest of the file, so that only the first error says something true.
    const [error] = document.errors;
    if (error === undefined) return { value: document.toJS() };
    const { line, col } = lines.linePos(error.pos[0]);
    const message = `${error.message.replace(/[.:]?\s*$/, '')}.`;
    return { error: { line: Math.max(line, 1), column: Math.max(col, 1), message } };
  } catch (error) {
    const why = error instanceof RangeError ? 'it is nested too deeply' : String(error);
    return { error: { line: 1, column: 1, message: `The text cannot be read: ${why}.` } };
  }
}

/** Dates stay texts, as JSON has none; an unknown tag changes nothing. */
const SCHEMA = jsYaml.CORE_SCHEMA.extend({
  implicit: [new jsYaml.Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (key: unknown) => key === '<<' })],
  explicit: ['!', 'tag:yaml.org,2002:'].flatMap((prefix) =>
    (['scalar', 'sequence', 'mapping'] as const).map(
      (kind) => new jsYaml.Type(prefix, { kind, multi: true, construct: (value: unknown) => value }),
    ),
  ),
});

/** Why a value is too large or deep to be worked with, aliases written out; `undefined` where it is not. */
function excessOf(document: unknown): string | undefined {
  const sizes = new Map<object, number>();
  let isTooDeep = false;
  const sizeOf = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    // An alias to what it stands in never ends.
    sizes.set(value, Number.POSITIVE_INFINITY);
    if (depth > MAX_DEPTH) {
      isTooDeep = true;
      return 1;
    }
    let size = 1;
    for (const member of Object.values(value)) size += sizeOf(member, depth + 1);
    sizes.set(value, size);
    return size;
  };
  const size = sizeOf(document, 0);
  if (isTooDeep) return `The document has values in values, more than ${MAX_DEPTH} deep.`;
  return size > MAX_VALUES ? `The document stands for more than ${MAX_VALUES} values, aliases written out.` : undefined;
}
