import { once } from '../../lib/once.ts';
import { Refusal } from '../../model/command.ts';
import type { MediaType, Operation } from '../../model/operation.ts';
import type { Schema, Validation, Violation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import {
  type BodyContext,
  type BodyKind,
  type BodyPart,
  type BodyProblem,
  reportTo,
  UNREADABLE,
} from './bodies/body-kind.ts';
import { decodingOf } from './bodies/body-text.ts';
import { eventStreamBody } from './bodies/event-stream-body.ts';
import { formBody } from './bodies/form-body.ts';
import { jsonBody, mergePatchBody, partialJsonBody } from './bodies/json-body.ts';
import { jsonLinesBody } from './bodies/json-lines-body.ts';
import { jsonPatchBody } from './bodies/json-patch-body.ts';
import { multipartBody } from './bodies/multipart-body.ts';
import { partListBody } from './bodies/part-list-body.ts';
import { ANY_BODY, BYTES_BODY, textBody } from './bodies/plain-body.ts';
import { xmlBody } from './bodies/xml-body.ts';
import { yamlBody } from './bodies/yaml-body.ts';
import {
  isEventStream,
  isInRange,
  isJson,
  isJsonLines,
  isMultipart,
  isXml,
  isYaml,
  type ParsedMediaType,
  parseMediaType,
} from './media-types.ts';
import { createTypings } from './typed-text.ts';

export type { BodyKind } from './bodies/body-kind.ts';

/** The bytes of a body, or what they have been taken apart into. */
export type BodyContent = Buffer | readonly BodyPart[] | BodyProblem;

/** Reads and checks the bodies of one operation. */
export interface BodyReader {
  /** How a body of this type is read; a refusal with 415 for what the operation does not take. */
  kindOf(contentType: string | undefined): BodyKind | Refusal;
  /** The value of a body; what is wrong with it goes into `violations`. */
  read(content: BodyContent | undefined, kind: BodyKind | undefined, violations: Violation[]): unknown;
}

export interface BodyOptions {
  /** Whether a JSON body of a PATCH is a merge patch, although the operation does not say so by its media type. */
  readonly isMergePatch: boolean;
  /** What no patch can remove from the thing that it is for. */
  readonly alwaysThere: () => ReadonlySet<string>;
}

/** A patch of JSON by its media type, where the contract names a plain one. */
const MERGE_PATCH = 'application/merge-patch+json';
const FORM_DATA = 'multipart/form-data';
const JSON_PATCH = 'application/json-patch+json';

/**
 * Makes the reader of an operation's bodies; `undefined` where the operation takes none.
 *
 * @example createBodyReader(operation, schemas, validation, options)?.kindOf('application/json; charset=utf-8');
 */
export function createBodyReader(
  operation: Operation,
  schemas: SchemaResolver,
  validation: Validation,
  options: BodyOptions,
): BodyReader | undefined {
  const { requestBody, method } = operation;
  if (requestBody === undefined) return undefined;
  const declared = once(() => new Map(declaredTypes(operation)));
  const context: BodyContext = { operation, schemas, validation, typingOf: createTypings(schemas, validation) };
  const kinds = new Map<string, BodyKind>();
  // Every other JSON body is read by this one.
  const json = once(() => {
    const media = declared().get('application/json');
    return media === undefined ? undefined : createKind(parseMediaType('application/json'), media, context, options);
  });

  const mediaFor = (type: string): MediaType | undefined => {
    const exact = declared().get(type);
    if (exact !== undefined) return exact;
    const ranges = [...declared().keys()].filter((range) => range.endsWith('/*') && isInRange(type, range));
    const [range] = ranges.sort((one, other) => other.length - one.length);
    return range === undefined ? undefined : declared().get(range);
  };
  /** Whether everything is meant, and nothing is said about it. */
  const takesAnything = ({ schema }: MediaType, type: string): boolean =>
    !declared().has(type) && (schema === undefined || schema === true || Object.keys(schema).length === 0);
  const unsupported = (why: string): Refusal => {
    const known = [...declared().keys()].filter((type) => type !== '*/*').join(', ');
    const header = method === 'POST' ? 'accept-post' : method === 'PATCH' ? 'accept-patch' : 'accept';
    return new Refusal(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      `Failed to read the body: ${why}. Send it as ${known || 'declared'}.`,
      { headers: known === '' ? {} : { [header]: known } },
    );
  };

  return {
    kindOf(contentType) {
      if (contentType === 'application/json') {
        const usual = json();
        if (usual !== undefined) return usual;
      }
      if (contentType === undefined) {
        return declared().has('*/*') ? ANY_BODY : unsupported('it has no Content-Type');
      }
      const known = kinds.get(contentType);
      if (known !== undefined) return known;
      const mediaType = parseMediaType(contentType);
      const { type, parameters } = mediaType;
      const media = mediaFor(type);
      if (media === undefined) return unsupported(`its media type is ${JSON.stringify(type.slice(0, 80))}`);
      const charset = parameters.get('charset')?.slice(0, 40);
      const isUtf8Only = isJson(type) || isJsonLines(type);
      if (charset !== undefined && (isUtf8Only ? !isUtf8Name(charset) : decodingOf(mediaType) === undefined)) {
        const wanted = isUtf8Only ? ' and not utf-8' : ', which is unknown';
        return unsupported(`its charset is ${JSON.stringify(charset)}${wanted}`);
      }
      const kind = takesAnything(media, type) ? ANY_BODY : createKind(mediaType, media, context, options);
      // A boundary is new with every body.
      if (kinds.size < MOST_KINDS && !parameters.has('boundary')) kinds.set(contentType, kind);
      return kind;
    },
    read(content, kind, violations) {
      if (content === undefined || kind === undefined || isEmpty(content)) {
        if (requestBody.required) violations.push({ in: 'body', path: '', message: 'is required' });
        return undefined;
      }
      if ('problem' in content) {
        violations.push({ in: 'body', path: '', message: content.problem });
        return undefined;
      }
      const before = violations.length;
      const value = kind.parse(content, reportTo(violations));
      if (value === UNREADABLE || violations.length > before) return undefined;
      for (const violation of kind.check(value)) violations.push({ in: 'body', ...violation });
      return value;
    },
  };
}

/** Ways to write a media type that are remembered for an operation. */
const MOST_KINDS = 20;

/** Media types without their parameters, to what the contract says of them. */
function declaredTypes({ requestBody, method }: Operation): readonly [string, MediaType][] {
  const types = Object.entries(requestBody?.content ?? {}).map(([mediaType, media]): [string, MediaType] => [
    parseMediaType(mediaType).type,
    media,
  ]);
  const plain = types.find(([type]) => type === 'application/json');
  // RFC 7386 has a media type of its own; contracts rarely name it where they mean it.
  const isMergeMeant = method === 'PATCH' && plain !== undefined && types.every(([type]) => type !== MERGE_PATCH);
  return isMergeMeant ? [...types, [MERGE_PATCH, plain[1]]] : types;
}

function createKind(
  mediaType: ParsedMediaType,
  media: MediaType,
  context: BodyContext,
  { isMergePatch, alwaysThere }: BodyOptions,
): BodyKind {
  const { type } = mediaType;
  const { schema = true } = media;
  const decode = decodingOf(mediaType);
  if (type === JSON_PATCH && (context.operation.method === 'PATCH' || !describesThing(schema, context)))
    return jsonPatchBody(schema, context);
  if (type === MERGE_PATCH) return mergePatchBody(schema, context, alwaysThere());
  if (isJson(type)) {
    if (context.operation.method !== 'PATCH') return jsonBody(schema, context);
    return isMergePatch ? mergePatchBody(schema, context, alwaysThere()) : partialJsonBody(schema, context);
  }
  if (isJsonLines(type)) return jsonLinesBody(media.schema, media.itemSchema, context);
  if (isEventStream(type) && isList(media, context)) return eventStreamBody(media.schema, media.itemSchema, context);
  if (isMultipart(type)) {
    const isForm = type === FORM_DATA || !isList(media, context);
    return isForm ? multipartBody(media, mediaType, context) : partListBody(media, mediaType, context);
  }
  if (decode === undefined) return BYTES_BODY;
  if (type === 'application/x-www-form-urlencoded') return formBody(media, decode, context);
  if (isXml(type)) return xmlBody(schema, decode, context);
  if (isYaml(type) && isValue(schema, context)) return yamlBody(schema, decode, context);
  return type.startsWith('text/') ? textBody(schema, decode, context) : BYTES_BODY;
}

function isList({ schema, itemSchema }: MediaType, { typingOf }: BodyContext): boolean {
  const typing = typingOf(schema);
  return itemSchema !== undefined || (typing.isArray && !typing.isObject);
}

/** Whether a text would not do: a file of YAML may be meant as it is. */
function isValue(schema: Schema, { typingOf }: BodyContext): boolean {
  const typing = typingOf(schema);
  return typing.isObject || typing.isArray;
}

/** Some documents list the media types of all their bodies at each of them: a thing that is made is no patch. */
function describesThing(schema: Schema, { typingOf }: BodyContext): boolean {
  const typing = typingOf(schema);
  return typing.isObject && !typing.isArray;
}

function isEmpty(content: BodyContent): boolean {
  return !('problem' in content) && content.length === 0;
}

function isUtf8Name(charset: string): boolean {
  return /^(?:utf-?8|us-ascii|ascii)$/i.test(charset);
}
