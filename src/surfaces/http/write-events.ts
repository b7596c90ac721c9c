import { isObject } from '../../lib/json-object.ts';

/** The fields of an event, as they stand in a stream. */
const FIELDS = ['event', 'id', 'retry', 'data'];

/**
 * Writes values as server-sent events: those that are described as events by their fields, any other as the data of one.
 *
 * @example writeEvents([{ event: 'tick', data: '1' }, { price: 2 }]) // 'event: tick\ndata: 1\n\ndata: {"price":2}\n\n'
 */
export function writeEvents(body: unknown): string {
  return (Array.isArray(body) ? body : [body]).map(writeEvent).join('');
}

function writeEvent(value: unknown): string {
  const isEvent = isObject(value) && 'data' in value;
  const event: Readonly<Record<string, unknown>> = isEvent ? value : { data: value };
  const lines = FIELDS.flatMap((name) => {
    const given = event[name];
    if (given === undefined || given === null) return [];
    const text = typeof given === 'object' ? JSON.stringify(given) : String(given);
    return text.split(/\r\n|\r|\n/).map((line) => `${name}: ${line}\n`);
  });
  return `${lines.join('')}\n`;
}
