import { STATUS_CODES } from 'node:http';
import type { Registry } from '../../engine/registry.ts';
import type { ErrorFacts } from '../../engine/system.ts';
import type { Contract } from '../../model/contract.ts';
import type { Operation, Response } from '../../model/operation.ts';
import type { Schema, SchemaObject } from '../../model/schema.ts';
import { isJson, parseMediaType } from './media-types.ts';

/** A body and how it is labelled. */
export interface ErrorBody {
  readonly contentType: string;
  readonly body: unknown;
}

/** Writes refusals in the error format of one operation's system. */
export type ErrorWriter = (refusal: ErrorFacts) => ErrorBody;

/**
 * Makes the error writer of an operation: the system's own body where it has code for one, else one that fits the
 * schema declared for the status, or the contract's usual error schema, else problem details (RFC 9457).
 *
 * @example createErrorWriter(operation, contract, registry)(new Refusal(404, 'NOT_FOUND', 'There is no such order.'));
 */
export function createErrorWriter(
  operation: Operation,
  contract: Pick<Contract, 'errorSchema' | 'operations'>,
  registry: Pick<Registry, 'schemas' | 'system'>,
): ErrorWriter {
  const own = registry.system(operation.system)?.errorBody;
  const usual = usualForm(contract);
  const shapes = new Map<number, Shape | undefined>();
  const shapeOf = (status: number): Shape | undefined => {
    if (!shapes.has(status)) {
      const form = declaredForm(responseOf(operation, status)) ?? usual;
      shapes.set(status, form === undefined ? undefined : createShape(form, registry));
    }
    return shapes.get(status);
  };
  return (refusal) => {
    const shape = shapeOf(refusal.status);
    if (own !== undefined) {
      const body = own(refusal);
      if (body !== undefined) return { contentType: shape?.contentType ?? 'application/json', body };
    }
    return shape === undefined ? problemBody(refusal) : { contentType: shape.contentType, body: fill(shape, refusal) };
  };
}

/**
 * Problem details (RFC 9457), for what belongs to no contract or to one without an error format.
 *
 * @example problemBody(new Refusal(404, 'NOT_FOUND', 'Nothing is here.')).contentType // 'application/problem+json'
 */
export function problemBody(refusal: ErrorFacts): ErrorBody {
  const { status, code, message, violations, details } = refusal;
  return {
    contentType: 'application/problem+json',
    body: {
      type: 'about:blank',
      title: titleOf(status),
      status,
      detail: message,
      code,
      ...details,
      ...(violations.length > 0 && { errors: violations }),
    },
  };
}

/**
 * The response that an operation declares for a status: by the status itself, its range, or `default`.
 *
 * @example responseOf(operation, 404)?.description
 */
export function responseOf({ responses }: Pick<Operation, 'responses'>, status: number): Response | undefined {
  const range = String(status)[0];
  return responses[String(status)] ?? responses[`${range}XX`] ?? responses[`${range}xx`] ?? responses.default;
}

interface Form {
  readonly contentType: string;
  readonly schema: Schema;
}

interface Shape {
  readonly contentType: string;
  readonly properties: ReadonlyMap<string, SchemaObject>;
  readonly required: ReadonlySet<string>;
  readonly isOpen: boolean;
}

function declaredForm(response: Response | undefined): Form | undefined {
  for (const [contentType, { schema }] of Object.entries(response?.content ?? {})) {
    if (schema !== undefined && isJson(parseMediaType(contentType).type)) return { contentType, schema };
  }
  return undefined;
}

/** The contract's error schema with the media type that some operation sends it as. */
function usualForm({ errorSchema, operations }: Pick<Contract, 'errorSchema' | 'operations'>): Form | undefined {
  if (errorSchema === undefined) return undefined;
  const wanted = JSON.stringify(errorSchema);
  for (const { responses } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      const form = /^[45]|^default$/.test(status) ? declaredForm(response) : undefined;
      if (form !== undefined && JSON.stringify(form.schema) === wanted) return form;
    }
  }
  return { contentType: 'application/json', schema: errorSchema };
}

function createShape({ contentType, schema }: Form, { schemas }: Pick<Registry, 'schemas'>): Shape | undefined {
  const properties = new Map<string, SchemaObject>();
  for (const [name, property] of schemas.properties(schema)) properties.set(name, schemas.resolve(property) ?? {});
  if (properties.size === 0) return undefined;
  const isOpen = schemas.resolve(schema)?.additionalProperties !== false;
  return { contentType, properties, required: schemas.required(schema), isOpen };
}

function fill({ properties, required, isOpen }: Shape, refusal: ErrorFacts): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, schema] of properties) {
    const value = valueFor(name, schema, refusal);
    if (value !== undefined) body[name] = value;
    else if (required.has(name)) body[name] = anyValueOf(schema);
  }
  if (!isOpen) return body;
  for (const [name, value] of Object.entries(refusal.details)) body[name] ??= value;
  if (refusal.violations.length > 0) body.errors ??= refusal.violations;
  return body;
}

/** What members of error bodies are usually called, and what they mean then. */
function valueFor(name: string, schema: SchemaObject, refusal: ErrorFacts): unknown {
  const { status, code, message, violations } = refusal;
  switch (name.toLowerCase()) {
    case 'status':
    case 'statuscode':
    case 'httpstatus':
      return fitting(schema, status, String(status));
    case 'code':
    case 'errorcode':
      return fitting(schema, status, code);
    case 'error':
      return fitting(schema, status, code);
    case 'type':
      return /^uri/.test(String(schema.format ?? '')) ? 'about:blank' : fitting(schema, undefined, code);
    case 'message':
    case 'detail':
    case 'description':
    case 'errormessage':
    case 'errordescription':
    case 'error_description':
      return fitting(schema, undefined, message);
    case 'title':
    case 'reason':
    case 'summary':
      return fitting(schema, undefined, titleOf(status));
    case 'errors':
    case 'violations':
      return violations.length > 0 && typesOf(schema).includes('array') ? violations : undefined;
    default:
      return undefined;
  }
}

/** The number or the text, as the schema wants it; nothing where it wants something else. */
function fitting(schema: SchemaObject, number: number | undefined, text: string): unknown {
  const types = typesOf(schema);
  if (schema.enum !== undefined) return schema.enum.find((value) => value === text || value === number);
  if (types.length === 0 || types.includes('string')) return text;
  return types.includes('integer') || types.includes('number') ? number : undefined;
}

function anyValueOf(schema: SchemaObject): unknown {
  const given = schema.const ?? schema.default ?? schema.enum?.[0];
  if (given !== undefined) return given;
  switch (typesOf(schema)[0]) {
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return '';
  }
}

function typesOf({ type }: SchemaObject): readonly string[] {
  return type === undefined ? [] : typeof type === 'string' ? [type] : type;
}

function titleOf(status: number): string {
  return STATUS_CODES[status] ?? 'Error';
}
