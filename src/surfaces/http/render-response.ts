import type { Answer, Outcome } from '../../model/command.ts';
import type { Operation, Response } from '../../model/operation.ts';
import type { Check, Validation, Violation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { ErrorBody } from './error-body.ts';
import { responseOf } from './error-body.ts';
import { type KeptBodies, passes } from './kept-bodies.ts';
import type { Linker } from './links.ts';
import { type ListForm, toListForm } from './list-form.ts';
import { acceptable, isJson, parseMediaType } from './media-types.ts';

/** An answer in the form it leaves in; its body is what the payload was written from. */
export interface Rendered extends Answer {
  /** Lower-case names; the content type, but neither length nor CORS. */
  readonly headers: Record<string, string>;
  readonly payload: string | Uint8Array | undefined;
  /** Bytes of the payload, where they are known: to count those of a text makes V8 copy it into one piece first. */
  readonly size?: number | undefined;
}

export interface RendererParts {
  readonly validation: Validation;
  readonly schemas: SchemaResolver;
  readonly linker: Linker | undefined;
  readonly kept: KeptBodies;
}

export interface ResponseRenderer {
  /** Whether the operation has a success that this `Accept` header takes. */
  accepts(accept: string): boolean;
  render(outcome: Outcome, accept: string | undefined, base: string): Rendered;
  /** An error body, with headers that go with it. */
  renderError(status: number, error: ErrorBody, headers: Readonly<Record<string, string>>): Rendered;
}

/**
 * Makes what writes the answers of one operation: content type, links and JSON, and checks each against the contract.
 *
 * @example createResponseRenderer(operation, parts).render({ status: 200, body: {} }, undefined, base);
 */
export function createResponseRenderer(operation: Operation, parts: RendererParts): ResponseRenderer {
  const { linker, kept: bodies } = parts;
  const forms = new Map<number, ResponseForm>();
  const formOf = (status: number): ResponseForm => {
    let form = forms.get(status);
    if (form === undefined) {
      form = createForm(responseOf(operation, status), status, parts);
      forms.set(status, form);
    }
    return form;
  };
  const successes = successTypes(operation);

  /** The text of stored objects, where they and their answer are as the contract wants them; else nothing. */
  const fromKept = (
    form: ResponseForm,
    kept: 'body' | 'items',
    body: unknown,
    headers: Readonly<Record<string, string>>,
    base: string,
  ): Ready | undefined => {
    if (form.whole === undefined || typeof body !== 'object' || body === null) return undefined;
    if (form.lacksHeader(headers)) return undefined;
    if (kept === 'body') {
      const known = bodies.of(body, linker, base);
      return passes(known, form.whole) ? { body: known.linked, text: known.text, size: known.size } : undefined;
    }
    const property = Array.isArray(body) ? undefined : listProperty(body);
    const list = form.listForm(property);
    if (list === undefined) return undefined;
    const frame = property === undefined ? NO_ITEMS : { ...body, [property]: NO_ITEMS };
    if (list.checkFrame(frame).length > 0) return undefined;
    const items = (property === undefined ? body : (body as Record<string, unknown>)[property]) as readonly object[];
    const linked: unknown[] = [];
    // Added and not joined: the engine then copies the whole once, when it is sent.
    let text = '[';
    let size = Math.max(2, items.length + 1);
    for (const item of items) {
      const one = bodies.of(item, linker, base);
      if (!passes(one, list.checkItem)) return undefined;
      text += linked.length === 0 ? one.text : `,${one.text}`;
      linked.push(one.linked);
      size += one.size;
    }
    text += ']';
    if (property === undefined) return { body: linked, text, size };
    const linkedBody = linker === undefined ? body : { ...body, [property]: linked };
    return { body: linkedBody, ...toText(body, property, { text, size }) };
  };

  return {
    accepts: (accept) => successes.length === 0 || accept === '*/*' || acceptable(accept, successes) !== undefined,
    render({ status, headers = {}, body, isPartial, kept }, accept, base) {
      const form = formOf(status);
      const ready = kept === undefined ? undefined : fromKept(form, kept, body, headers, base);
      if (ready !== undefined) {
        const sent = sentHeaders(headers, base);
        sent['content-type'] ??= form.contentType(ready.body, accept);
        const { body: told, text: payload, size } = ready;
        return { status, headers: sent, payload, size, body: told, violations: NO_VIOLATIONS };
      }
      const linked = linker === undefined ? body : linker(body, base);
      const violations = form.check(linked, headers, isPartial === true);
      const sent = sentHeaders(headers, base);
      if (linked === undefined || hasNoBody(status))
        return { status, headers: sent, payload: undefined, body: linked, violations };
      const contentType = sent['content-type'] ?? form.contentType(linked, accept);
      sent['content-type'] = contentType;
      return { status, headers: sent, payload: toPayload(linked, contentType), body: linked, violations };
    },
    renderError(status, { contentType, body }, headers) {
      const violations = formOf(status).check(body, headers, false);
      const sent = { ...sentHeaders(headers, ''), 'content-type': contentType };
      return { status, headers: sent, payload: toPayload(body, contentType), body, violations };
    },
  };
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
  const sent = { ...sentHeaders(headers, ''), 'content-type': contentType };
  return { status, headers: sent, payload: toPayload(body, contentType), body, violations: [] };
}

interface Written {
  readonly text: string;
  /** Bytes in UTF-8. */
  readonly size: number;
}

interface Ready extends Written {
  readonly body: unknown;
}

interface ResponseForm {
  /** How a page of stored items is checked item by item; `undefined` where it has to be checked as a whole. */
  listForm(property: string | undefined): ListForm | undefined;
  /** The check of a whole body; `undefined` where there is none. */
  readonly whole: Check | undefined;
  /** Whether a header is missing that the contract demands. */
  lacksHeader(headers: Readonly<Record<string, string>>): boolean;
  contentType(body: unknown, accept: string | undefined): string;
  check(body: unknown, headers: Readonly<Record<string, string>>, isPartial: boolean): readonly Violation[];
}

const NO_VIOLATIONS: readonly Violation[] = Object.freeze([]);

function createForm(response: Response | undefined, status: number, parts: RendererParts): ResponseForm {
  const { validation, schemas } = parts;
  const types = Object.keys(response?.content ?? {});
  const jsonTypes = types.filter((type) => isJson(parseMediaType(type).type));
  const [usual = 'application/json'] = jsonTypes;
  const schema = response?.content[usual]?.schema;
  const check: Check | undefined = schema === undefined ? undefined : validation.check(schema);
  const checkPartial = schema === undefined ? undefined : validation.checkPartial(schema);
  const needed = Object.entries(response?.headers ?? {})
    .filter(([, { required }]) => required)
    .map(([name]) => name);
  const isError = status >= 400;
  const listForms = new Map<string | undefined, ListForm | undefined>();

  return {
    whole: check,
    lacksHeader: (headers) => needed.length > 0 && missingHeaders(needed, headers).length > 0,
    listForm(property) {
      if (!listForms.has(property)) {
        listForms.set(property, schema === undefined ? undefined : toListForm(schema, property, schemas, validation));
      }
      return listForms.get(property);
    },
    contentType(body, accept) {
      const offered = typeof body === 'string' && jsonTypes.length < types.length ? types : jsonTypes;
      const fallback = offered === types ? (types.find((type) => !jsonTypes.includes(type)) ?? usual) : usual;
      if (accept === undefined || offered.length < 2) return fallback;
      return acceptable(accept, offered) ?? fallback;
    },
    check(body, headers, isPartial) {
      if (response === undefined) {
        return isError ? NO_VIOLATIONS : [{ in: 'body', path: '', message: `the status ${status} is not declared` }];
      }
      const missing = needed.length === 0 ? NO_VIOLATIONS : missingHeaders(needed, headers);
      if (check === undefined || checkPartial === undefined) {
        if (body === undefined || isError || types.length > 0) return missing;
        return [...missing, { in: 'body', path: '', message: `the status ${status} is declared without a body` }];
      }
      if (body === undefined) return [...missing, { in: 'body', path: '', message: 'is missing' }];
      if (body instanceof Uint8Array || (typeof body === 'string' && headers['content-type'] !== undefined))
        return missing;
      const found = isPartial ? checkPartial(body) : check(body);
      return found.length === 0
        ? missing
        : [...missing, ...found.map((violation) => ({ in: 'body' as const, ...violation }))];
    },
  };
}

const NO_ITEMS: readonly object[] = Object.freeze([]);

function listProperty(body: object): string {
  return Object.keys(body).find((name) => Array.isArray((body as Record<string, unknown>)[name])) ?? '';
}

/** What `JSON.stringify` would write, with one property that has been written already. */
function toText(body: object, property: string, written: Written): Written {
  let text = '';
  let { size } = written;
  for (const name of Object.keys(body)) {
    const isWritten = name === property;
    const member = isWritten ? written.text : JSON.stringify((body as Record<string, unknown>)[name]);
    if (member === undefined) continue;
    const lead = `${text === '' ? '{' : ','}${JSON.stringify(name)}:`;
    text += lead + member;
    size += Buffer.byteLength(lead) + (isWritten ? 0 : Buffer.byteLength(member));
  }
  return { text: `${text}}`, size: size + 1 };
}

function missingHeaders(names: readonly string[], headers: Readonly<Record<string, string>>): readonly Violation[] {
  const sent = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return names
    .filter((name) => !sent.has(name.toLowerCase()) && name.toLowerCase() !== 'content-type')
    .map((name) => ({ in: 'header', path: `/${name}`, message: 'is required' }));
}

function successTypes({ responses }: Operation): readonly string[] {
  const successes = Object.entries(responses).filter(([status]) => /^2|^default$/.test(status));
  // A success without a body is content with any `Accept`.
  if (successes.some(([, { content }]) => Object.keys(content).length === 0)) return [];
  return [...new Set(successes.flatMap(([, { content }]) => Object.keys(content)))];
}

const NOT_IN_HEADER = /[^\t\x20-\x7e\x80-\xff]/;

/** Lower-case names, full addresses in `location` and `link`, and nothing that could break out of a header. */
function sentHeaders(headers: Readonly<Record<string, string>>, base: string): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const name in headers) {
    const text = String(headers[name]);
    const key = name.toLowerCase();
    const isPath = key === 'location' && text.startsWith('/');
    const value = isPath ? base + text : key === 'link' ? text.replaceAll('</', `<${base}/`) : text;
    sent[key] = NOT_IN_HEADER.test(value) ? encodeURI(value.replace(/\p{Surrogate}/gu, '')) : value;
  }
  return sent;
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

function toPayload(body: unknown, contentType: string): string | Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string' && !isJson(parseMediaType(contentType).type)) return body;
  return JSON.stringify(body);
}
