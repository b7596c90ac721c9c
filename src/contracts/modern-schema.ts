import type { Severity } from '../errors.ts';
import { nearestWord, suggestion } from '../lib/nearest-word.ts';
import type { Schema } from '../model/schema.ts';
import { readFaker } from './hints/read-faker.ts';
import { isPlainObject, listOr, type PlainObject } from './plain-object.ts';
import { keywordKind, knownKeywords } from './schema-keywords.ts';
import { soundKeyword } from './sound-keyword.ts';

/** What the text around a schema decides about it. */
export interface SchemaContext {
  /** Whether keywords beside a `$ref` mean nothing, as was the rule before 2019-09 and OpenAPI 3.1. */
  readonly isRefAlone: boolean;
  /** Whether `nullable` means nothing, as it does since OpenAPI 3.1. */
  readonly isNullableUnknown?: boolean;
  /** The absolute form of a `$ref` that stands below the given keys, or `undefined` where it leads nowhere. */
  reference(ref: string, keys: readonly string[]): string | undefined;
  /** Called with each keyword that is not taken as it stands; the keys lead to it from the schema's own place. */
  report?(fault: SchemaFault): void;
}

/** What is wrong with a keyword. */
export interface SchemaFault {
  readonly keys: readonly string[];
  readonly message: string;
  readonly hint: string;
  readonly severity: Severity;
  /** The mistake is in the name of the keyword. */
  readonly onKey?: boolean;
}

/**
 * Writes a schema of any older dialect in the 2020-12 dialect, in which a validator can be made of it. One function
 * serves them all, since what they say differently they also spell differently.
 */
export function toModernSchema(schema: unknown, context: SchemaContext): Schema {
  return convertSchema(schema, [], context);
}

/** `keys` lead from the schema that was asked for to this one. */
function convertSchema(schema: unknown, keys: readonly string[], context: SchemaContext): Schema {
  if (typeof schema === 'boolean') return schema;
  if (!isPlainObject(schema)) {
    // A name with nothing behind it, as in `owner:`, is a schema that permits anything.
    if (schema !== undefined && schema !== null) reportNoSchema(keys, context);
    return {};
  }
  const ref = referenceOf(schema);
  if (ref !== undefined && context.isRefAlone) return referenceTo(ref, keys, context);

  const modern: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    const converted = isLeftOut(keyword, value) ? undefined : convert(keyword, value, [...keys, keyword], context);
    if (converted !== undefined) modern[keyword] = converted;
  }
  if (ref !== undefined) {
    delete modern.$ref;
    Object.assign(modern, referenceTo(ref, keys, context));
  }
  modernizeBounds(schema, modern);
  modernizeItems(schema, modern, keys, context);
  modernizeDependencies(schema, modern, keys, context);
  modernizeType(schema, modern, keys, context);
  modernizeRequired(schema, modern);
  if ('example' in schema && !('examples' in schema)) modern.examples = [schema.example];
  if (schema.extends !== undefined) {
    const parents = Array.isArray(schema.extends) ? schema.extends : [schema.extends];
    modern.allOf = [
      ...listOr(modern.allOf),
      ...parents.map((parent) => convertSchema(parent, [...keys, 'extends'], context)),
    ];
  }
  if (isPlainObject(schema['x-select'])) modern['x-select'] = absoluteSelect(schema['x-select'], keys, context);
  if (isPlainObject(modern.discriminator)) {
    modern.discriminator = absoluteDiscriminator(modern.discriminator, keys, context);
  }
  keepWhatIsSound(modern, keys, context);
  Object.assign(modern, valueHints(schema, keys, context));
  return isNullable(schema, keys, context) ? orNull(modern) : modern;
}

/** What values are to be like where they are made up: `x-simulator: {value}`, and `x-faker` of other tools. */
function valueHints(schema: PlainObject, keys: readonly string[], context: SchemaContext): PlainObject {
  const { value } = isPlainObject(schema['x-simulator']) ? schema['x-simulator'] : {};
  if (value !== undefined) return { 'x-values': Array.isArray(value) ? value : [value] };
  if (schema['x-faker'] === undefined) return {};
  const hint = readFaker(schema['x-faker']);
  if (hint === undefined) {
    context.report?.({
      keys: [...keys, 'x-faker'],
      message: `\`x-faker: ${JSON.stringify(schema['x-faker'])}\` is not known: values are made from the schema.`,
      hint: 'Say what they are with `x-simulator: {value: …}`.',
      severity: 'warning',
    });
  }
  return hint ?? {};
}

/** Keywords of older dialects that get another name or place, and names that absolute references make useless. */
const REPLACED = new Set(
  '$schema $id id $anchor $dynamicAnchor $dynamicRef $recursiveAnchor $recursiveRef $vocabulary definitions $defs example nullable x-nullable additionalItems dependencies divisibleBy extends disallow'.split(
    ' ',
  ),
);

function isLeftOut(keyword: string, value: unknown): boolean {
  return REPLACED.has(keyword) || (keyword === 'required' && typeof value === 'boolean');
}

/** `keys` lead to the keyword. */
function convert(keyword: string, value: unknown, keys: readonly string[], context: SchemaContext): unknown {
  switch (keywordKind(keyword)) {
    case 'schema':
      // A list of schemas is a tuple, which is written in another way.
      return keyword === 'items' && Array.isArray(value) ? value : convertSchema(value, keys, context);
    case 'schemas':
      return Array.isArray(value)
        ? value.map((item, index) => convertSchema(item, [...keys, String(index)], context))
        : value;
    case 'schema-map':
      return isPlainObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([name, item]) => [name, convertSchema(item, [...keys, name], context)]),
          )
        : value;
    case 'data':
      return isPlainObject(value) && !UNREAD_DATA.has(keyword) ? withoutIdentifiers(value) : value;
    default:
      if (keyword.startsWith('x-')) return withoutIdentifiers(value);
      reportUnknown(keyword, keys, context);
      return undefined;
  }
}

/** Data that a validator does not look into for identifiers of schemas. */
const UNREAD_DATA = new Set(['default', 'const', 'enum']);

/** In data these names mean nothing, but a validator would take them for identifiers of schemas. */
function withoutIdentifiers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIdentifiers);
  if (!isPlainObject(value)) return value;
  const { $id: _, $anchor: __, $dynamicAnchor: ___, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, withoutIdentifiers(member)]));
}

/** What is resolved while a value is looked at is resolved at once: there it can lead to no other place than here. */
function referenceOf({ $ref, $dynamicRef, $recursiveRef }: PlainObject): string | undefined {
  return [$ref, $dynamicRef, $recursiveRef].find((ref) => typeof ref === 'string');
}

function referenceTo(ref: string, keys: readonly string[], context: SchemaContext): { $ref?: string } {
  const absolute = context.reference(ref, keys);
  return absolute === undefined ? {} : { $ref: absolute };
}

/** A keyword that no validator can be made of is dropped, or taken as what was meant by it, and reported. */
function keepWhatIsSound(modern: Record<string, unknown>, keys: readonly string[], context: SchemaContext): void {
  for (const [keyword, given] of Object.entries(modern)) {
    const { value, fault } = soundKeyword(keyword, given, modern);
    if (value === given && fault === undefined) continue;
    if (value === undefined) delete modern[keyword];
    else modern[keyword] = value;
    if (fault === undefined) continue;
    context.report?.({
      keys: [...keys, keyword],
      message: `\`${keyword}\` ${fault}: it is ${value === undefined ? 'ignored' : `read as ${JSON.stringify(value)}`}.`,
      hint: 'Correct the value.',
      severity: value === undefined ? 'error' : 'warning',
    });
  }
}

function reportNoSchema(keys: readonly string[], context: SchemaContext): void {
  context.report?.({
    keys,
    message: 'This is no schema, so that any value is valid here.',
    hint: 'Use an object of keywords, true or false.',
    severity: 'error',
  });
}

/** An unknown keyword says nothing, unless it is a slip in one that does. */
function reportUnknown(keyword: string, keys: readonly string[], context: SchemaContext): void {
  if (context.report === undefined) return;
  const meant = keyword.length < 4 ? undefined : nearestWord(keyword, knownKeywords());
  context.report({
    keys,
    onKey: true,
    message: `\`${keyword}\` is no keyword of JSON Schema.`,
    hint: meant === undefined ? 'Remove it, or let its name start with `x-`.' : suggestion(meant),
    severity: meant === undefined || MERE_NOTES.has(meant) ? 'warning' : 'error',
  });
}

/** Keywords that no value is checked by. */
const MERE_NOTES = new Set(
  'title description example examples deprecated externalDocs xml $comment $schema $vocabulary'.split(' '),
);

function isNullable(schema: PlainObject, keys: readonly string[], context: SchemaContext): boolean {
  if (schema.nullable === undefined || context.isNullableUnknown !== true) {
    return schema.nullable === true || schema['x-nullable'] === true;
  }
  context.report?.({
    keys: [...keys, 'nullable'],
    onKey: true,
    message: '`nullable` means nothing since OpenAPI 3.1.',
    hint: 'Add "null" to the types.',
    severity: 'warning',
  });
  return false;
}

function modernizeBounds(schema: PlainObject, modern: Record<string, unknown>): void {
  for (const [exclusive, inclusive] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue;
    delete modern[exclusive];
    if (schema[exclusive] === true && inclusive in schema) {
      modern[exclusive] = schema[inclusive];
      delete modern[inclusive];
    }
  }
  if (schema.divisibleBy !== undefined) modern.multipleOf = schema.divisibleBy;
}

function modernizeItems(
  schema: PlainObject,
  modern: Record<string, unknown>,
  keys: readonly string[],
  context: SchemaContext,
): void {
  if (!Array.isArray(schema.items)) return;
  delete modern.items;
  // An empty tuple says nothing about any item.
  if (schema.items.length === 0) return;
  modern.prefixItems = schema.items.map((item, index) =>
    convertSchema(item, [...keys, 'items', String(index)], context),
  );
  if (schema.additionalItems !== undefined) {
    modern.items = convertSchema(schema.additionalItems, [...keys, 'additionalItems'], context);
  }
}

function modernizeDependencies(
  schema: PlainObject,
  modern: Record<string, unknown>,
  keys: readonly string[],
  context: SchemaContext,
): void {
  for (const [name, needed] of Object.entries(isPlainObject(schema.dependencies) ? schema.dependencies : {})) {
    const isNames = Array.isArray(needed) || typeof needed === 'string';
    const keyword = isNames ? 'dependentRequired' : 'dependentSchemas';
    const others = isPlainObject(modern[keyword]) ? modern[keyword] : {};
    const converted = isNames ? [needed].flat() : convertSchema(needed, [...keys, 'dependencies', name], context);
    modern[keyword] = { ...others, [name]: converted };
  }
}

function modernizeType(
  schema: PlainObject,
  modern: Record<string, unknown>,
  keys: readonly string[],
  context: SchemaContext,
): void {
  if (schema.type === 'file') Object.assign(modern, { type: 'string', format: 'binary' });
  const types = [schema.type].flat();
  if (types.includes('any')) {
    // Draft-03's word for what any value is; beside others it leaves nothing out.
    delete modern.type;
  } else if (Array.isArray(schema.type) && schema.type.some(isPlainObject)) {
    delete modern.type;
    modern.anyOf = schema.type.map((type, index) =>
      convertSchema(isPlainObject(type) ? type : { type }, [...keys, 'type', String(index)], context),
    );
  }
  const format = FORMER_FORMATS.get(schema.format);
  if (format !== undefined) modern.format = format;
  if (schema.disallow !== undefined) {
    modern.not = convertSchema({ type: schema.disallow }, [...keys, 'disallow'], context);
  }
}

/** Formats that draft-03 called differently. */
const FORMER_FORMATS: ReadonlyMap<unknown, string> = new Map([
  ['ip-address', 'ipv4'],
  ['host-name', 'hostname'],
]);

/** Draft-03, and draft-04 by mistake, say `required: true` inside the property. */
function modernizeRequired(schema: PlainObject, modern: Record<string, unknown>): void {
  const lifted = Object.entries(isPlainObject(schema.properties) ? schema.properties : {})
    .filter(([, property]) => isPlainObject(property) && property.required === true)
    .map(([name]) => name);
  if (lifted.length > 0) modern.required = [...new Set([...listOr(modern.required), ...lifted])];
}

/** OpenAPI 3.0 allows `null` only beside a `type`; documents in the wild mean it beside `allOf`, `enum` and `$ref` too. */
function orNull(schema: Record<string, unknown>): Schema {
  if (schema.type === undefined && (schema.$ref ?? schema.allOf ?? schema.anyOf ?? schema.oneOf) !== undefined) {
    return { anyOf: [schema, { type: 'null' }] };
  }
  const nullable = { ...schema };
  if (schema.type !== undefined) nullable.type = [...new Set([schema.type, 'null'].flat())];
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) nullable.enum = [...schema.enum, null];
  return nullable;
}

/** `x-select` names schemas by file as a `$ref` does, so that it has to be made absolute as well. */
function absoluteSelect(select: PlainObject, keys: readonly string[], context: SchemaContext): PlainObject {
  const schemas = isPlainObject(select.schemas) ? select.schemas : {};
  return {
    ...select,
    schemas: Object.fromEntries(
      Object.entries(schemas).map(([value, ref]) => [
        value,
        typeof ref === 'string' ? context.reference(ref, [...keys, 'x-select', 'schemas']) : ref,
      ]),
    ),
  };
}

/** What a mapping leads to; a bare name is left as it is. */
function absoluteDiscriminator(
  discriminator: PlainObject,
  keys: readonly string[],
  context: SchemaContext,
): PlainObject {
  if (!isPlainObject(discriminator.mapping)) return discriminator;
  const mapping = Object.entries(discriminator.mapping).map(([value, ref]) => [
    value,
    typeof ref === 'string' ? (context.reference(ref, [...keys, 'discriminator', 'mapping']) ?? ref) : ref,
  ]);
  return { ...discriminator, mapping: Object.fromEntries(mapping) };
}
