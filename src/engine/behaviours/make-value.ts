import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { RandomSource } from '../values/random.ts';

/** Makes a value that a schema permits, of nothing but these draws. */
export type ValueMaker = (schema: Schema, random: RandomSource, now?: string) => unknown;

/**
 * The plainest value of a schema, for where there is no generator: what it shows, or else the empty value of its type.
 *
 * @example plainValue({ type: 'integer', minimum: 1 }, schemas); // 1
 */
export function plainValue(schema: Schema | undefined, schemas: SchemaResolver): unknown {
  const resolved = schemas.resolve(schema);
  if (resolved === undefined) return schema === undefined ? null : '';
  const shown = resolved.const ?? resolved.default ?? resolved.enum?.[0];
  if (shown !== undefined) return shown;
  if (Array.isArray(resolved.examples) && resolved.examples.length > 0) return resolved.examples[0];
  const branch = (resolved.oneOf ?? resolved.anyOf ?? resolved.allOf)?.[0];
  switch ([resolved.type].flat()[0]) {
    case 'integer':
    case 'number':
      return Number(resolved.minimum ?? 0);
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return {};
    case 'null':
      return null;
    case 'string':
      return '';
    default:
      return branch === undefined ? (resolved.properties === undefined ? '' : {}) : plainValue(branch, schemas);
  }
}
