import type { Schema } from '../../../model/schema.ts';
import { RECORD_SEPARATOR } from '../media-types.ts';
import { parseJson } from '../parse-json.ts';
import { type BodyContext, type BodyKind, UNREADABLE } from './body-kind.ts';
import { decodeUtf8 } from './body-text.ts';
import { checkItems } from './check-items.ts';

/** JSON values, one a line (NDJSON), or each after a record separator (RFC 7464); the value is an array of them. */
export function jsonLinesBody(
  schema: Schema | undefined,
  itemSchema: Schema | undefined,
  context: BodyContext,
): BodyKind {
  return {
    parse(bytes, report) {
      const text = decodeUtf8(bytes as Buffer, report);
      if (typeof text !== 'string') return text;
      const items: unknown[] = [];
      let isReadable = true;
      // A record may stand on several lines, a line is one record.
      const records = text.includes(RECORD_SEPARATOR) ? text.split(RECORD_SEPARATOR) : text.split('\n');
      for (const record of records) {
        if (record.trim() === '') continue;
        const parsed = parseJson(record);
        if ('value' in parsed) items.push(parsed.value);
        else {
          report(`/${items.length}`, parsed.problem);
          isReadable = false;
          break;
        }
      }
      return isReadable ? items : UNREADABLE;
    },
    check: checkItems(schema, itemSchema, context),
  };
}
