import type { Schema } from '../../../model/schema.ts';
import { parseJson } from '../parse-json.ts';
import { type BodyContext, type BodyKind, NOTHING_WRONG } from './body-kind.ts';
import { decodeUtf8, type TextDecoding } from './body-text.ts';

/** Text, which may stand for a number or another scalar of its schema. */
export function textBody(schema: Schema, decode: TextDecoding, { validation, typingOf }: BodyContext): BodyKind {
  const typing = typingOf(schema);
  return {
    parse(bytes, report) {
      const text = decode(bytes as Buffer, report);
      return typeof text === 'string' ? typing.read(text) : text;
    },
    check: validation.checkRequest(schema),
  };
}

/** Bytes, of which a contract can say nothing. */
export const BYTES_BODY: BodyKind = { parse: (bytes) => bytes, check: NOTHING_WRONG };

/** For an operation that takes everything: JSON where it is JSON, else text, else bytes. */
export const ANY_BODY: BodyKind = {
  parse(bytes) {
    const text = decodeUtf8(bytes as Buffer, () => {});
    if (typeof text !== 'string') return bytes;
    const parsed = parseJson(text);
    return 'value' in parsed ? parsed.value : text;
  },
  check: NOTHING_WRONG,
};
