import { keepsDigits } from '../../lib/decimal.ts';
import type { Schema, SchemaObject, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';

/** A value of which only the texts in it are known, as queries, forms and XML carry them. */
export type Written = string | readonly Written[] | { readonly [name: string]: Written };

/** What the texts of a value mean by its schema. */
export interface Typing {
  /** What its value can be; `isScalar` also where the schema says nothing. */
  readonly isScalar: boolean;
  readonly isArray: boolean;
  readonly isObject: boolean;
  /** Names of the properties that the schema lists. */
  readonly members: readonly string[];
  /** Whether the schema describes properties beyond those that it lists. */
  readonly hasFurtherMembers: boolean;
  readonly item: Typing;
  member(name: string): Typing;
  isValid(value: unknown): boolean;
  /** The value with each text as the number, boolean or null that it stands for; texts that are none stay texts. */
  read(written: Written): unknown;
}

/** A number as JSON writes it (RFC 8259, 6). */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Makes what types the texts of values of one schema. Where the schema leaves several types open, the first that makes
 * the value valid is taken.
 *
 * @example createTypings(schemas, validation)({ type: 'integer' }).read('12') // 12
 */
export function createTypings(
  schemas: SchemaResolver,
  validation: Pick<Validation, 'check'>,
): (schema: Schema | undefined) => Typing {
  // A schema that contains itself has one typing.
  const known = new WeakMap<SchemaObject, Typing>();
  const typingOf = (schema: Schema | undefined): Typing => {
    if (typeof schema !== 'object') return ANY_TEXT;
    const typing = known.get(schema) ?? createTyping(schema, schemas, validation, typingOf);
    known.set(schema, typing);
    return typing;
  };
  return typingOf;
}

/** What no schema says anything about stays text. */
const ANY_TEXT: Typing = {
  isScalar: true,
  isArray: false,
  isObject: false,
  members: [],
  hasFurtherMembers: false,
  get item() {
    return ANY_TEXT;
  },
  member: () => ANY_TEXT,
  isValid: () => true,
  read: (written) => written,
};

function createTyping(
  schema: SchemaObject,
  schemas: SchemaResolver,
  validation: Pick<Validation, 'check'>,
  typingOf: (schema: Schema | undefined) => Typing,
): Typing {
  const parts = partsOf(schema, schemas);
  const types = new Set(parts.flatMap(typesOf));
  const isArray = types.has('array');
  const isObject = types.has('object');
  const scalars = ['null', 'boolean', 'number', 'integer', 'string'].filter((type) => types.has(type));
  const only = scalars.length < 2 ? (scalars[0] ?? 'string') : undefined;
  const members = new Map<string, Typing>();
  const alternatives = (found: readonly (Schema | undefined)[]): Typing => {
    const real = found.filter((one) => typeof one === 'object');
    return real.length < 2 ? typingOf(real[0]) : typingOf({ anyOf: real });
  };
  let item: Typing | undefined;

  const scalarOf = (text: string): unknown => {
    if (only !== undefined) {
      const meaning = meaningOf(text, only);
      return meaning === NO_MEANING ? text : meaning;
    }
    const meant = scalars.map((type) => meaningOf(text, type)).filter((meaning) => meaning !== NO_MEANING);
    if (meant.length < 2) return meant.length === 0 ? text : meant[0];
    const valid = meant.find((value) => typing.isValid(value));
    return valid === undefined ? meant[0] : valid;
  };

  const typing: Typing = {
    isScalar: scalars.length > 0 || !(isArray || isObject),
    isArray,
    isObject,
    members: [...new Set(parts.flatMap(({ properties = {} }) => Object.keys(properties)))],
    hasFurtherMembers: parts.some(
      ({ additionalProperties }) => additionalProperties !== undefined && additionalProperties !== false,
    ),
    get item() {
      item ??= alternatives(parts.map(({ items }) => items));
      return item;
    },
    member(name) {
      let member = members.get(name);
      if (member === undefined) {
        member = alternatives(
          parts.map(({ properties = {}, additionalProperties }) =>
            Object.hasOwn(properties, name) ? properties[name] : additionalProperties,
          ),
        );
        members.set(name, member);
      }
      return member;
    },
    isValid: (value) => validation.check(schema)(value).length === 0,
    read(written) {
      if (typeof written === 'string') return scalarOf(written);
      if (Array.isArray(written)) return written.map((one: Written) => typing.item.read(one));
      const value: Record<string, unknown> = {};
      for (const [name, one] of Object.entries(written)) value[name] = typing.member(name).read(one);
      return value;
    },
  };
  return typing;
}

/** The schema and everything that says what its value is: its references, parts and alternatives, and theirs. */
function partsOf(schema: Schema | undefined, schemas: SchemaResolver): readonly SchemaObject[] {
  const parts = new Set<SchemaObject>();
  const collect = (one: Schema | undefined): void => {
    if (typeof one !== 'object' || parts.has(one)) return;
    parts.add(one);
    if (one.$ref !== undefined) collect(schemas.resolve(one));
    for (const branch of [...(one.allOf ?? []), ...(one.anyOf ?? []), ...(one.oneOf ?? [])]) collect(branch);
  };
  collect(schema);
  return [...parts];
}

function typesOf(part: SchemaObject): readonly string[] {
  if (part.type !== undefined) return typeof part.type === 'string' ? [part.type] : part.type;
  if ('const' in part) return [typeOf(part.const)];
  if (Array.isArray(part.enum)) return part.enum.map(typeOf);
  if (part.properties !== undefined || part.additionalProperties !== undefined) return ['object'];
  return part.items === undefined ? [] : ['array'];
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** A text that stands for no value of a type. */
const NO_MEANING = Symbol('no meaning');

/** What a text stands for as a value of one type. */
function meaningOf(text: string, type: string): unknown {
  switch (type) {
    case 'null':
      return text === '' || text === 'null' ? null : NO_MEANING;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : NO_MEANING;
    case 'number':
    case 'integer':
      return JSON_NUMBER.test(text) && keepsDigits(text) ? Number(text) : NO_MEANING;
    default:
      return text;
  }
}
