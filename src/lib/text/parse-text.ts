import jsYaml from 'js-yaml';
import { excessOf } from '../value-size.ts';
import { sentenceOf } from './parser-sentence.ts';
import { loadYaml } from './yaml-library.ts';

/** What a text says, or why nothing can be read in it. */
export type ParsedText = { readonly value: unknown; readonly isJson?: boolean } | { readonly error: SyntaxProblem };

export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  /** A sentence. */
  readonly message: string;
}

export interface ParseOptions {
  /** A name that stands there twice is a mistake, as it may be in a file that is written for the simulator alone. */
  readonly isStrict?: boolean;
}

/**
 * Reads JSON or YAML as the usual parsers do, which take more than the specification of YAML permits; of several
 * documents in one text it reads the first.
 *
 * @example parseText('a: 1') // { value: { a: 1 } }
 */
export function parseText(text: string, { isStrict = false }: ParseOptions = {}): ParsedText {
  const plain = withoutMark(text);
  const parsed = (isStrict ? undefined : parseJson(plain)) ?? parseYaml(plain, isStrict);
  if ('error' in parsed) return parsed;
  const excess = excessOf(parsed.value);
  return excess === undefined ? parsed : { error: { line: 1, column: 1, message: excess } };
}

/** Without a byte order mark. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** Whether a text is JSON, whatever its file is called: an object or a list, as documents are. */
export function isJsonText(text: string): boolean {
  return parseJson(withoutMark(text)) !== undefined;
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

function parseYaml(text: string, isStrict: boolean): ParsedText {
  try {
    const documents = jsYaml.loadAll(text, null, { schema: SCHEMA, json: !isStrict });
    return { value: documents.find((document) => document !== null && document !== undefined) };
  } catch {
    return parseAgain(text, isStrict);
  }
}

/**
 * Writes a value as the text of a file: as JSON where the text before was JSON, else as YAML.
 *
 * @example writeText({ a: 1 }, 'a: 0') // 'a: 1\n'
 */
export function writeText(value: unknown, before: string): string {
  if (isJsonText(before)) return `${JSON.stringify(value, null, 2)}\n`;
  return jsYaml.dump(value, { noRefs: true, lineWidth: 120, schema: SCHEMA });
}

/**
 * Writes the value of a text in the other form; a text that cannot be read stays as it is.
 *
 * @example convertDocument('a: 1', 'json') // '{\n  "a": 1\n}\n'
 */
export function convertDocument(text: string, form: 'json' | 'yaml'): string {
  const parsed = parseText(text);
  return 'error' in parsed ? text : writeText(parsed.value, form === 'json' ? '{}' : '');
}

/** The other parser reads what the first stumbles over now and then, and says more clearly what is wrong. */
function parseAgain(text: string, uniqueKeys: boolean): ParsedText {
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys });
    // One slip often derails the rest of the file, so that only the first error says something true.
    const [error] = document.errors;
    if (error === undefined) return { value: document.toJS() };
    const { line, col } = lines.linePos(error.pos[0]);
    return { error: { line: Math.max(line, 1), column: Math.max(col, 1), message: sentenceOf(error.message) } };
  } catch (error) {
    return {
      error: { line: 1, column: 1, message: sentenceOf(error instanceof Error ? error.message : String(error)) },
    };
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
