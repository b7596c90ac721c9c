import { createRequire } from 'node:module';
import { countValues } from '../../../lib/value-size.ts';
import type { Schema } from '../../../model/schema.ts';
import { parseJson } from '../parse-json.ts';
import type { BodyContext, BodyKind } from './body-kind.ts';
import { type TextDecoding, textParser } from './body-text.ts';

/** YAML (RFC 9512) that stands for a value of its schema, within the bounds that JSON has, aliases written out. */
export function yamlBody(schema: Schema, decode: TextDecoding, { operation, validation }: BodyContext): BodyKind {
  return {
    parse: textParser(decode, readYaml),
    check: operation.method === 'PATCH' ? validation.checkPatch(schema) : validation.checkRequest(schema),
  };
}

/** Values in one body, aliases written out. */
const MOST_VALUES = 200_000;

/** The library is loaded when the first such body comes. It takes time with the length of a text, whatever that says. */
function readYaml(text: string): ReturnType<typeof parseJson> {
  const { load, CORE_SCHEMA } = createRequire(import.meta.url)('js-yaml') as typeof import('js-yaml');
  try {
    const value = load(text, { schema: CORE_SCHEMA });
    if (countValues(value, MOST_VALUES) > MOST_VALUES) return { problem: `stands for more than ${MOST_VALUES} values` };
    const read = parseJson(JSON.stringify(value ?? null));
    return 'value' in read ? read : { problem: read.problem.replace(/,? at line .*/, '') };
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } };
    const place = mark === undefined ? '' : ` at line ${mark.line + 1}, column ${mark.column + 1}`;
    return { problem: `is not valid YAML: ${reason ?? String(error)}${place}` };
  }
}
