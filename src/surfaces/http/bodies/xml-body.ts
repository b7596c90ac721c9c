import type { Schema } from '../../../model/schema.ts';
import { readXml } from '../xml/read-xml.ts';
import type { BodyContext, BodyKind } from './body-kind.ts';
import { type TextDecoding, textParser } from './body-text.ts';

/** An XML document, whose elements and attributes are the properties that the hints of its schema make of them. */
export function xmlBody(
  schema: Schema,
  decode: TextDecoding,
  { schemas, validation, typingOf }: BodyContext,
): BodyKind {
  return {
    parse: textParser(decode, (text) => {
      const read = readXml(text, schema, typingOf(schema), schemas);
      // A picture or a feed that is described as a text alone is that text, whatever its elements.
      const isText = schemas.resolve(schema)?.type === 'string';
      return 'value' in read && isText && typeof read.value === 'object' ? { value: text } : read;
    }),
    check: validation.checkRequest(schema),
  };
}
