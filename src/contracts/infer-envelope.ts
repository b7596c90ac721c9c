import type { Envelope } from '../model/channel.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';

/**
 * Infers which properties of an event's payload the publisher fills, from their names and formats.
 *
 * @example
 * inferEnvelope({ properties: { eventId: { type: 'string' } } }, (schema) => schema as SchemaObject).id; // 'eventId'
 */
export function inferEnvelope(payload: Schema, resolve: (schema: Schema) => SchemaObject | undefined): Envelope {
  const properties = propertiesOf(payload, resolve, new Set());
  const find = (matches: (name: string, schema: SchemaObject | undefined) => boolean) =>
    properties.find(([name, schema]) => matches(name, resolve(schema)))?.[0];
  const isTime = (schema: SchemaObject | undefined) => schema?.format === 'date-time';

  const previous = properties.flatMap(([name]): [string, string][] => {
    const [, later] = /^(?:previous|old|former)([A-Z].*)$/.exec(name) ?? [];
    return later === undefined ? [] : [[name, later.charAt(0).toLowerCase() + later.slice(1)]];
  });
  return {
    id: find((name) => /^(event|message|notification).?id$/i.test(name)),
    type: find((name) => /^(event|message|notification).?type$/i.test(name)) ?? find((name) => name === 'type'),
    // Of several times the one of the event is meant: others say when its subject happened or was noticed.
    time:
      find((name, schema) => isTime(schema) && /^(event|message|notification).?time$/i.test(name)) ??
      find((name, schema) => isTime(schema) && /(time|occur|at)$/i.test(name)),
    tenant: find((name) => /tenant/i.test(name)),
    previous: Object.fromEntries(previous),
  };
}

function propertiesOf(
  schema: Schema,
  resolve: (schema: Schema) => SchemaObject | undefined,
  passed: Set<SchemaObject>,
): readonly [string, Schema][] {
  const resolved = resolve(schema);
  if (resolved === undefined || passed.has(resolved)) return [];
  passed.add(resolved);
  const inherited = (resolved.allOf ?? []).flatMap((part) => propertiesOf(part, resolve, passed));
  return [...inherited, ...Object.entries(resolved.properties ?? {})];
}
