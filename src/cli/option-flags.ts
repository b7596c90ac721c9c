import { SimulatorError } from '../errors.ts';
import { expectedValue } from '../options/expected-value.ts';
import { ENTRIES, type OptionEntry, type OptionName } from '../options/option-table.ts';
import { parseOption, toKebabCase } from './option-text.ts';

/** A flag as a command declares it. */
export interface OptionFlag {
  /** For example `--port <number>`. */
  readonly flags: string;
  readonly description: string;
  /** Reads the flag's value; lists grow where the flag is repeated. */
  readonly parse?: (text: string, previous: unknown) => unknown;
}

/**
 * The flag that sets an option.
 *
 * @example flagOf('port').flags // '--port <number>'
 */
export function flagOf(name: OptionName): OptionFlag {
  const entry = ENTRIES[name];
  const flag = `--${toKebabCase(name)}`;
  const description = describeOption(entry);
  if (entry.type === 'boolean') return { flags: flag, description };
  const ellipsis = entry.variadic === true ? '...' : '';
  const parse = (text: string, previous: unknown): unknown => {
    const value = entry.variadic === true ? [text] : parseOption(name, text);
    if (value === undefined) throw badFlag(flag, text, expectedValue(entry));
    return Array.isArray(previous) && Array.isArray(value) ? [...previous, ...value] : value;
  };
  return { flags: `${flag} <${placeholderOf(entry)}${ellipsis}>`, description, parse };
}

/**
 * An option's description with its default, as `--help` shows it.
 *
 * @example describeOption(ENTRIES.port) // 'port to listen on; 0 picks a free one (default: 4010)'
 */
export function describeOption(entry: OptionEntry): string {
  const { description, default: fallback, sharedDefault } = entry;
  const value = entry.cliDefault ?? fallback;
  const isSaid = value === undefined || value === false || typeof value === 'object';
  const defaults = [
    ...(isSaid ? [] : [`default: ${String(value)}`]),
    ...(sharedDefault === undefined ? [] : [`beyond loopback: ${String(sharedDefault)}`]),
  ];
  return defaults.length === 0 ? description : `${description} (${defaults.join('; ')})`;
}

/**
 * The error for a flag whose value cannot be read.
 *
 * @example badFlag('--seed', 'abc', 'a whole number').message // 'Failed to read the command line: --seed is "abc". Use a whole number.'
 */
function badFlag(flag: string, text: string, expected: string): SimulatorError {
  return new SimulatorError(
    'CONFIG_INVALID',
    `Failed to read the command line: ${flag} is "${text}". Use ${expected}.`,
  );
}

function placeholderOf({ placeholder, type }: OptionEntry): string {
  return placeholder ?? (type === 'integer' || type === 'number' ? 'number' : 'text');
}
