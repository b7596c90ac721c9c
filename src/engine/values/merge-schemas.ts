import { memberOf } from '../../lib/json-object.ts';
import type { Schema, SchemaObject } from '../../model/schema.ts';

/**
 * One schema for what satisfies all of these, as far as that can be written without `allOf`: of two patterns or two
 * formats the last is kept.
 *
 * @example
 * mergeSchemas([{ type: 'number', minimum: 1 }, { minimum: 5 }]); // { type: 'number', minimum: 5 }
 */
export function mergeSchemas(schemas: readonly Schema[]): Schema {
  return schemas.reduce(mergeTwo, true);
}

function mergeTwo(one: Schema, other: Schema): Schema {
  if (one === false || other === false) return false;
  if (one === true) return other;
  if (other === true) return one;

  const merged: Record<string, unknown> = { ...one };
  for (const [keyword, value] of Object.entries(other)) {
    const merge = memberOf(MERGES, keyword);
    merged[keyword] = merge === undefined || merged[keyword] === undefined ? value : merge(merged[keyword], value);
  }
  // Only one choice can stand in a schema, so a second one is hung below each branch of the first.
  if (one.anyOf !== undefined && other.anyOf !== undefined) {
    const kept = choicesIn(one) * other.anyOf.length > MOST_CHOICES ? one.anyOf.slice(0, 1) : one.anyOf;
    merged.anyOf = kept.map((branch) => mergeTwo(branch, { anyOf: other.anyOf }));
  }
  return merged as SchemaObject;
}

/** Every choice beside another multiplies them; beyond this many, the first branch stands for the others. */
const MOST_CHOICES = 256;

function choicesIn(schema: Schema): number {
  if (typeof schema === 'boolean' || schema.anyOf === undefined) return 1;
  return schema.anyOf.reduce((sum, branch) => sum + choicesIn(branch), 0);
}

type Merge = (one: unknown, other: unknown) => unknown;

const larger: Merge = (one, other) => Math.max(Number(one), Number(other));
const smaller: Merge = (one, other) => Math.min(Number(one), Number(other));
const schemas: Merge = (one, other) => mergeTwo(one as Schema, other as Schema);
const union: Merge = (one, other) => [...new Set([...(one as unknown[]), ...(other as unknown[])])];

const properties: Merge = (one, other) => {
  const merged: Record<string, Schema> = { ...(one as Record<string, Schema>) };
  for (const [name, schema] of Object.entries(other as Record<string, Schema>)) {
    merged[name] = mergeTwo(merged[name] ?? true, schema);
  }
  return merged;
};

const types: Merge = (one, other) => {
  const common = [one].flat().filter((type) => [other].flat().includes(type));
  // An integer is a number.
  const isInteger = [one, other].flat().includes('integer') && [one, other].flat().includes('number');
  if (common.length === 0) return isInteger ? 'integer' : one;
  return common.length === 1 ? common[0] : common;
};

const commonValues: Merge = (one, other) => {
  const allowed = new Set((other as unknown[]).map((value) => JSON.stringify(value)));
  return (one as unknown[]).filter((value) => allowed.has(JSON.stringify(value)));
};

const MERGES: Readonly<Record<string, Merge>> = {
  type: types,
  enum: commonValues,
  required: union,
  properties,
  patternProperties: properties,
  items: schemas,
  additionalProperties: schemas,
  minimum: larger,
  exclusiveMinimum: larger,
  minLength: larger,
  minItems: larger,
  minProperties: larger,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
};
