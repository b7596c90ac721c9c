import { writeJson } from '../../lib/json-pieces.ts';
import { LongText } from '../../lib/long-text.ts';
import type { MediaType, Response } from '../../model/operation.ts';
import type { Check, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { type ListForm, toListForm } from './list-form.ts';
import {
  acceptable,
  isEventStream,
  isInRange,
  isJson,
  isJsonSequence,
  isMultipart,
  isSequential,
  isXml,
  isYaml,
  parseMediaType,
  RECORD_SEPARATOR,
} from './media-types.ts';
import { createOmitter } from './omit-properties.ts';
import { writeEvents } from './write-events.ts';
import { withBoundary, writeParts } from './write-parts.ts';
import { isCsv, isForm, writeCsv, writeForm } from './write-table.ts';
import { writeXml } from './xml/write-xml.ts';

/** One of the media types that a response is declared in, and how a body is written and checked in it. */
export interface Representation {
  /** As it is sent; never a range. */
  readonly contentType: string;
  /** Whether a body is written as nothing but its JSON. */
  readonly isPlainJson: boolean;
  readonly hasSchema: boolean;
  readonly check: Check;
  readonly checkPartial: Check;
  /** How a page of stored items is checked item by item; `undefined` where it has to be checked as a whole. */
  listForm(property: string | undefined): ListForm | undefined;
  /** The body without what only its client may send (`writeOnly`). */
  shown(body: unknown): unknown;
  write(body: unknown): string | Uint8Array | LongText;
  /** The content type of what has been written, where that says more of it. */
  typeOf(payload: string | Uint8Array | LongText): string;
}

export interface RepresentationParts {
  readonly validation: Validation;
  readonly schemas: SchemaResolver;
}

/** Chooses how a body is sent: as it is labelled already, or as its client accepts it. */
export type Negotiator = (body: unknown, accept: string | undefined, label: string | undefined) => Representation;

/**
 * Makes what chooses between the media types of a response.
 *
 * @example createNegotiator(response, parts)({ id: 1 }, 'application/xml', undefined).write({ id: 1 })
 */
export function createNegotiator(response: Response | undefined, parts: RepresentationParts): Negotiator {
  const content = response?.content ?? {};
  const types = Object.keys(content);
  const made = new Map<string, Representation>();
  const representationOf = (contentType: string, media: MediaType | undefined): Representation => {
    const known = made.get(contentType);
    if (known !== undefined) return known;
    const representation = createRepresentation(contentType, media, parts);
    // A range is sent as whatever it is asked for as.
    if (made.size < MOST_REPRESENTATIONS) made.set(contentType, representation);
    return representation;
  };
  const offers = {
    value: types.filter((type) => canWrite(type, 'value')),
    text: types.some((type) => !isJson(parseMediaType(type).type))
      ? types.filter((type) => canWrite(type, 'text'))
      : types,
    bytes: types.filter((type) => canWrite(type, 'bytes')),
  };
  // Clients ask alike each time.
  const chosen = new Map<string, Representation>();
  let last: { readonly accept: string | undefined; readonly shape: string; readonly is: Representation } | undefined;

  return (body, accept, label) => {
    const shape = Array.isArray(body) ? 'list' : formOf(body);
    if (last?.accept === accept && last?.shape === shape && label === undefined) return last.is;
    const key = `${shape} ${label ?? ''} ${accept ?? ''}`;
    let representation = chosen.get(key);
    if (representation === undefined) {
      representation = choose(body, accept, label);
      if (chosen.size < MOST_CHOICES) chosen.set(key, representation);
    }
    if (label === undefined) last = { accept, shape, is: representation };
    return representation;
  };

  function choose(body: unknown, accept: string | undefined, label: string | undefined): Representation {
    if (label !== undefined && !label.includes('*')) return representationOf(label, mediaOf(label));
    const form = formOf(body);
    const isList = Array.isArray(body);
    const fitting = offers[form].filter((written) => {
      const { type } = parseMediaType(written);
      return isList ? !isForm(type) : !isSequential(type);
    });
    // One value is a line, too.
    const offered = fitting.length > 0 || isList ? fitting : offers[form];
    const preferred = accept === undefined ? undefined : acceptable(accept, offered);
    const type = preferred ?? usualOf(offered, form);
    if (type === undefined) return representationOf(FALLBACK[form], undefined);
    return representationOf(type.includes('*') ? concrete(type, accept, form) : type, content[type]);
  }

  /** What the contract says of a type, or of a range that it is in. */
  function mediaOf(label: string): MediaType | undefined {
    const { type } = parseMediaType(label);
    const declared =
      types.find((each) => each === label) ??
      types.find((each) => parseMediaType(each).type === type) ??
      types.find((each) => isInRange(type, parseMediaType(each).type));
    return declared === undefined ? undefined : content[declared];
  }
}

/** What a body is: something that is written as JSON or in another form, or text or bytes that stand for themselves. */
type BodyForm = 'value' | 'text' | 'bytes';

const FALLBACK = { value: 'application/json', text: 'application/json', bytes: 'application/octet-stream' } as const;
const IN_RANGE = { value: 'application/json', text: 'text/plain', bytes: 'application/octet-stream' } as const;

/** Types, and ways of asking for them, that are remembered for one response. */
const MOST_REPRESENTATIONS = 20;
const MOST_CHOICES = 50;

function formOf(body: unknown): BodyForm {
  if (body instanceof LongText) return 'text';
  return body instanceof Uint8Array ? 'bytes' : typeof body === 'string' ? 'text' : 'value';
}

function canWrite(contentType: string, form: BodyForm): boolean {
  const { type } = parseMediaType(contentType);
  if (type.endsWith('/*')) return form !== 'value' || isInRange('application/json', type);
  if (form === 'bytes') return !isJson(type);
  return form === 'text' || isJson(type) || isXml(type) || isSequential(type) || isWritten(type);
}

function isWritten(type: string): boolean {
  return isCsv(type) || isForm(type) || isMultipart(type) || isYaml(type);
}

/** JSON for what is a value, anything but JSON for what is text or bytes. */
function usualOf(offered: readonly string[], form: BodyForm): string | undefined {
  const isUsual = (type: string): boolean => isJson(parseMediaType(type).type) === (form === 'value');
  return offered.find(isUsual) ?? offered[0];
}

/** A type in a range: the one that was asked for, or the usual one for such a body. */
function concrete(range: string, accept: string | undefined, form: BodyForm): string {
  const asked = (accept ?? '').split(',').map((each) => parseMediaType(each).type);
  const found = asked.find(
    (type) => !type.includes('*') && isInRange(type, parseMediaType(range).type) && canWrite(type, form),
  );
  return found ?? IN_RANGE[form];
}

/** What writes bodies of one media type, worked out once and not for each body. */
function writerOf(
  type: string,
  media: MediaType | undefined,
  schemas: RepresentationParts['schemas'],
): (body: unknown) => string | Uint8Array | LongText {
  const writeValue = valueWriterOf(type, media, schemas);
  const isTextAsItIs = !isJson(type);
  return (body) => {
    if (body instanceof Uint8Array || body instanceof LongText) return body;
    return typeof body === 'string' && isTextAsItIs ? body : writeValue(body);
  };
}

function valueWriterOf(
  type: string,
  media: MediaType | undefined,
  schemas: RepresentationParts['schemas'],
): (body: unknown) => string | LongText {
  if (isXml(type)) return (body) => writeXml(body, media?.schema, schemas);
  if (isMultipart(type)) return (body) => writeParts(body, media ?? {});
  if (isCsv(type)) return (body) => (typeof body === 'object' ? writeCsv(body) : JSON.stringify(body));
  if (isForm(type)) return (body) => (typeof body === 'object' ? writeForm(body) : JSON.stringify(body));
  if (isEventStream(type)) return writeEvents;
  if (!isSequential(type)) return writeJson;
  const begin = isJsonSequence(type) ? RECORD_SEPARATOR : '';
  return (body) => (Array.isArray(body) ? body : [body]).map((item) => `${begin}${JSON.stringify(item)}\n`).join('');
}

function createRepresentation(
  contentType: string,
  media: MediaType | undefined,
  { validation, schemas }: RepresentationParts,
): Representation {
  const { type } = parseMediaType(contentType);
  const schema = media?.schema;
  const omit = createOmitter(schema, schemas, 'writeOnly');
  const listForms = new Map<string | undefined, ListForm | undefined>();
  const write = writerOf(type, media, schemas);
  // A table or form may be declared as what it tells, or as the text that it is.
  const isTextMeant = (isCsv(type) || isForm(type)) && schemas.resolve(schema)?.type === 'string';
  const asWritten = (check: Check): Check => (isTextMeant ? (body) => check(write(body)) : check);
  return {
    contentType,
    isPlainJson: isJson(type) && omit === undefined,
    hasSchema: schema !== undefined,
    check: schema === undefined ? NOTHING_WRONG : asWritten(validation.check(schema)),
    checkPartial: schema === undefined ? NOTHING_WRONG : asWritten(validation.checkPartial(schema)),
    listForm(property) {
      if (schema === undefined || omit !== undefined || !isJson(type)) return undefined;
      if (!listForms.has(property)) listForms.set(property, toListForm(schema, property, schemas, validation));
      return listForms.get(property);
    },
    shown: omit ?? ((body) => body),
    write,
    typeOf: (payload) =>
      isMultipart(type) && typeof payload === 'string' ? withBoundary(contentType, payload) : contentType,
  };
}

const NOTHING_WRONG: Check = () => [];
