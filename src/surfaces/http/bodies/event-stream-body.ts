import type { Schema } from '../../../model/schema.ts';
import type { BodyContext, BodyKind } from './body-kind.ts';
import { textOfItems } from './check-items.ts';

/** Server-sent events, read as browsers do; the value is an array of them, each with the fields that it has. */
export function eventStreamBody(
  schema: Schema | undefined,
  itemSchema: Schema | undefined,
  context: BodyContext,
): BodyKind {
  return textOfItems(schema, itemSchema, context, (text) =>
    text
      .replace(/\r\n?/g, '\n')
      .split(/\n{2,}/)
      .flatMap(toEvent),
  );
}

/** The fields of one event; none where it has nothing but comments. */
function toEvent(block: string): Record<string, string | number>[] {
  const event: Record<string, string | number> = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'data' && event.data !== undefined) event.data = `${event.data}\n${value}`;
    else if (name === 'retry') {
      if (/^\d+$/.test(value)) event.retry = Number(value);
    } else if (name === 'data' || name === 'event' || name === 'id') event[name] = value;
  }
  return Object.keys(event).length === 0 ? [] : [event];
}
