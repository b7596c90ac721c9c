import { FORMATS } from './formats.ts';
import type { OptionSchema } from './option-table.ts';

/**
 * What a value must be, in words that fit behind *Use*.
 *
 * @example expectedValue({ type: 'integer', minimum: 1 }) // 'a whole number from 1'
 */
export function expectedValue(schema: OptionSchema): string {
  if (schema.enum !== undefined) return `one of: ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map(expectedValue).join(' or ');
  if (schema.format !== undefined) return FORMATS[schema.format].expected;
  switch (schema.type) {
    case 'integer':
      return `a whole number${rangeOf(schema)}`;
    case 'number':
      return `a number${aboveOf(schema)}${rangeOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of ${schema.items?.type === 'object' ? 'objects' : 'strings'}${schema.minItems === undefined ? '' : ', at least one'}`;
    case 'object':
      return 'an object';
    default:
      return schema.minLength === undefined ? 'a string' : 'a string that is not empty';
  }
}

function aboveOf({ exclusiveMinimum }: OptionSchema): string {
  return exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum},`;
}

function rangeOf({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: OptionSchema): string {
  const from = minimum === Number.MIN_SAFE_INTEGER ? '' : ` from ${minimum}`;
  const to = maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return `${from}${to}`;
}
