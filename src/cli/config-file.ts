import { dirname, join, resolve } from 'node:path';
import type { SimulatorOptions } from '../config.ts';
import { type Problem, SimulatorError } from '../errors.ts';
import { isObject } from '../lib/json-object.ts';
import { pointerTo } from '../lib/json-pointer.ts';
import { readRegularFile } from '../lib/regular-file.ts';
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
  const [{ parseText }, { checkOptions }, { readPositions }] = await Promise.all([
    import('../lib/text/parse-text.ts'),
    import('../options/check-options.ts'),
    import('../lib/text/text-positions.ts'),
  ]);
  const parsed = parseText(text, { isStrict: true });
  const refuse = (problems: readonly Problem[]): never => {
    const why = `Failed to read the configuration ${file}: it has mistakes. Correct them.`;
    throw new SimulatorError('CONFIG_INVALID', why, { problems });
  };
  if ('error' in parsed) return refuse([{ file, ...parsed.error, hint: 'Correct the syntax here.' }]);
  const value = parsed.value ?? {};
  const at = (pointer: string, onKey = false) => ({ file, ...readPositions(text).locate(pointer, onKey) });
  if (!isObject(value)) {
    const hint = 'Write one option a line, such as `port: 4010`.';
    return refuse([{ ...at(''), message: 'The configuration must be an object.', hint }]);
  }
  const options: Record<string, unknown> = {};
  const written = new Map<string, string>();
  for (const [key, given] of Object.entries(value)) {
    const name = toCamelCase(key);
    // An option without a value is as good as none.
    if (key === SCHEMA_KEY || (given === null && isOptionName(name))) continue;
    written.set(isOptionName(name) ? name : key, key);
    options[isOptionName(name) ? name : key] = given;
  }
  const mistakes = checkOptions(options);
  if (mistakes.length > 0) {
    refuse(
      mistakes.map(({ path: [name = '', ...rest], isUnknown, why, advice }) => ({
        ...at(pointerTo('', written.get(name) ?? name, ...rest), isUnknown),
        message: `${capitalize(why)}.`,
        hint: advice,
      })),
    );
  }
  const names = Object.keys(options).filter(isOptionName);
  return Object.fromEntries(names.map((name) => [name, fromFolder(folder, ENTRIES[name], options[name])]));
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
