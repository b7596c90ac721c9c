import { isUtf8 } from 'node:buffer';
import { Refusal } from '../../model/command.ts';
import type { Operation } from '../../model/operation.ts';
import type { Check, Schema, Validation, Violation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { isJson, parseMediaType } from './media-types.ts';
import { parseJson } from './parse-json.ts';
import type { Bytes } from './read-body.ts';

/** Reads and checks the bodies of one operation; everything about the contract has been worked out before. */
export interface BodyReader {
  /** Refuses with 415 what the operation does not take; `undefined` where no body was announced. */
  kindOf(contentType: string | undefined): BodyKind | Refusal;
  /** The value of a body; what is wrong with it goes into `violations`. */
  read(bytes: Bytes, kind: BodyKind | undefined, violations: Violation[]): unknown;
}

/** How a body of one media type is parsed and checked. */
export interface BodyKind {
  readonly parse: (bytes: Buffer, violations: Violation[]) => unknown;
  readonly check: Check;
}

/** Parsed, but so wrong that there is nothing to check. */
const UNREADABLE = Symbol('unreadable');

/**
 * Makes the reader of an operation's bodies; `undefined` where the operation takes none.
 *
 * @example createBodyReader(operation, schemas, validation)?.kindOf('application/json; charset=utf-8');
 */
export function createBodyReader(
  operation: Operation,
  schemas: SchemaResolver,
  validation: Validation,
): BodyReader | undefined {
  const { requestBody, method } = operation;
  if (requestBody === undefined) return undefined;
  const kinds = new Map<string, BodyKind>();
  for (const [mediaType, { schema = true }] of Object.entries(requestBody.content)) {
    kinds.set(parseMediaType(mediaType).type, createKind(mediaType, schema, operation, schemas, validation));
  }
  const json = kinds.get('application/json');
  // RFC 7386 has a media type of its own; contracts rarely name it where they mean it.
  if (method === 'PATCH' && json !== undefined && !kinds.has(MERGE_PATCH)) kinds.set(MERGE_PATCH, json);
  const wildcard = kinds.get('*/*');
  const known = [...kinds.keys()].filter((type) => type !== '*/*').join(', ');
  const header = method === 'POST' ? 'accept-post' : method === 'PATCH' ? 'accept-patch' : 'accept';

  const unsupported = (why: string): Refusal =>
    new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', `Failed to read the body: ${why}. Send it as ${known || 'declared'}.`, {
      headers: known === '' ? {} : { [header]: known },
    });
  const fallback = (type: string): BodyKind | undefined =>
    kinds.get(`${type.slice(0, type.indexOf('/'))}/*`) ?? wildcard;

  return {
    kindOf(contentType) {
      if (contentType === 'application/json' && json !== undefined) return json;
      if (contentType === undefined) {
        if (wildcard !== undefined) return wildcard;
        return unsupported('it has no Content-Type');
      }
      const { type, charset } = parseMediaType(contentType);
      const kind = kinds.get(type) ?? fallback(type);
      if (kind === undefined) return unsupported(`its media type is ${JSON.stringify(type.slice(0, 80))}`);
      if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
        return unsupported(`its charset is ${JSON.stringify(charset.slice(0, 40))} and not utf-8`);
      }
      return kind;
    },
    read(bytes, kind, violations) {
      if (bytes === undefined || kind === undefined || bytes.length === 0) {
        if (requestBody.required) violations.push({ in: 'body', path: '', message: 'is required' });
        return undefined;
      }
      const value = kind.parse(bytes, violations);
      if (value === UNREADABLE) return undefined;
      for (const violation of kind.check(value)) violations.push({ in: 'body', ...violation });
      return value;
    },
  };
}

const MERGE_PATCH = 'application/merge-patch+json';
const NOTHING_WRONG: Check = () => [];

function createKind(
  mediaType: string,
  schema: Schema,
  operation: Operation,
  schemas: SchemaResolver,
  validation: Validation,
): BodyKind {
  const { type } = parseMediaType(mediaType);
  if (isJson(type)) {
    const isMerge = operation.method === 'PATCH' && type !== 'application/json-patch+json';
    const check = isMerge
      ? mergePatchCheck(schema, schemas, validation)
      : selectingCheck(operation, schema, validation);
    return { parse: parseJsonBytes, check };
  }
  if (type === 'application/x-www-form-urlencoded') return { parse: parseForm, check: validation.check(schema) };
  if (type.startsWith('text/'))
    return { parse: (bytes, violations) => decode(bytes, violations), check: validation.check(schema) };
  if (type === '*/*') return { parse: parseAnything, check: NOTHING_WRONG };
  return { parse: (bytes) => bytes, check: NOTHING_WRONG };
}

/** A merge patch needs none of the required properties, and its nulls are not values but removals. */
function mergePatchCheck(schema: Schema, schemas: SchemaResolver, validation: Validation): Check {
  const check = validation.checkPartial(schema);
  return (value) => check(withoutRemovals(value, schema, schemas));
}

function withoutRemovals(value: unknown, schema: Schema | undefined, schemas: SchemaResolver): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const properties = schemas.properties(schema);
  const required = schemas.required(schema);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== null || required.has(name))
      .map(([name, member]) => [name, withoutRemovals(member, properties.get(name), schemas)]),
  );
}

/** Checks by the schema that a property of the value selects, where the contract says so with `x-select`. */
function selectingCheck(operation: Operation, schema: Schema, validation: Validation): Check {
  const check = validation.check(schema);
  const select = operation.extensions['x-select'] as { property?: unknown; schemas?: unknown } | undefined;
  if (typeof select?.property !== 'string' || typeof select.schemas !== 'object' || select.schemas === null)
    return check;
  const { property } = select;
  const references = Object.entries(select.schemas as Record<string, string | Schema>);
  const checks = new Map<string, Check>();
  const selected = new Map<string, Check>();
  for (const [value, reference] of references) {
    const target: Schema = typeof reference === 'string' ? { $ref: reference } : reference;
    const key = JSON.stringify(target);
    const one = checks.get(key) ?? validation.check(target);
    checks.set(key, one);
    selected.set(value, one);
  }
  return (value) => {
    const one = selected.get(String(valueAt(value, property)));
    if (one !== undefined) return one(value);
    const whole = check(value);
    if (whole.length === 0) return whole;
    // Which of them was meant is unknown, so what each of them says is told.
    const all = [...checks.values()].flatMap((each) => each(value));
    return all.length === 0 ? whole : [...new Map(all.map((each) => [`${each.path} ${each.message}`, each])).values()];
  };
}

function valueAt(value: unknown, pointer: string): unknown {
  let current = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function parseJsonBytes(bytes: Buffer, violations: Violation[]): unknown {
  const text = decode(bytes, violations);
  if (typeof text !== 'string') return text;
  const parsed = parseJson(text);
  if ('value' in parsed) return parsed.value;
  violations.push({ in: 'body', path: '', message: parsed.problem });
  return UNREADABLE;
}

function parseForm(bytes: Buffer, violations: Violation[]): unknown {
  const text = decode(bytes, violations);
  if (typeof text !== 'string') return text;
  const form = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/** For whoever takes everything: JSON where it is JSON, else text, else bytes. */
function parseAnything(bytes: Buffer): unknown {
  const text = decode(bytes, []);
  if (typeof text !== 'string') return bytes;
  const parsed = parseJson(text);
  return 'value' in parsed ? parsed.value : text;
}

function decode(bytes: Buffer, violations: Violation[]): string | typeof UNREADABLE {
  if (!isUtf8(bytes)) {
    violations.push({ in: 'body', path: '', message: 'is not valid UTF-8' });
    return UNREADABLE;
  }
  const text = bytes.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** RFC 8259 lets a parser ignore it, and Windows tools write it. */
const BYTE_ORDER_MARK = '\ufeff';
