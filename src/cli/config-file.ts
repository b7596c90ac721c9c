import { dirname, join, resolve } from 'node:path';
import type { Document, Node } from 'yaml';
import type { SimulatorOptions } from '../config.ts';
import { type Problem, SimulatorError } from '../errors.ts';
import { sentenceOf } from '../lib/parser-sentence.ts';
import { readRegularFile } from '../lib/regular-file.ts';
import { excessOf } from '../lib/value-size.ts';
import { ENTRIES, isOptionName, type OptionSchema } from '../options/option-table.ts';

const USUAL_FILE = 'bss-simulator.yaml';

/** Bytes. */
const LARGEST_CONFIGURATION = 2 ** 20;

/** Names the schema of the file for editors; it is no option. */
const SCHEMA_KEY = '$schema';

/**
 * The options of a configuration file: of `bss-simulator.yaml` in `cwd`, if it is there, where `config` names no other.
 * Throws `CONFIG_INVALID` with every mistake and its place.
 *
 * @example await readConfigFile(process.cwd(), 'ci.yaml');
 */
export async function readConfigFile(cwd: string, config: string | undefined): Promise<SimulatorOptions> {
  const path = config === undefined ? join(cwd, USUAL_FILE) : resolve(cwd, config);
  const shown = config ?? USUAL_FILE;
  const read = readRegularFile(path, LARGEST_CONFIGURATION);
  if ('bytes' in read) return parseConfig(read.bytes.toString('utf8'), shown, dirname(path));
  if (config === undefined && read.isMissing) return {};
  const why = read.isMissing ? 'there is no such file' : `it ${read.failure}`;
  throw new SimulatorError('CONFIG_INVALID', `Failed to read the configuration ${shown}: ${why}. Correct the path.`);
}

async function parseConfig(text: string, file: string, folder: string): Promise<SimulatorOptions> {
  // Most starts have no such file, and should not wait for what reads and checks it.
  const [{ isMap, LineCounter, parseDocument }, { checkOptions }] = await Promise.all([
    import('yaml'),
    import('../options/check-options.ts'),
  ]);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problems: Problem[] = [];
  const report = (offset: number, message: string, hint: string): void => {
    const { line, col } = lineCounter.linePos(offset);
    problems.push({ file, line: Math.max(line, 1), column: Math.max(col, 1), message, hint });
  };
  const [syntaxError] = document.errors;
  const read = syntaxError === undefined ? toValue(document) : {};
  const options: Record<string, unknown> = {};
  if (syntaxError !== undefined) {
    report(syntaxError.pos[0], sentenceOf(syntaxError.message), 'Correct the syntax here.');
  } else if (read.error !== undefined) {
    report(0, `${read.error.replace(/\.?$/, '')}.`, 'Write the values out.');
  } else if (isMap(document.contents)) {
    const written = new Map<string, string>();
    for (const [key, value] of Object.entries(read.value as Record<string, unknown>)) {
      const name = toCamelCase(key);
      // An option without a value is as good as none.
      if (key === SCHEMA_KEY || (value === null && isOptionName(name))) continue;
      written.set(isOptionName(name) ? name : key, key);
      options[isOptionName(name) ? name : key] = value;
    }
    for (const { path, isUnknown, why, advice } of checkOptions(options)) {
      const [name = '', ...rest] = path;
      report(offsetOf(document, [written.get(name) ?? name, ...rest], isUnknown), `${capitalize(why)}.`, advice);
    }
  } else if (read.value !== null && read.value !== undefined) {
    report(
      document.contents?.range?.[0] ?? 0,
      'The configuration must be an object.',
      'Write one option a line, such as `port: 4010`.',
    );
  }
  if (problems.length > 0) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to read the configuration ${file}: it has mistakes. Correct them.`,
      { problems },
    );
  }
  const names = Object.keys(options).filter(isOptionName);
  return Object.fromEntries(names.map((name) => [name, fromFolder(folder, ENTRIES[name], options[name])]));
}

/** The library refuses to unfold aliases that would become very large. */
function toValue(document: Document): { readonly value?: unknown; readonly error?: string } {
  try {
    const value: unknown = document.toJS();
    const error = excessOf(value);
    return error === undefined ? { value } : { error };
  } catch (error) {
    return { error: error instanceof Error ? sentenceOf(error.message) : String(error) };
  }
}

/** Where a value stands in the file, or its key. */
function offsetOf(document: Document, path: readonly string[], isKey: boolean): number {
  const node = document.getIn(path, true) as Node | undefined;
  if (!isKey && node?.range !== undefined && node.range !== null) return node.range[0];
  const parent = document.getIn(path.slice(0, -1), true) as { items?: readonly { key?: unknown }[] } | undefined;
  const key = parent?.items
    ?.map((pair) => pair.key as Node & { value?: unknown })
    .find((each) => String(each?.value) === path.at(-1));
  return key?.range?.[0] ?? 0;
}

/** Paths in the file are meant from where the file is, so that it can be used from anywhere. */
function fromFolder(folder: string, schema: OptionSchema, value: unknown): unknown {
  const { format, items, anyOf } = schema;
  if (Array.isArray(value) && items !== undefined) return value.map((item) => fromFolder(folder, items, item));
  if (typeof value !== 'string') return value;
  const formats = [format, ...(anyOf ?? []).map((each) => each.format)];
  const isPath = formats.includes('path') || (formats.includes('name-or-path') && /[/\\.]/.test(value));
  if (format === 'store' && value.startsWith('file:')) return `file:${resolve(folder, value.slice('file:'.length))}`;
  return isPath ? resolve(folder, value) : value;
}

function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
