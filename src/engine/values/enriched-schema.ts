import { memberOf } from '../../lib/json-object.ts';
import { compilePattern, isPattern } from '../../lib/patterns/pattern.ts';
import type { Schema, SchemaObject } from '../../model/schema.ts';
import { createFormats, OWN_FORMATS } from './generator-formats.ts';
import { mergeSchemas } from './merge-schemas.ts';

/**
 * Fills in what a finite schema leaves open, so that values look like something: bounds of numbers, formats of strings
 * by the name of their property, a type where there is none.
 *
 * @example
 * enrichSchema({ type: 'string' }, 'contactPhone'); // { type: 'string', format: 'x-phone' }
 */
export function enrichSchema(schema: Schema, name = ''): Schema {
  if (typeof schema === 'boolean' || Object.keys(schema).length === 0) {
    return schema === false ? false : { type: 'string', format: formatByName(name) };
  }
  if (Array.isArray(schema['x-values'])) return { enum: schema['x-values'] };
  if (schema.anyOf !== undefined) {
    // What stands beside the choice goes into every branch: whether a string has a format is known only there.
    const { anyOf, ...beside } = schema;
    return { anyOf: anyOf.map((branch) => enrichSchema(mergeSchemas([beside, branch]), name)) };
  }
  return {
    ...schema,
    ...wholeNumber(schema),
    ...numberBounds(schema),
    ...stringFormat(schema, name),
    ...(schema.properties && { properties: dressProperties(schema.properties) }),
    ...(schema.patternProperties !== undefined && {
      patternProperties: dressProperties(schema.patternProperties as Record<string, Schema>),
    }),
    ...(schema.additionalProperties !== undefined && {
      additionalProperties: enrichSchema(schema.additionalProperties),
    }),
    ...(schema.items !== undefined && { items: enrichSchema(schema.items, name) }),
    ...(schema.contentSchema !== undefined && { contentSchema: enrichSchema(schema.contentSchema as Schema) }),
    ...(schema.contains !== undefined && { contains: enrichSchema(schema.contains as Schema, name) }),
    ...(Array.isArray(schema.prefixItems) && {
      prefixItems: schema.prefixItems.map((item: Schema) => enrichSchema(item, name)),
    }),
  };
}

function dressProperties(properties: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, enrichSchema(schema, name)]));
}

/** A number in a format of whole ones is whole, whatever its type says. */
function wholeNumber(schema: SchemaObject): SchemaObject {
  return schema.type === 'number' && /^u?int\d*$/.test(schema.format ?? '') ? { type: 'integer' } : {};
}

/** Bounds where there are none: json-schema-faker ends at ±1000, even when the other bound is beyond that. */
function numberBounds(schema: SchemaObject): SchemaObject {
  if (!hasType(schema, 'number') && !hasType(schema, 'integer')) return {};
  const lower = largest(schema.minimum, schema.exclusiveMinimum);
  const upper = smallest(schema.maximum, schema.exclusiveMaximum);
  // Amounts, counts and sizes are seldom negative.
  const minimum = lower ?? (upper !== undefined && upper <= 0 ? upper - 1000 : 0);
  return {
    ...(lower === undefined && { minimum }),
    ...(upper === undefined && { maximum: minimum + Math.max(1000, 1000 * Number(schema.multipleOf ?? 0)) }),
  };
}

/** A format that can be written, where the contract leaves the string open. */
function stringFormat(schema: SchemaObject, name: string): SchemaObject {
  if (!hasType(schema, 'string') || schema.enum !== undefined || schema.const !== undefined) return {};
  if (typeof schema['x-value-format'] === 'string') return { format: schema['x-value-format'] };
  const sample = memberOf(EXAMPLES, schema.format ?? '');
  // json-schema-faker looks at the format first, and then no longer at the pattern: it gets the one that covers both.
  if (typeof schema.pattern === 'string') {
    return { format: sample !== undefined && matches(schema.pattern, sample) ? schema.format : undefined };
  }
  return { format: sample === undefined ? formatByName(name) : schema.format };
}

function matches(source: string, sample: string): boolean {
  const pattern = compilePattern(source);
  return isPattern(pattern) && pattern.test(sample);
}

function formatByName(name: string): string {
  if (/(phone|mobile|fax|msisdn)(number)?$/i.test(name)) return OWN_FORMATS.phone;
  if (/e?mail(address)?$/i.test(name)) return 'email';
  if (/(url|uri|href|callback)$/i.test(name)) return 'uri';
  return /currency(code)?$/i.test(name) ? OWN_FORMATS.currency : OWN_FORMATS.words;
}

function hasType({ type }: SchemaObject, wanted: string): boolean {
  return type === wanted || (Array.isArray(type) && type.includes(wanted));
}

function largest(...bounds: unknown[]): number | undefined {
  const numbers = bounds.filter((bound) => typeof bound === 'number');
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function smallest(...bounds: unknown[]): number | undefined {
  const numbers = bounds.filter((bound) => typeof bound === 'number');
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

/** How each format is written, by one example. */
const EXAMPLES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(createFormats(0)).map(([format, write]) => [
    format,
    write({ next: () => 0.5, int: (min, max) => Math.floor((min + max) / 2), pick: ([first]) => first as never }),
  ]),
);
