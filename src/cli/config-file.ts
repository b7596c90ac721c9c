import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Node } from 'yaml';
import { OPTION_KINDS, optionType, type SimulatorOptions } from '../config.ts';
import { didYouMean } from '../contracts/nearest-word.ts';
import { type Problem, SimulatorError } from '../errors.ts';

export interface OptionSources {
  /** What the command line says. */
  readonly flags: SimulatorOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The configuration file; `bss-simulator.yaml` in `cwd`, if it is there, unless told. */
  readonly config?: string;
}

type OptionName = keyof SimulatorOptions;

const USUAL_FILE = 'bss-simulator.yaml';
const PREFIX = 'BSS_SIMULATOR_';
const NAMES = Object.keys(OPTION_KINDS) as OptionName[];

/**
 * The options of the command line, the environment and the configuration file; the first that names one decides.
 *
 * @example await readOptions({ flags: { port: 0 }, environment: process.env, cwd: process.cwd() });
 */
export async function readOptions({ flags, environment, cwd, config }: OptionSources): Promise<SimulatorOptions> {
  const file = await readConfigFile(cwd, config);
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  return { ...file, ...readEnvironment(environment), ...given };
}

/**
 * Reads an option's value from text, as flags and the environment have it; `undefined` where the text is none.
 *
 * @example parseOption('systems', 'connectx,macd') // ['connectx', 'macd']
 */
export function parseOption(name: OptionName, text: string): unknown {
  switch (OPTION_KINDS[name]) {
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
    case 'flag':
      return /^(true|1|yes|on)$/i.test(text) ? true : /^(false|0|no|off)$/i.test(text) ? false : undefined;
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    case 'folder':
      return text === 'false' ? false : text;
    case 'object':
    case 'objects':
      return parseObject(text);
    default:
      return text;
  }
}

/**
 * An option's name as words with dashes.
 *
 * @example toKebabCase('publicUrl') // 'public-url'
 */
export function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function readEnvironment(environment: OptionSources['environment']): SimulatorOptions {
  const options: Record<string, unknown> = {};
  for (const name of NAMES) {
    const variable = PREFIX + toKebabCase(name).replaceAll('-', '_').toUpperCase();
    const text = environment[variable];
    if (text === undefined || text === '') continue;
    // Kubernetes tells every container of a service named bss-simulator where it is, by a variable of this very name.
    if (name === 'port' && text.startsWith('tcp://')) continue;
    const value = parseOption(name, text);
    if (value === undefined) {
      throw new SimulatorError(
        'CONFIG_INVALID',
        `Failed to read the environment: ${variable} is "${text}". Set it to ${optionType(name).words}.`,
      );
    }
    options[name] = value;
  }
  return options;
}

async function readConfigFile(cwd: string, config: string | undefined): Promise<SimulatorOptions> {
  const path = config === undefined ? join(cwd, USUAL_FILE) : resolve(cwd, config);
  const shown = config ?? USUAL_FILE;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (config === undefined && isMissing(cause)) return {};
    const why = isMissing(cause) ? 'there is no such file' : 'it cannot be read';
    throw new SimulatorError('CONFIG_INVALID', `Failed to read the configuration ${shown}: ${why}. Correct the path.`, {
      cause,
    });
  }
  return parseConfig(text, shown, dirname(path));
}

async function parseConfig(text: string, file: string, folder: string): Promise<SimulatorOptions> {
  // Most starts have no such file, and should not wait for what reads it.
  const { isMap, isScalar, LineCounter, parseDocument } = await import('yaml');
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problems: Problem[] = [];
  const report = (offset: number, message: string, hint: string): void => {
    const { line, col } = lineCounter.linePos(offset);
    problems.push({ file, line: Math.max(line, 1), column: Math.max(col, 1), message, hint });
  };
  const options: Record<string, unknown> = {};
  const [syntaxError] = document.errors;
  const { contents } = document;
  if (syntaxError !== undefined) {
    report(syntaxError.pos[0], `${syntaxError.message.replace(/[.:]?\s*$/, '')}.`, 'Correct the syntax here.');
  } else if (isMap(contents)) {
    const given = document.toJS() as Record<string, unknown>;
    for (const { key, value } of contents.items) {
      const keyOffset = (key as Node).range?.[0] ?? 0;
      const written = isScalar(key) ? String(key.value) : '';
      const name = toCamelCase(written);
      if (!isOption(name)) {
        report(
          keyOffset,
          `There is no option \`${written}\`.`,
          didYouMean(name, NAMES, `Use one of: ${NAMES.join(', ')}.`),
        );
        continue;
      }
      const type = optionType(name);
      // An option without a value is as good as none.
      if (given[written] === null) continue;
      if (type.accepts(given[written])) options[name] = relativeTo(folder, name, given[written]);
      else
        report(
          (value as Node | null)?.range?.[0] ?? keyOffset,
          `\`${written}\` must be ${type.words}.`,
          'Correct the value.',
        );
    }
  } else if (contents !== null && !(isScalar(contents) && contents.value === null)) {
    report(
      contents.range?.[0] ?? 0,
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
  return options;
}

/** Paths in the file are meant from where the file is, so that it can be used from anywhere. */
function relativeTo(folder: string, name: OptionName, value: unknown): unknown {
  if (name === 'specs' && Array.isArray(value)) return value.map((path: string) => resolve(folder, path));
  if (name === 'cache' && typeof value === 'string') return resolve(folder, value);
  if (name === 'fixture' && typeof value === 'string' && /[/\\.]/.test(value)) return resolve(folder, value);
  return value;
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(OPTION_KINDS, name);
}

function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
