import type { Schema } from '../../../model/schema.ts';
import { readXml } from '../xml/read-xml.ts';
import { type BodyContext, type BodyKind, UNREADABLE } from './body-kind.ts';
import type { TextDecoding } from './body-text.ts';

/** An XML document, whose elements and attributes are the properties that the hints of its schema make of them. */
export function xmlBody(
  schema: Schema,
  decode: TextDecoding,
  { schemas, validation, typingOf }: BodyContext,
): BodyKind {
  return {
    parse(bytes, report) {
      const text = decode(bytes as Buffer, report);
      if (typeof text !== 'string') return text;
      const read = readXml(text, schema, typingOf(schema), schemas);
      // A picture or a feed that is described as a text alone is that text, whatever its elements.
      const isText = schemas.resolve(schema)?.type === 'string';
      if ('value' in read) return isText && typeof read.value === 'object' ? text : read.value;
      report('', read.problem);
      return UNREADABLE;
    },
    check: validation.checkRequest(schema),
  };
}
