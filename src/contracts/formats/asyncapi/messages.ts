import { keysOf } from '../../../lib/json-pointer.ts';
import type { Channel, Message } from '../../../model/channel.ts';
import type { Schema } from '../../../model/schema.ts';
import type { Definitions } from '../../definitions.ts';
import { FOREIGN_SCHEMA } from '../../foreign-schemas.ts';
import { inferEnvelope } from '../../infer-envelope.ts';
import type { Place } from '../../place.ts';
import { objectOr, type PlainObject, stringOr } from '../../plain-object.ts';
import type { Report } from '../../source-file.ts';
import { childOf, type SourceFiles } from '../../source-files.ts';
import { fromAvro } from './avro-schema.ts';

/** What the parts of one document share while it is being loaded. */
export interface LoadContext {
  readonly root: Place;
  readonly files: SourceFiles;
  readonly definitions: Definitions;
  readonly defaultContentType: string;
  /** What a channel's operation needs, else its servers. */
  readonly securityOf: (operation: Place) => Pick<Channel, 'security'>;
  readonly report: Report;
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
    ...(members.headers === undefined ? {} : { headers: schemaAt(childOf(message, 'headers'), '', context) }),
    correlationId: stringOr(objectOr(correlation?.value).location),
    envelope: inferEnvelope(payload, context.definitions.resolve),
  };
}

/** An object with what its traits add; its own members win. */
export function withTraits(place: Place, context: LoadContext): Place {
  const traits = context.files
    .members(childOf(place, 'traits'))
    .map(([, trait]) => objectOr(context.files.follow(trait)?.value));
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
  return payload === undefined ? true : schemaAt(childOf(message, 'payload'), stringOr(schemaFormat) ?? '', context);
}

/** A schema in whatever language it is written; AsyncAPI 3 wraps one that is written in another than its own. */
function schemaAt(place: Place, language: string, context: LoadContext): Schema {
  const { files, definitions, report } = context;
  const target = files.follow(place) ?? place;
  const wrapped = objectOr(target.value);
  if (isWrapped(wrapped)) return schemaAt(childOf(target, 'schema'), wrapped.schemaFormat, context);
  if (/avro/i.test(language)) return fromAvro(target.value, definitions);
  if (!FOREIGN_SCHEMA.test(language)) return definitions.schema(place);
  report({
    source: place.source,
    pointer: place.pointer,
    message: `The schema is written in another language, which is not read (\`${language}\`): any value is valid here.`,
    hint: 'Write it as JSON Schema or Avro to have it checked and sampled.',
    severity: 'warning',
  });
  return true;
}

/** Whether a schema of AsyncAPI 3 names its language. */
export function isWrapped(value: PlainObject): value is PlainObject & { readonly schemaFormat: string } {
  return typeof value.schemaFormat === 'string' && 'schema' in value;
}

/** The name under which the message is kept, for example `/components/messages/Created`. */
function nameFrom(pointer: string): string {
  const keys = keysOf(pointer).filter((key) => key !== 'message' && key !== 'oneOf' && !/^\d+$/.test(key));
  return keys.at(-1) === 'subscribe' || keys.at(-1) === 'publish'
    ? (keys.at(-2) ?? 'message')
    : (keys.at(-1) ?? 'message');
}
