import { ENTRIES, type OptionName, type OptionSchema } from '../options/option-table.ts';

const PREFIX = 'BSS_SIMULATOR_';

/**
 * Reads an option's value from text, as flags and the environment have it; `undefined` where the text cannot be one.
 *
 * @example parseOption('systems', 'connectx,macd') // ['connectx', 'macd']
 */
export function parseOption(name: OptionName, text: string): unknown {
  return parseText(ENTRIES[name], text);
}

/**
 * An option's name as words with dashes.
 *
 * @example toKebabCase('publicUrl') // 'public-url'
 */
export function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The environment variable that sets an option.
 *
 * @example toVariable('publicUrl') // 'BSS_SIMULATOR_PUBLIC_URL'
 */
export function toVariable(name: OptionName): string {
  return PREFIX + toKebabCase(name).replaceAll('-', '_').toUpperCase();
}

/** Whether a variable has the prefix of ours. */
export function isOurVariable(variable: string): boolean {
  return variable.startsWith(PREFIX);
}

function parseText(schema: OptionSchema, text: string): unknown {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map((each) => parseText(each, text)).find((value) => value !== undefined);
  }
  if (schema.const !== undefined) return text === String(schema.const) ? schema.const : undefined;
  switch (schema.type) {
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'boolean':
      return /^(true|1|yes|on)$/i.test(text) ? true : /^(false|0|no|off)$/i.test(text) ? false : undefined;
    case 'array':
      return schema.items?.type === 'object' ? parseJson(text) : splitAtCommas(text);
    case 'object':
      return parseJson(text);
    default:
      return text;
  }
}

function splitAtCommas(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
