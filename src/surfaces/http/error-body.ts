import { STATUS_CODES } from 'node:http';
import type { Registry } from '../../engine/registry.ts';
import type { ErrorFacts } from '../../engine/system.ts';
import { once } from '../../lib/once.ts';
import type { Contract } from '../../model/contract.ts';
import type { Operation, Response } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import { type ErrorSource, fillError } from './fill-error.ts';
import { isJson, isXml, parseMediaType } from './media-types.ts';

/** A body and how it is labelled. */
export interface ErrorBody {
  readonly contentType: string;
  readonly body: unknown;
}

/** Writes refusals in the error format of one operation's system; `now` is the tenant's time. */
export type ErrorWriter = (refusal: ErrorFacts, now: string) => ErrorBody;

/**
 * Makes the error writer of an operation: the system's own body where it has code for one, else one that fits the
 * schema declared for the status, or the contract's usual error schema, else problem details (RFC 9457).
 *
 * @example createErrorWriter(operation, contract, registry)(new Refusal(404, 'NOT_FOUND', '…'), '2026-01-01T00:00:00.000Z');
 */
export function createErrorWriter(
  operation: Operation,
  contract: Pick<Contract, 'errorSchema' | 'operations'>,
  registry: Pick<Registry, 'schemas' | 'system'>,
): ErrorWriter {
  const own = registry.system(operation.system)?.errorBody;
  const usual = once(() => usualForm(contract));
  const forms = new Map<number, Form | undefined>();
  const formOf = (status: number): Form | undefined => {
    if (!forms.has(status)) {
      const form = declaredForm(responseOf(operation, status)) ?? usual();
      forms.set(status, form !== undefined && saysAnything(form, registry) ? form : undefined);
    }
    return forms.get(status);
  };
  return (refusal, now) => {
    const form = formOf(refusal.status);
    if (own !== undefined) {
      const body = own(refusal);
      if (body !== undefined) return { contentType: form?.contentType ?? 'application/json', body };
    }
    if (form === undefined) {
      // An object of which nothing is said may hold the problem; it is labelled as the contract has it.
      const open = declaredForm(responseOf(operation, refusal.status))?.contentType ?? '';
      const problem = problemBody(refusal);
      return isJson(parseMediaType(open).type) ? { ...problem, contentType: open } : problem;
    }
    // Taken out by name, because the message of an error is not among what spreading copies.
    const { status, code, message, violations, details } = refusal;
    const isProblem = /problem\+(json|xml)/i.test(form.contentType);
    return {
      contentType: form.contentType,
      body: fill(form, { status, code, message, violations, details, now, isProblem }, registry),
    };
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
      title: STATUS_CODES[status] ?? 'Error',
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

/** JSON where it is declared, else XML, else text: what else there is cannot be written from facts. */
function declaredForm(response: Response | undefined): Form | undefined {
  const declared = Object.entries(response?.content ?? {}).flatMap(([contentType, { schema }]) =>
    schema === undefined ? [] : [{ contentType, schema, type: parseMediaType(contentType).type }],
  );
  return (
    declared.find(({ type }) => isJson(type)) ??
    declared.find(({ type }) => isXml(type)) ??
    declared.find(({ type }) => type === 'text/plain')
  );
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

/** An object without members would carry no information. */
function saysAnything({ schema }: Form, { schemas }: Pick<Registry, 'schemas'>): boolean {
  const types = [schemas.resolve(schema)?.type ?? []].flat();
  return schemas.members(schema).size > 0 || types.includes('string') || types.includes('array');
}

function fill({ schema }: Form, refusal: ErrorSource, { schemas }: Pick<Registry, 'schemas'>): unknown {
  const body = fillError(schema, refusal, schemas);
  const isOpen = schemas.resolve(schema)?.additionalProperties !== false;
  if (!isOpen || typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const open = body as Record<string, unknown>;
  const isListed = holdsViolations(open);
  for (const [name, value] of Object.entries(refusal.details)) open[name] ??= value;
  if (refusal.violations.length > 0 && !isListed) open.errors ??= refusal.violations;
  return open;
}

/** Whether a list of them stands in it already, under whatever name. */
function holdsViolations(body: Readonly<Record<string, unknown>>): boolean {
  return Object.values(body).some((value) => Array.isArray(value) && value.length > 0);
}
