import type { Schema, SchemaObject } from '../../model/schema.ts';

/**
 * The most that one sample holds, whatever its contract permits or demands. A schema that demands more gets a sample
 * that falls short of it, which whoever sends it validates.
 */
export const SAMPLE_LIMITS = {
  /** Parts of the schema that are written out; below half of them, only what is required. */
  parts: 50_000,
  /** Items of an array or members of an object, those around it included: ten lists of twenty are 200. */
  items: 200,
  /** Characters of a text, of all its copies together. */
  characters: 2_000,
  /** Values, and tens of characters, altogether. */
  values: 10_000,
  /** Characters of a pattern, and of the ranges in it. */
  pattern: 1_000,
  patternRanges: 20_000,
} as const;

const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\{(\d+)(?:,(\d*))?\}|./gs;

/** The most items of a list whose length the contract leaves open. */
export const USUAL_ITEMS = 2;

/**
 * Takes bounds beyond what a sample may hold back to that, in a schema without references and `allOf`. `copies` is how
 * often the schema may stand in one sample, because of the lists around it.
 *
 * @example boundSchema({ type: 'array', maxItems: 9007199254740991 }) // { type: 'array', maxItems: 200 }
 */
export function boundSchema(schema: Schema, copies = 1): Schema {
  if (typeof schema === 'boolean') return schema;
  const bounded: Record<string, unknown> = { ...schema };
  const room = Math.max(1, Math.floor(SAMPLE_LIMITS.items / copies));
  const characters = Math.max(1, Math.floor(SAMPLE_LIMITS.characters / copies));
  for (const keyword of COUNTS) if (Number(bounded[keyword]) > room) bounded[keyword] = room;
  for (const keyword of LENGTHS) if (Number(bounded[keyword]) > characters) bounded[keyword] = characters;
  if (typeof bounded.pattern === 'string') {
    const pattern = boundPattern(bounded.pattern, characters);
    if (pattern === undefined) delete bounded.pattern;
    else bounded.pattern = pattern;
  }
  const { minItems = 0, maxItems, minContains = 1, maxContains, minProperties = 0 } = bounded as SchemaObject;
  const times = (...most: unknown[]) => copies * Math.max(1, ...most.map(Number));
  const below = {
    items: times(maxItems ?? Math.max(Number(minItems), USUAL_ITEMS)),
    contains: times(maxContains ?? minContains),
    additionalProperties: times(minProperties),
    patternProperties: times(minProperties),
  };
  if (schema.contentSchema !== undefined) {
    bounded.contentSchema = boundSchema(schema.contentSchema as Schema, copies);
  }
  for (const keyword of ['items', 'contains', 'additionalProperties'] as const) {
    if (schema[keyword] !== undefined) bounded[keyword] = boundSchema(schema[keyword] as Schema, below[keyword]);
  }
  for (const keyword of ['prefixItems', 'anyOf'] as const) {
    const parts = schema[keyword] as readonly Schema[] | undefined;
    if (parts !== undefined) bounded[keyword] = parts.map((part) => boundSchema(part, copies));
  }
  for (const [keyword, times] of [
    ['properties', copies],
    ['patternProperties', below.patternProperties],
  ] as const) {
    const parts = schema[keyword] as Readonly<Record<string, Schema>> | undefined;
    if (parts === undefined) continue;
    bounded[keyword] = Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, boundSchema(part, times)]),
    );
  }
  return bounded as SchemaObject;
}

const COUNTS = ['minItems', 'maxItems', 'minContains', 'maxContains', 'minProperties', 'maxProperties'] as const;
const LENGTHS = ['minLength', 'maxLength'] as const;

/**
 * The pattern with its repetitions cut so that no text for it is longer than this; `undefined` where cutting does not
 * help.
 *
 * @example boundPattern('^a{100000000}$', 100) // '^a{100}$'
 */
function boundPattern(pattern: string, characters: number): string | undefined {
  if (pattern.length > SAMPLE_LIMITS.pattern || sizeOfRanges(pattern) > SAMPLE_LIMITS.patternRanges) return undefined;
  const { length, depth } = measure(pattern);
  if (length <= characters) return pattern;
  const most = Math.max(1, Math.floor(characters ** (1 / depth)));
  const bounded = pattern.replace(TOKEN, (token: string, min?: string, max?: string) => {
    if (min === undefined || Number(max || min) <= most) return token;
    const least = Math.min(Number(min), most);
    return max === undefined ? `{${least}}` : `{${least},${max === '' ? '' : most}}`;
  });
  return measure(bounded).length <= 2 * characters ? bounded : undefined;
}

/** How long a text for a pattern may become, and how deep its groups are nested. */
function measure(pattern: string): { length: number; depth: number } {
  let group = { longest: 0, length: 0 };
  const around: (typeof group)[] = [];
  let depth = 1;
  let last = 0;
  for (const [token, min, max] of pattern.matchAll(TOKEN)) {
    if (token.startsWith('(')) {
      around.push(group);
      group = { longest: 0, length: 0 };
      last = 0;
      depth = Math.max(depth, around.length + 1);
    } else if (token === ')') {
      last = Math.max(group.longest, group.length);
      group = around.pop() ?? { longest: 0, length: 0 };
      group.length += last;
    } else if (token === '|') {
      group.longest = Math.max(group.longest, group.length);
      group.length = 0;
      last = 0;
    } else if (min !== undefined || token === '*' || token === '+') {
      const times = min === undefined ? MOST_REPEATED : Math.min(Number(max || Infinity), Number(min) + MOST_REPEATED);
      const repeated = last * (min !== undefined && max === undefined ? Number(min) : times);
      group.length += repeated - last;
      last = repeated;
    } else if (token !== '?' && token !== '^' && token !== '$') {
      last = 1;
      group.length += 1;
    }
  }
  return { length: [...around, group].reduce((sum, each) => sum + Math.max(each.longest, each.length), 0), depth };
}

/** json-schema-faker repeats a part so often more than it has to. */
const MOST_REPEATED = 5;

/** Characters in the ranges of a pattern, such as `a-z`, each of which json-schema-faker writes down. */
function sizeOfRanges(pattern: string): number {
  let size = 0;
  for (const [range] of pattern.matchAll(/[^\\]-[^\]]/gs)) {
    size += Math.max(0, range.charCodeAt(2) - range.charCodeAt(0));
  }
  return size;
}
