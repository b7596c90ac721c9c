import type { ErrorObject } from '../contracts/ajv.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import { expectedValue } from './expected-value.ts';
import { ENTRIES, isOptionName, OPTION_NAMES, type OptionSchema } from './option-table.ts';
import { validateOptions } from './validate-options.ts';

/** A value that an option cannot have, or a name that no option has. */
export interface OptionMistake {
  /** Where it is: the option's name, then members and indexes. */
  readonly path: readonly string[];
  /** The last of the path is a name that should not be there, and not a value. */
  readonly isUnknown: boolean;
  readonly why: string;
  readonly advice: string;
}

/**
 * Finds what is wrong in some options.
 *
 * @example checkOptions({ prot: 1 })[0]?.advice // 'Did you mean `port`?'
 */
export function checkOptions(options: Readonly<Record<string, unknown>>): readonly OptionMistake[] {
  if (Object.keys(options).length === 0) return [];
  const mistakes = validateOptions(options).map((error) => toMistake(error, options));
  // Each branch of an `anyOf` has an error of its own, and all of them get the words of the whole.
  return [...new Map(mistakes.map((mistake) => [JSON.stringify(mistake), mistake])).values()];
}

function toMistake({ instancePath, keyword, params }: ErrorObject, options: unknown): OptionMistake {
  const place = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'additionalProperties') {
    const name = String(params.additionalProperty);
    const known = place.length === 0 ? OPTION_NAMES : Object.keys(schemaAt(place)?.properties ?? {});
    const why = place.length === 0 ? `there is no option "${name}"` : `"${toText(place)}" has no member "${name}"`;
    const advice = didYouMean(name, known, `Use one of: ${known.join(', ')}.`);
    return { path: [...place, name], isUnknown: true, why, advice };
  }
  if (keyword === 'required') {
    const path = toText([...place, String(params.missingProperty)]);
    return { path: place, isUnknown: false, why: `"${path}" is missing`, advice: 'Add it.' };
  }
  const schema = schemaAt(place) ?? {};
  const value = place.reduce<unknown>((parent, part) => (parent as Record<string, unknown>)[part], options);
  const why = schema.writeOnly === true ? `"${toText(place)}" is not valid` : `"${toText(place)}" is ${show(value)}`;
  return { path: place, isUnknown: false, why, advice: `Use ${expectedValue(schema)}.` };
}

function schemaAt([name = '', ...rest]: readonly string[]): OptionSchema | undefined {
  let schema: OptionSchema | undefined = isOptionName(name) ? ENTRIES[name] : undefined;
  for (const part of rest) schema = schema?.items ?? schema?.properties?.[part];
  return schema;
}

function toText(path: readonly string[]): string {
  return path.map((part, index) => (index === 0 ? part : /^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
}

/** The longest value that a message repeats. */
const MOST_SHOWN = 80;

function show(value: unknown): string {
  if (value === '') return 'empty';
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`;
}
