import type { Check, Schema, SchemaObject, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';

/** How the check of a list comes apart into one of what surrounds the items and one of each item. */
export interface ListForm {
  /** Takes the whole body, and looks into none of the items. */
  readonly checkFrame: Check;
  readonly checkItem: Check;
}

/** Keywords under which an array is valid exactly if each of its items is. */
const OF_ARRAY = new Set(['type', 'items']);
/** Keywords under which an object is valid exactly if each of its properties is, and those needed are there. */
const OF_FRAME = new Set(['type', 'properties', 'required', 'additionalProperties']);
const TELLS_NOTHING = new Set([
  'description',
  'title',
  'example',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'xml',
]);

/**
 * Takes the schema of a list apart, so that stored items need not be checked again on every page they stand on;
 * `undefined` where the schema says anything about the items together. `property` holds them; a bare array has none.
 *
 * @example toListForm(schema, 'orders', schemas, validation)?.checkItem(order)
 */
export function toListForm(
  schema: Schema,
  property: string | undefined,
  schemas: SchemaResolver,
  validation: Validation,
): ListForm | undefined {
  const frame = plain(schema, schemas);
  const list = property === undefined ? frame : plain(frame?.properties?.[property], schemas);
  if (frame === undefined || list === undefined) return undefined;
  if (property !== undefined && !says(frame, OF_FRAME)) return undefined;
  if (list.type !== 'array' || list.items === undefined || !says(list, OF_ARRAY)) return undefined;
  const { items, ...array } = list;
  const around = property === undefined ? array : { ...frame, properties: { ...frame.properties, [property]: array } };
  return { checkFrame: validation.check(around), checkItem: validation.check(items) };
}

/** The schema behind references that say nothing of their own. */
function plain(schema: Schema | undefined, schemas: SchemaResolver): SchemaObject | undefined {
  if (typeof schema !== 'object') return undefined;
  return schema.$ref === undefined || says(schema, new Set(['$ref'])) ? schemas.resolve(schema) : undefined;
}

function says(schema: SchemaObject, only: ReadonlySet<string>): boolean {
  return Object.keys(schema).every((word) => only.has(word) || TELLS_NOTHING.has(word) || word.startsWith('x-'));
}
