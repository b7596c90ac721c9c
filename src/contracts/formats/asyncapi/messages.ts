import { keysOf } from '../../../lib/json-pointer.ts';
import type { Message } from '../../../model/channel.ts';
import type { Schema } from '../../../model/schema.ts';
import type { Definitions } from '../../definitions.ts';
import { inferEnvelope } from '../../infer-envelope.ts';
import { isPlainObject, objectOr, type PlainObject, stringOr } from '../../plain-object.ts';
import { childOf, childrenOf, type Place, type SourceFiles } from '../../source-files.ts';

/** What the parts of one document share while it is being loaded. */
export interface LoadContext {
  readonly root: Place;
  readonly files: SourceFiles;
  readonly definitions: Definitions;
  readonly defaultContentType: string;
}

/** The message at a place, or the one that it refers to. */
export function messageAt(place: Place, context: LoadContext): Message {
  const message = withTraits(context.files.follow(place) ?? place, context);
  const members = objectOr(message.value);
  const payload = payloadOf(message, context);
  const correlation = context.files.follow(childOf(message, 'correlationId'));
  return {
    name: stringOr(members.name) ?? stringOr(members.messageId) ?? nameFrom(message.pointer),
    title: stringOr(members.title),
    contentType: stringOr(members.contentType) ?? context.defaultContentType,
    payload,
    ...(members.headers === undefined ? {} : { headers: context.definitions.schema(childOf(message, 'headers')) }),
    correlationId: stringOr(objectOr(correlation?.value).location),
    envelope: inferEnvelope(payload, context.definitions.resolve),
  };
}

/** An object with what its traits add; its own members win. */
export function withTraits(place: Place, context: LoadContext): Place {
  const traits = childrenOf(childOf(place, 'traits')).map(([, trait]) => objectOr(context.files.follow(trait)?.value));
  if (traits.length === 0) return place;
  return { ...place, value: Object.assign({}, ...traits, objectOr(place.value)) };
}

/** The bindings of a channel and of an operation on it, protocol by protocol. */
export function mergedBindings(channel: unknown, operation: unknown): Record<string, unknown> {
  const merged: Record<string, PlainObject> = {};
  for (const bindings of [channel, operation]) {
    for (const [protocol, binding] of Object.entries(objectOr(bindings))) {
      merged[protocol] = { ...merged[protocol], ...objectOr(binding) };
    }
  }
  return merged;
}

function payloadOf(message: Place, context: LoadContext): Schema {
  const { payload, schemaFormat } = objectOr(message.value);
  const place = childOf(message, 'payload');
  if (payload === undefined) return true;
  // AsyncAPI 3 wraps a schema that is written in another language.
  const wrapped = isPlainObject(payload) && 'schemaFormat' in payload ? payload.schemaFormat : undefined;
  const language = stringOr(wrapped ?? schemaFormat) ?? '';
  if (/avro|raml|protobuf|xml/i.test(language)) return true;
  return context.definitions.schema(wrapped === undefined ? place : childOf(place, 'schema'));
}

/** The name under which the message is kept, for example `/components/messages/Created`. */
function nameFrom(pointer: string): string {
  const keys = keysOf(pointer).filter((key) => key !== 'message' && key !== 'oneOf' && !/^\d+$/.test(key));
  return keys.at(-1) === 'subscribe' || keys.at(-1) === 'publish'
    ? (keys.at(-2) ?? 'message')
    : (keys.at(-1) ?? 'message');
}
