import type { Schema } from '../../../model/schema.ts';
import { RECORD_SEPARATOR } from '../media-types.ts';
import { parseJson } from '../parse-json.ts';
import { type BodyContext, type BodyKind, UNREADABLE } from './body-kind.ts';
import { textOfItems } from './check-items.ts';

/** JSON values, one a line (NDJSON), or each after a record separator (RFC 7464); the value is an array of them. */
export function jsonLinesBody(
  schema: Schema | undefined,
  itemSchema: Schema | undefined,
  context: BodyContext,
): BodyKind {
  return textOfItems(schema, itemSchema, context, (text, report) => {
    const items: unknown[] = [];
    // A record may stand on several lines, a line is one record.
    const records = text.includes(RECORD_SEPARATOR) ? text.split(RECORD_SEPARATOR) : text.split('\n');
    for (const record of records) {
      if (record.trim() === '') continue;
      const parsed = parseJson(record);
      if (!('value' in parsed)) {
        report(`/${items.length}`, parsed.problem);
        return UNREADABLE;
      }
      items.push(parsed.value);
    }
    return items;
  });
}
