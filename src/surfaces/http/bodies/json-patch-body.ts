import type { Schema } from '../../../model/schema.ts';
import type { BodyContext, BodyKind } from './body-kind.ts';
import { parseJsonBytes } from './json-body.ts';

/** Operations that one patch may have. */
const MOST_OPERATIONS = 1_000;

/** A JSON Patch (RFC 6902); of a schema that describes what is patched, and not the patch, nothing is asked. */
export function jsonPatchBody(schema: Schema, { validation, typingOf }: BodyContext): BodyKind {
  const checkPatch = validation.checkRequest(PATCH_SCHEMA);
  const check = typingOf(schema).isArray ? validation.checkRequest(schema) : undefined;
  return {
    parse: parseJsonBytes,
    check(value) {
      const found = checkPatch(value);
      return found.length > 0 || check === undefined ? found : check(value);
    },
  };
}

const POINTER: Schema = { type: 'string', pattern: '^(?:/(?:[^~/]|~[01])*)*$' };

const PATCH_SCHEMA: Schema = {
  type: 'array',
  maxItems: MOST_OPERATIONS,
  items: {
    type: 'object',
    required: ['op', 'path'],
    properties: {
      op: { enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'] },
      path: POINTER,
      from: POINTER,
    },
    if: { properties: { op: { enum: ['move', 'copy'] } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { required: ['from'] },
    else: {
      if: { properties: { op: { enum: ['add', 'replace', 'test'] } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required: ['value'] },
    },
  },
};
