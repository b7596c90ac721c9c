import { generateSync } from 'json-schema-faker';
import { toRegExp } from './schemas.mjs';

/** How deep optional properties are followed, and how deep anything is. */
const DEEPEST_OPTION = 2;
const DEEPEST = 12;
/** The most that a length or count in a contract makes a sample grow. */
const LARGEST = 2_000;

const FORMATS = {
  'date-time': '2026-03-04T05:06:07Z',
  date: '2026-03-04',
  time: '05:06:07Z',
  duration: 'PT5M',
  email: 'corpus@example.com',
  'idn-email': 'corpus@example.com',
  hostname: 'corpus.example.com',
  ipv4: '192.0.2.7',
  ipv6: '2001:db8::7',
  uri: 'https://example.com/corpus',
  url: 'https://example.com/corpus',
  iri: 'https://example.com/corpus',
  'uri-reference': '/corpus',
  'json-pointer': '/corpus',
  regex: '^corpus$',
  byte: 'Y29ycHVz',
};

/**
 * Makes values that fit a schema, by the contract alone; each call of `next` gives others, so that things made one after
 * the other differ. What comes out is for the caller to judge.
 *
 * @example new Sampler(description, 'readOnly').next({ type: 'string' }, description.file);
 */
export class Sampler {
  #description;
  #hidden;
  #count = 0;

  constructor(description, hidden) {
    this.#description = description;
    this.#hidden = hidden;
  }

  /** The branch says which of the alternatives of `oneOf` and `anyOf` is taken, everywhere. */
  next(schema, file, { branch = 0, options = true } = {}) {
    this.#count += 1;
    return this.#value(schema, file, { depth: 0, branch, options, salt: this.#count });
  }

  #value(schema, file, context) {
    if (context.depth > DEEPEST) return undefined;
    const shape = this.#flatten(schema, file, context.branch, 0);
    if ('const' in shape) return shape.const;
    if (Array.isArray(shape.enum) && shape.enum.length > 0) {
      const values = shape.enum.filter((each) => each !== null);
      return values.length > 0 ? values[Math.min(context.branch, values.length - 1)] : null;
    }
    switch (typeOf(shape)) {
      case 'object':
        return this.#object(shape, context);
      case 'array':
        return this.#array(shape, context);
      case 'integer':
      case 'number':
        return number(shape, context.salt);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return text(shape, context.salt);
    }
  }

  #object(shape, context) {
    const result = {};
    const deeper = { ...context, depth: context.depth + 1 };
    for (const [name, { schema, file }] of shape.properties) {
      const isRequired = shape.required.has(name);
      if (!isRequired && !this.#isWanted(schema, file, context)) continue;
      if (this.#isHidden(schema, file)) continue;
      const value = this.#value(schema, file, deeper);
      if (value !== undefined) result[name] = value;
    }
    for (const name of shape.required) {
      if (shape.properties.has(name)) continue;
      const more = shape.additionalProperties;
      result[name] = this.#value(isRecord(more?.schema) ? more.schema : { type: 'string' }, more?.file, deeper);
    }
    for (let more = 0; Object.keys(result).length < Math.min(shape.minProperties ?? 0, 20); more += 1) {
      const extra = shape.additionalProperties;
      result[`property${more}`] = this.#value(
        isRecord(extra?.schema) ? extra.schema : { type: 'string' },
        extra?.file,
        deeper,
      );
    }
    return result;
  }

  /** Scalars near the top are sent even where they are optional: a change that nobody sends cannot be seen. */
  #isWanted(schema, file, { depth, options }) {
    if (!options || depth >= DEEPEST_OPTION) return false;
    const shape = this.#flatten(schema, file, 0, 0);
    return !['object', 'array', 'null'].includes(typeOf(shape)) && shape.deprecated !== true && depth === 0;
  }

  #isHidden(schema, file) {
    if (schema?.[this.#hidden] === true) return true;
    return typeof schema?.$ref === 'string' && this.#description.follow(schema, file)?.node?.[this.#hidden] === true;
  }

  #array(shape, context) {
    const least = Math.max(shape.minItems ?? 0, context.depth > 6 ? 0 : 1);
    const count = Math.min(least, shape.maxItems ?? least, LARGEST);
    const items = [];
    for (let at = 0; at < count; at += 1) {
      const place = shape.prefixItems?.[at] ?? shape.items;
      const salt = context.salt + at * 7;
      const branch = shape.uniqueItems === true ? context.branch + at : context.branch;
      items.push(this.#value(place?.schema ?? {}, place?.file, { ...context, depth: context.depth + 1, salt, branch }));
    }
    return items.filter((item) => item !== undefined);
  }

  /** One schema without references and compositions: `allOf` merged, one branch taken of each alternative. */
  #flatten(start, startFile, branch, depth) {
    const result = { properties: new Map(), required: new Set() };
    const place = isRecord(start) ? this.#description.follow(start, startFile) : undefined;
    const schema = place?.node;
    if (!isRecord(schema) || depth > DEEPEST) return result;
    const { file } = place;
    if (place.node !== start && this.#description.isModern) {
      const { $ref, ...siblings } = start;
      if (Object.keys(siblings).length > 0) merge(result, this.#flatten(siblings, startFile, branch, depth + 1));
    }
    for (const [keyword, value] of Object.entries(schema)) {
      if (!COMPOSED.has(keyword)) result[keyword] = value;
    }
    const { node: properties, file: at } = this.#description.follow(schema.properties, file) ?? {};
    for (const [name, each] of Object.entries(isRecord(properties) ? properties : {})) {
      result.properties.set(name, { schema: each, file: at });
    }
    for (const name of Array.isArray(schema.required) ? schema.required : []) result.required.add(name);
    if (schema.items !== undefined) result.items = { schema: schema.items, file };
    if (Array.isArray(schema.prefixItems))
      result.prefixItems = schema.prefixItems.map((each) => ({ schema: each, file }));
    if (schema.additionalProperties !== undefined)
      result.additionalProperties = { schema: schema.additionalProperties, file };
    for (const each of listOf(schema.allOf)) merge(result, this.#flatten(each, file, branch, depth + 1));
    for (const keyword of ['oneOf', 'anyOf']) {
      const branches = listOf(schema[keyword]).filter((each) => each?.type !== 'null');
      if (branches.length === 0) continue;
      const chosen = branches[Math.min(branch, branches.length - 1)];
      merge(result, this.#flatten(chosen, file, branch, depth + 1));
      this.#discriminate(result, schema.discriminator, chosen);
    }
    return result;
  }

  #discriminate(result, discriminator, chosen) {
    if (typeof discriminator?.propertyName !== 'string') return;
    const { propertyName, mapping = {} } = discriminator;
    const name = typeof chosen.$ref === 'string' ? chosen.$ref.split('/').at(-1) : undefined;
    const word = Object.entries(mapping).find(([, target]) => target === chosen.$ref || target === name)?.[0] ?? name;
    const held = result.properties.get(propertyName);
    const own = held === undefined ? {} : this.#flatten(held.schema, held.file, 0, 0);
    if (word === undefined || 'const' in own || own.enum?.length === 1) return;
    if (own.enum !== undefined && !own.enum.includes(word)) return;
    result.properties.set(propertyName, { schema: { const: word } });
    result.required.add(propertyName);
  }
}

/** A value of the fallback library, which tries harder at patterns and compositions; undefined where it gives up. */
export function fakeValue(schema, seed) {
  try {
    return generateSync(schema, { seed, requiredOnly: false, optionalsProbability: 0, fillProperties: false });
  } catch {
    return undefined;
  }
}

const COMPOSED = new Set([
  '$ref',
  'properties',
  'required',
  'items',
  'prefixItems',
  'additionalProperties',
  'allOf',
  'oneOf',
  'anyOf',
]);

function merge(into, from) {
  for (const [keyword, value] of Object.entries(from)) {
    if (keyword === 'properties') {
      for (const [name, place] of value) {
        const held = into.properties.get(name);
        into.properties.set(
          name,
          held === undefined
            ? place
            : { schema: { allOf: [held.schema, place.schema] }, file: place.file ?? held.file },
        );
      }
    } else if (keyword === 'required') for (const name of value) into.required.add(name);
    else if (keyword === 'enum' && Array.isArray(into.enum))
      into.enum = into.enum.filter((each) => value.includes(each));
    else into[keyword] ??= value;
  }
}

function typeOf(shape) {
  const types = [shape.type].flat().filter((type) => type !== 'null' && type !== undefined && type !== null);
  if (types.length > 0) return types[0];
  if (shape.type === 'null' || shape.type?.[0] === 'null') return 'null';
  if (shape.properties.size > 0 || shape.required.size > 0 || shape.additionalProperties !== undefined) return 'object';
  if (shape.items !== undefined || shape.prefixItems !== undefined) return 'array';
  if (shape.minimum !== undefined || shape.maximum !== undefined) return 'number';
  return 'string';
}

function number(shape, salt) {
  const isInteger = [shape.type].flat().includes('integer');
  const step = shape.multipleOf > 0 ? shape.multipleOf : 1;
  const aboveLow =
    typeof shape.exclusiveMinimum === 'number' ? shape.exclusiveMinimum + (isInteger ? 1 : step / 2) : undefined;
  const belowHigh =
    typeof shape.exclusiveMaximum === 'number' ? shape.exclusiveMaximum - (isInteger ? 1 : step / 2) : undefined;
  const low =
    aboveLow ?? (shape.exclusiveMinimum === true ? (shape.minimum ?? 0) + (isInteger ? 1 : step / 2) : shape.minimum);
  const high =
    belowHigh ?? (shape.exclusiveMaximum === true ? (shape.maximum ?? 0) - (isInteger ? 1 : step / 2) : shape.maximum);
  const wish = 10 + (salt % 80);
  let value = Math.min(Math.max(wish, low ?? wish), high ?? Number.POSITIVE_INFINITY);
  if (shape.multipleOf > 0) {
    value = Math.ceil(value / step) * step;
    if (high !== undefined && value > high) value = Math.floor(high / step) * step;
    value = Number(value.toPrecision(12));
  } else if (isInteger) value = low !== undefined && value < low + 1 ? Math.ceil(value) : Math.floor(value);
  return value;
}

function text(shape, salt) {
  if (typeof shape.pattern === 'string') return patterned(shape, salt);
  if (shape.format === 'uuid' || shape.format === 'guid')
    return `00000000-0000-4000-8000-${String(salt).padStart(12, '0')}`;
  if (FORMATS[shape.format] !== undefined) return FORMATS[shape.format];
  const word = `corpus${salt}`;
  const least = Math.min(shape.minLength ?? 0, LARGEST);
  return word.padEnd(least, 'x').slice(0, shape.maxLength ?? undefined);
}

function patterned(shape, salt) {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const value = fakeValue({ type: 'string', pattern: shape.pattern }, salt + attempt * 1_000);
    if (typeof value !== 'string' || value.length < (shape.minLength ?? 0)) continue;
    if (value.length > (shape.maxLength ?? Number.POSITIVE_INFINITY)) continue;
    try {
      if (toRegExp(shape.pattern).test(value)) return value;
    } catch {
      return value;
    }
  }
  return shape.example ?? shape.examples?.[0] ?? shape.default ?? `corpus${salt}`;
}

function listOf(value) {
  return Array.isArray(value) ? value : [];
}

function isRecord(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
