import { compilePattern, isPattern } from '../lib/patterns/pattern.ts';
import { isPlainObject } from './plain-object.ts';

/** What a keyword can be taken as: itself, something that was meant by it, or nothing. */
export interface SoundKeyword {
  /** `undefined` where the keyword has to be dropped. */
  readonly value: unknown;
  /** What is wrong with it; absent where nothing is. */
  readonly fault?: string;
}

/**
 * Looks at the value of a keyword of the 2020-12 dialect: whether a validator can be made of it, or else what was most
 * likely meant.
 *
 * @example soundKeyword('maxLength', '64', {}) // { value: 64, fault: 'is written as a text' }
 * @example soundKeyword('enum', [], {}) // { value: undefined, fault: 'lists no value, so that nothing would be valid' }
 */
export function soundKeyword(
  keyword: string,
  value: unknown,
  siblings: Readonly<Record<string, unknown>>,
): SoundKeyword {
  return RULES.get(keyword)?.(value, siblings) ?? { value };
}

type Rule = (value: unknown, siblings: Readonly<Record<string, unknown>>) => SoundKeyword | undefined;

const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']);

/** What other languages call the types. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    int: 'integer',
    int32: 'integer',
    int64: 'integer',
    long: 'integer',
    short: 'integer',
    float: 'number',
    double: 'number',
    decimal: 'number',
    bool: 'boolean',
    str: 'string',
    text: 'string',
    date: 'string',
    datetime: 'string',
    'date-time': 'string',
    uuid: 'string',
    url: 'string',
    uri: 'string',
    list: 'array',
    map: 'object',
    dict: 'object',
    json: 'object',
  }),
);

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['type', soundType],
  ['enum', soundEnum],
  ['required', soundNames],
  ['pattern', soundPattern],
  ['patternProperties', soundPatterns],
  ['dependentRequired', soundNameLists],
  ['multipleOf', soundMultiple],
  ['uniqueItems', soundFlag],
  ...each('format $ref', (value) => (typeof value === 'string' ? undefined : dropped('must be a text'))),
  // No keywords of any dialect, but to the validator they are.
  ...each('$async formatMinimum formatMaximum formatExclusiveMinimum formatExclusiveMaximum', () => ({
    value: undefined,
  })),
  ...each('minimum maximum exclusiveMinimum exclusiveMaximum', soundNumber),
  ...each('minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains', soundCount),
  ...each('allOf anyOf oneOf prefixItems', (value) =>
    Array.isArray(value) && value.length > 0 ? undefined : dropped('must be a list of schemas'),
  ),
  ...each('properties dependentSchemas', (value) => (isPlainObject(value) ? undefined : dropped('must be an object'))),
]);

function each(keywords: string, rule: Rule): [string, Rule][] {
  return keywords.split(' ').map((keyword) => [keyword, rule]);
}

function dropped(fault: string): SoundKeyword {
  return { value: undefined, fault };
}

function soundType(value: unknown): SoundKeyword | undefined {
  if (typeof value === 'string' && TYPES.has(value)) return undefined;
  if (typeof value === 'string') {
    const meant = typeMeant(value);
    return { value: meant, fault: `is \`${value}\`, which is not a type` };
  }
  if (!Array.isArray(value))
    return dropped(value === null ? 'is null, which is not a type' : 'must be a type or a list of types');
  if (value.length > 0 && value.every((type) => typeof type === 'string' && TYPES.has(type))) return undefined;
  // YAML reads `[string, null]` as a text and nothing.
  const types = value.flatMap((type) =>
    type === null ? 'null' : typeof type === 'string' ? (typeMeant(type) ?? []) : [],
  );
  const fault = value.includes(null) ? 'lists null where it means "null"' : 'lists what is not a type';
  return types.length === 0 ? dropped(fault) : { value: [...new Set(types)], fault };
}

function typeMeant(text: string): string | undefined {
  const name = text.toLowerCase();
  return TYPES.has(name) ? name : OTHER_NAMES.get(name);
}

function soundEnum(value: unknown, { type }: Readonly<Record<string, unknown>>): SoundKeyword | undefined {
  if (!Array.isArray(value)) return dropped('must be a list');
  if (value.length === 0) return dropped('lists no value, so that nothing would be valid');
  // YAML reads `[1, 2]` as numbers where texts were meant, and `["1", "2"]` is written where numbers were.
  const convert = type === 'string' ? textOf : type === 'integer' || type === 'number' ? numberOf : undefined;
  if (convert === undefined || value.some((item) => typeof item === (type === 'string' ? 'string' : 'number'))) {
    return undefined;
  }
  const converted = value.map((item) => (item === null ? undefined : convert(item)));
  return converted.some((item) => item !== undefined)
    ? {
        value: value.map((item, index) => converted[index] ?? item),
        fault: `lists values that are not of the type ${type}`,
      }
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

function soundNames(value: unknown): SoundKeyword | undefined {
  if (!Array.isArray(value)) return dropped('must be a list of names');
  if (value.every((name) => typeof name === 'string')) return undefined;
  return { value: value.filter((name) => typeof name === 'string'), fault: 'lists what is not a name' };
}

function soundNameLists(value: unknown): SoundKeyword | undefined {
  if (!isPlainObject(value)) return dropped('must be an object');
  const isSound = (names: unknown) => Array.isArray(names) && names.every((name) => typeof name === 'string');
  if (Object.values(value).every(isSound)) return undefined;
  const sound = Object.entries(value).filter(([, names]) => isSound(names));
  return { value: Object.fromEntries(sound), fault: 'must lead to lists of names' };
}

function soundPattern(value: unknown): SoundKeyword | undefined {
  if (typeof value !== 'string') return dropped('must be a text');
  const fault = faultOfPattern(value);
  return fault === undefined ? undefined : dropped(fault);
}

function soundPatterns(value: unknown): SoundKeyword | undefined {
  if (!isPlainObject(value)) return dropped('must be an object');
  const faults = new Map(Object.keys(value).map((pattern) => [pattern, faultOfPattern(pattern)]));
  const fault = [...faults.values()].find((each) => each !== undefined);
  if (fault === undefined) return undefined;
  const sound = Object.entries(value).filter(([pattern]) => faults.get(pattern) === undefined);
  return { value: Object.fromEntries(sound), fault };
}

/** What is wrong with a pattern: it is none, or cannot be looked for in time that is in proportion to the text. */
function faultOfPattern(text: string): string | undefined {
  const compiled = compilePattern(text);
  if (isPattern(compiled)) return undefined;
  const shown = `\`${text.length > 200 ? `${text.slice(0, 200)}…` : text}\``;
  return compiled.mistake === 'malformed'
    ? `must be a regular expression of JavaScript, and ${shown} is not`
    : `cannot be checked: ${shown} ${compiled.message}`;
}

function soundNumber(value: unknown): SoundKeyword | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  const number = numberOf(value);
  return number === undefined ? dropped('must be a number') : { value: number, fault: 'is written as a text' };
}

function soundMultiple(value: unknown): SoundKeyword | undefined {
  const number = typeof value === 'number' ? value : numberOf(value);
  if (number === undefined || !(number > 0) || !Number.isFinite(number)) return dropped('must be a number above 0');
  return value === number ? undefined : { value: number, fault: 'is written as a text' };
}

function soundCount(value: unknown): SoundKeyword | undefined {
  const number = typeof value === 'number' ? value : numberOf(value);
  if (number === undefined || !Number.isInteger(number) || number < 0) return dropped('must be a whole number from 0');
  return value === number ? undefined : { value: number, fault: 'is written as a text' };
}

function soundFlag(value: unknown): SoundKeyword | undefined {
  if (typeof value === 'boolean') return undefined;
  return value === 'true' || value === 'false'
    ? { value: value === 'true', fault: 'is written as a text' }
    : dropped('must be true or false');
}
