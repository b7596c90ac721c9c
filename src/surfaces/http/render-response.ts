import type { Awaitable } from '../../lib/awaitable.ts';
import { LongText } from '../../lib/long-text.ts';
import { once } from '../../lib/once.ts';
import type { Answer, Outcome } from '../../model/command.ts';
import type { Operation, Response } from '../../model/operation.ts';
import type { SchemaObject, Validation, Violation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { ErrorBody } from './error-body.ts';
import { responseOf } from './error-body.ts';
import { HOP_BY_HOP } from './http-words.ts';
import { type CachedJson, hasPassed, type JsonCache } from './json-cache.ts';
import { type Linker, withAddress } from './links.ts';
import type { ListForm } from './list-form.ts';
import { acceptable, isJson, parseMediaType } from './media-types.ts';
import { createNegotiator, type Negotiator, type Representation } from './representation.ts';

/** An answer in the form it leaves in; its body is what the payload was written from. */
export interface Rendered extends Answer {
  /** Lower-case names; the content type, but neither length nor CORS. */
  readonly headers: Record<string, string>;
  readonly payload: string | Uint8Array | LongText | undefined;
  /** Bytes of the payload, where they are known: to count those of a text makes V8 copy it into one piece first. */
  readonly size?: number | undefined;
}

export interface RendererParts {
  readonly validation: Validation;
  readonly schemas: SchemaResolver;
  readonly linker: Linker | undefined;
  readonly jsonCache: JsonCache;
}

export interface ResponseRenderer {
  /** Whether the operation has a success that this `Accept` header takes. */
  accepts(accept: string): boolean;
  render(outcome: Outcome, accept: string | undefined, base: string): Rendered;
  /**
   * As `render`, of a long list of an answer that nothing stands or falls with: item by item, which `through` goes on with
   * in its own time. A part that would become too large ends earlier, and says with what to go on.
   */
  renderList(outcome: Outcome, accept: string | undefined, base: string, through: Through): Awaitable<Rendered>;
  /** An error body, with headers that go with it. */
  renderError(
    status: number,
    error: ErrorBody,
    headers: Readonly<Record<string, string>>,
    accept: string | undefined,
  ): Rendered;
}

export type Through = <T>(values: Iterable<T>) => AsyncIterable<T>;

/** Items of a list that are written in one go. */
const SHORT_LIST = 20;
/** Bytes at which a list ends, with some items in it. */
const MOST_LIST_BYTES = 8 * 2 ** 20;

/**
 * Makes what writes the answers of one operation: content type, links and JSON, and checks each against the contract.
 *
 * @example createResponseRenderer(operation, parts).render({ status: 200, body: {} }, undefined, base);
 */
export function createResponseRenderer(operation: Operation, parts: RendererParts): ResponseRenderer {
  const { linker, jsonCache } = parts;
  const forms = new Map<number, ResponseForm>();
  const formOf = (status: number): ResponseForm => {
    let form = forms.get(status);
    if (form === undefined) {
      form = createForm(responseOf(operation, status), status, parts);
      forms.set(status, form);
    }
    return form;
  };
  const successes = once(() => successTypes(operation));

  /** The text of stored objects, where they and their answer are as the contract wants them; else nothing. */
  const fromCache = (
    form: ResponseForm,
    representation: Representation,
    stored: 'body' | 'items',
    body: unknown,
    base: string,
  ): Ready | undefined => {
    if (!form.isDeclared || typeof body !== 'object' || body === null) return undefined;
    if (!representation.isPlainJson || !representation.hasSchema) return undefined;
    if (stored === 'body') {
      const known = jsonCache.of(body, linker, base);
      return hasPassed(known, representation.check)
        ? { body: known.linked, payload: known.text, size: known.size }
        : undefined;
    }
    const property = Array.isArray(body) ? undefined : listProperty(body);
    const list = representation.listForm(property);
    if (list === undefined) return undefined;
    if (list.checkFrame(body).length > 0) return undefined;
    const items = (property === undefined ? body : (body as Record<string, unknown>)[property]) as readonly object[];
    const known: CachedJson[] = [];
    for (const item of items) {
      const one = jsonCache.of(item, linker, base);
      if (!hasPassed(one, list.checkItem)) return undefined;
      known.push(one);
    }
    // Without links, what is sent are the items themselves.
    const linked = linker === undefined ? items : known.map((one) => one.linked);
    if (property === undefined) return { body: linked, ...writeItems('[', known, ']') };
    const [before, behind] = frameOf(body, property);
    const linkedBody = linker === undefined ? body : { ...body, [property]: linked };
    return { body: linkedBody, ...writeItems(before, known, behind) };
  };

  const responder: ResponseRenderer = {
    accepts: (accept) => accept === '*/*' || successes().length === 0 || acceptable(accept, successes()) !== undefined,
    render({ status, headers = {}, body: given, links, isPartial, stored }, accept, base) {
      const body = links === undefined ? given : links.reduce((outer, path) => withAddress(outer, path, base), given);
      const form = formOf(status);
      const sent = sentHeaders(headers, base);
      form.addHeaders(sent);
      if (body === undefined || hasNoBody(status)) {
        const violations = form.check(undefined, body, isPartial === true);
        return { status, headers: sent, payload: undefined, body, violations };
      }
      const representation = form.negotiate(body, accept, sent['content-type']);
      sent['content-type'] = representation.contentType;
      const ready = stored === undefined ? undefined : fromCache(form, representation, stored, body, base);
      if (ready !== undefined) {
        const { body: linked, payload, size } = ready;
        return { status, headers: sent, payload, size, body: linked, violations: NO_VIOLATIONS };
      }
      const shown = representation.shown(linker === undefined ? body : linker(body, base));
      const violations = form.check(representation, shown, isPartial === true);
      const payload = representation.write(shown);
      sent['content-type'] = representation.typeOf(payload);
      return { status, headers: sent, payload, body: shown, violations };
    },
    renderList(outcome, accept, base, through) {
      const { status, headers = {}, body } = outcome;
      const items = itemsOf(body);
      if (items === undefined || items.length <= SHORT_LIST) return responder.render(outcome, accept, base);
      const form = formOf(status);
      const representation = form.negotiate(body, accept, undefined);
      const list = representation.listForm('items');
      if (list === undefined || !representation.isPlainJson) return responder.render(outcome, accept, base);
      return writeList(body as ListBody, items, list, through).then(({ text: payload, body: written, violations }) => {
        const sent = sentHeaders(headers, base);
        form.addHeaders(sent);
        sent['content-type'] = representation.contentType;
        return { status, headers: sent, payload, body: written, violations };
      });
    },
    renderError(status, { contentType, body }, headers, accept) {
      const form = formOf(status);
      const representation = form.negotiate(
        body,
        accept,
        form.hasChoice && accept !== undefined ? undefined : contentType,
      );
      const sent = sentHeaders(headers, '');
      form.addHeaders(sent);
      sent['content-type'] = representation.contentType;
      const violations = form.check(representation, body, false);
      return { status, headers: sent, payload: representation.write(body), body, violations };
    },
  };
  return responder;
}

interface ListBody {
  readonly items: readonly unknown[];
  readonly next?: unknown;
}

function itemsOf(body: unknown): readonly unknown[] | undefined {
  const { items } = (body ?? {}) as Partial<ListBody>;
  return Array.isArray(items) ? items : undefined;
}

async function writeList(body: ListBody, items: readonly unknown[], list: ListForm, through: Through) {
  const violations: Violation[] = [];
  const written: unknown[] = [];
  const texts: string[] = [];
  let length = 0;
  for await (const item of through(items)) {
    for (const violation of list.checkItem(item))
      violations.push({ in: 'body', ...violation, path: `/items/${written.length}${violation.path}` });
    const text = JSON.stringify(item);
    texts.push(text);
    length += text.length + 1;
    written.push(item);
    if (length >= MOST_LIST_BYTES) break;
  }
  const last = (written.at(-1) ?? {}) as { readonly id?: unknown };
  const frame = { ...body, ...(written.length < items.length && { next: last.id }), items: written };
  violations.push(...list.checkFrame(frame).map((violation) => ({ in: 'body' as const, ...violation })));
  const [before, behind] = frameOf(frame, 'items');
  const text = new LongText();
  text.add(before);
  for await (const [index, item] of through(texts.entries())) text.add(index === 0 ? item : `,${item}`);
  text.add(behind);
  return { text, body: frame, violations };
}

/**
 * An error that belongs to no operation.
 *
 * @example renderProblem(404, problemBody(refusal), {});
 */
export function renderProblem(
  status: number,
  { contentType, body }: ErrorBody,
  headers: Readonly<Record<string, string>>,
): Rendered {
  const sent: Record<string, string> = sentHeaders(headers, '');
  if (body === undefined) return { status, headers: sent, payload: undefined, body, violations: [] };
  sent['content-type'] = contentType;
  return { status, headers: sent, payload: toPayload(body, contentType), body, violations: [] };
}

interface Written {
  readonly payload: string;
  /** Bytes in UTF-8. */
  readonly size: number;
}

interface Ready extends Written {
  readonly body: unknown;
}

interface ResponseForm {
  readonly isDeclared: boolean;
  /** Whether it is declared in more than one media type. */
  readonly hasChoice: boolean;
  readonly negotiate: Negotiator;
  /** Adds the headers that the contract requires and that are not set yet. */
  addHeaders(sent: Record<string, string>): void;
  check(representation: Representation | undefined, body: unknown, isPartial: boolean): readonly Violation[];
}

const NO_VIOLATIONS: readonly Violation[] = Object.freeze([]);

function createForm(response: Response | undefined, status: number, parts: RendererParts): ResponseForm {
  const media = Object.values(response?.content ?? {});
  const hasContent = media.length > 0;
  const hasSchema = media.some(({ schema }) => schema !== undefined);
  const needed = Object.entries(response?.headers ?? {}).filter(
    ([name, { required }]) =>
      required && TOKEN.test(name) && !IS_FRAMING.has(name.toLowerCase()) && name.toLowerCase() !== 'content-type',
  );
  const isError = status >= 400;
  return {
    isDeclared: response !== undefined,
    hasChoice: media.length > 1,
    negotiate: createNegotiator(response, parts),
    addHeaders(sent) {
      for (const [name, { schema, example }] of needed) {
        sent[name.toLowerCase()] ??= toFieldValue(
          headerValue({ ...parts.schemas.resolve(schema), ...(example !== undefined && { default: example }) }),
        );
      }
    },
    check(representation, body, isPartial) {
      if (response === undefined) {
        return isError || status === 304
          ? NO_VIOLATIONS
          : [{ in: 'body', path: '', message: `the status ${status} is not declared` }];
      }
      if (representation === undefined) {
        return hasSchema && body === undefined && !hasNoBody(status) ? BODY_MISSING : NO_VIOLATIONS;
      }
      if (!representation.hasSchema) {
        if (isError || hasContent) return NO_VIOLATIONS;
        return [{ in: 'body', path: '', message: `the status ${status} is declared without a body` }];
      }
      // Text and bytes of other media types stand for themselves: no schema says what is in them.
      if (
        body instanceof Uint8Array ||
        body instanceof LongText ||
        (typeof body === 'string' && !representation.isPlainJson)
      )
        return NO_VIOLATIONS;
      const found = isPartial ? representation.checkPartial(body) : representation.check(body);
      return found.length === 0 ? NO_VIOLATIONS : found.map((violation) => ({ in: 'body' as const, ...violation }));
    },
  };
}

const BODY_MISSING: readonly Violation[] = Object.freeze([{ in: 'body', path: '', message: 'is missing' }]);

/** What a header is sent as that the contract demands and nothing in the world decides: its example, or a value of its type. */
function headerValue({ examples, default: usual, const: only, enum: values, ...schema }: SchemaObject): string {
  const shown = Array.isArray(examples) ? examples[0] : undefined;
  const given = only ?? usual ?? shown ?? values?.[0];
  if (given !== undefined) return typeof given === 'object' ? JSON.stringify(given) : String(given);
  if (schema.type === 'integer' || schema.type === 'number') return String(schema.minimum ?? 0);
  if (schema.type === 'boolean') return 'false';
  return schema.format === 'uuid' ? '00000000-0000-0000-0000-000000000000' : 'none';
}

function listProperty(body: object): string {
  for (const name in body) if (Array.isArray((body as Record<string, unknown>)[name])) return name;
  return '';
}

/** What `JSON.stringify` would write of a body before and behind the items in one of its properties. */
function frameOf(body: object, property: string): readonly [before: string, behind: string] {
  let before = '{';
  let behind = '';
  for (const name in body) {
    const key = JSON.stringify(name);
    if (name === property) {
      before += `${key}:[`;
      behind = ']';
      continue;
    }
    const member = JSON.stringify((body as Record<string, unknown>)[name]);
    if (member === undefined) continue;
    if (behind === '') before += `${key}:${member},`;
    else behind += `,${key}:${member}`;
  }
  return [before, `${behind}}`];
}

/** Items with what stands around them, and how many bytes that is. */
function writeItems(before: string, items: readonly CachedJson[], behind: string): Written {
  let size = Buffer.byteLength(before) + Buffer.byteLength(behind) + Math.max(0, items.length - 1);
  // Added and not joined: the engine then copies the whole once, when it is sent.
  let payload = before;
  for (let index = 0; index < items.length; index += 1) {
    const { text, size: bytes } = items[index] as CachedJson;
    payload += index === 0 ? text : `,${text}`;
    size += bytes;
  }
  return { payload: payload + behind, size };
}

function successTypes({ responses }: Operation): readonly string[] {
  const successes = Object.entries(responses).filter(([status]) => /^2|^default$/.test(status));
  // A success without a body is content with any `Accept`.
  if (successes.some(([, { content }]) => Object.keys(content).length === 0)) return [];
  return [...new Set(successes.flatMap(([, { content }]) => Object.keys(content)))];
}

/**
 * Headers that say how bytes travel (RFC 9110, 7.6.1; RFC 9112), which only the server knows: a sample of one makes an
 * answer that no client can read.
 */
const IS_FRAMING: ReadonlySet<string> = new Set([...HOP_BY_HOP, ...['content-encoding', 'content-length', 'date']]);

/** What a header may be called (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const NOT_IN_HEADER = /[^\t\x20-\x7e\x80-\xff]/;

/** Lower-case names, full addresses in `location` and `link`, and nothing that could break out of a header. */
function sentHeaders(headers: Readonly<Record<string, string>>, base: string): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const name in headers) {
    const text = String(headers[name]);
    const key = name.toLowerCase();
    if (IS_FRAMING.has(key) || !TOKEN.test(key)) continue;
    const isPath = key === 'location' && text.startsWith('/');
    const value = isPath ? base + text : key === 'link' ? text.replaceAll('</', `<${base}/`) : text;
    sent[key] = toFieldValue(value);
  }
  return sent;
}

function toFieldValue(value: string): string {
  return NOT_IN_HEADER.test(value) ? encodeURI(value.replace(/\p{Surrogate}/gu, '')) : value;
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

function toPayload(body: unknown, contentType: string): string | Uint8Array {
  if (body instanceof Uint8Array) return body;
  return typeof body === 'string' && !isJson(parseMediaType(contentType).type) ? body : JSON.stringify(body);
}
