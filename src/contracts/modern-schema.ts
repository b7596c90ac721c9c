import type { Schema } from '../model/schema.ts';
import { isPlainObject, listOr, type PlainObject } from './plain-object.ts';
import { keywordKind } from './schema-keywords.ts';

/** What the text around a schema decides about it. */
export interface SchemaContext {
  /** Whether keywords beside a `$ref` mean nothing, as was the rule before 2019-09 and OpenAPI 3.1. */
  readonly isRefAlone: boolean;
  /** The absolute form of a `$ref`, or `undefined` where it leads nowhere. */
  reference(ref: string): string | undefined;
}

/**
 * Writes a schema of any older dialect in the 2020-12 dialect. One function serves them all, since what they say
 * differently they also spell differently.
 */
export function toModernSchema(schema: unknown, context: SchemaContext): Schema {
  if (typeof schema === 'boolean') return schema;
  if (!isPlainObject(schema)) return {};
  if (typeof schema.$ref === 'string' && context.isRefAlone) return referenceTo(schema.$ref, context);

  const modern: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (!isLeftOut(keyword, value)) modern[keyword] = convert(keyword, value, context);
  }
  if (typeof schema.$ref === 'string') {
    delete modern.$ref;
    Object.assign(modern, referenceTo(schema.$ref, context));
  }
  modernizeBounds(schema, modern);
  modernizeItems(schema, modern, context);
  modernizeDependencies(schema, modern, context);
  modernizeType(schema, modern, context);
  liftRequired(schema, modern);
  if ('example' in schema && !('examples' in schema)) modern.examples = [schema.example];
  if (schema.extends !== undefined) {
    const parents = Array.isArray(schema.extends) ? schema.extends : [schema.extends];
    modern.allOf = [...listOr(modern.allOf), ...parents.map((parent) => toModernSchema(parent, context))];
  }
  if (isPlainObject(schema['x-select'])) modern['x-select'] = absoluteSelect(schema['x-select'], context);
  return schema.nullable === true || schema['x-nullable'] === true ? orNull(modern) : modern;
}

/** Keywords of older dialects that get another name or place, and names that absolute references make useless. */
const REPLACED = new Set(
  '$schema $id id $anchor definitions $defs example nullable x-nullable additionalItems dependencies divisibleBy extends disallow'.split(
    ' ',
  ),
);

function isLeftOut(keyword: string, value: unknown): boolean {
  return REPLACED.has(keyword) || (keyword === 'required' && typeof value === 'boolean');
}

function convert(keyword: string, value: unknown, context: SchemaContext): unknown {
  switch (keywordKind(keyword)) {
    case 'schema':
      return Array.isArray(value) ? value : toModernSchema(value, context);
    case 'schemas':
      return listOr(value).map((item) => toModernSchema(item, context));
    case 'schema-map':
      return Object.fromEntries(
        Object.entries(isPlainObject(value) ? value : {}).map(([name, item]) => [name, toModernSchema(item, context)]),
      );
    default:
      return value;
  }
}

function referenceTo(ref: string, context: SchemaContext): { $ref?: string } {
  const absolute = context.reference(ref);
  return absolute === undefined ? {} : { $ref: absolute };
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

function modernizeItems(schema: PlainObject, modern: Record<string, unknown>, context: SchemaContext): void {
  if (!Array.isArray(schema.items)) return;
  delete modern.items;
  modern.prefixItems = schema.items.map((item) => toModernSchema(item, context));
  if (schema.additionalItems !== undefined) modern.items = toModernSchema(schema.additionalItems, context);
}

function modernizeDependencies(schema: PlainObject, modern: Record<string, unknown>, context: SchemaContext): void {
  for (const [name, needed] of Object.entries(isPlainObject(schema.dependencies) ? schema.dependencies : {})) {
    const isNames = Array.isArray(needed) || typeof needed === 'string';
    const keyword = isNames ? 'dependentRequired' : 'dependentSchemas';
    const others = isPlainObject(modern[keyword]) ? modern[keyword] : {};
    modern[keyword] = { ...others, [name]: isNames ? [needed].flat() : toModernSchema(needed, context) };
  }
}

function modernizeType(schema: PlainObject, modern: Record<string, unknown>, context: SchemaContext): void {
  if (schema.type === 'file') Object.assign(modern, { type: 'string', format: 'binary' });
  if (schema.type === 'any') delete modern.type;
  if (Array.isArray(schema.type) && schema.type.some(isPlainObject)) {
    delete modern.type;
    modern.anyOf = schema.type.map((type) => (isPlainObject(type) ? toModernSchema(type, context) : { type }));
  }
  if (schema.disallow !== undefined) modern.not = toModernSchema({ type: schema.disallow }, context);
}

/** Draft-03, and draft-04 by mistake, say `required: true` inside the property. */
function liftRequired(schema: PlainObject, modern: Record<string, unknown>): void {
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
function absoluteSelect(select: PlainObject, context: SchemaContext): PlainObject {
  const schemas = isPlainObject(select.schemas) ? select.schemas : {};
  return {
    ...select,
    schemas: Object.fromEntries(
      Object.entries(schemas).map(([value, ref]) => [value, typeof ref === 'string' ? context.reference(ref) : ref]),
    ),
  };
}
