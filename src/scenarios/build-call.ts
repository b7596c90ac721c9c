import { placesOf, pointerKeys } from '../lib/json-path.ts';
import { isJsonType } from '../lib/json-type.ts';
import type { Parameter, RequestBody, Step, StepTarget } from './arazzo-document.ts';
import { isRecord, withValueAt } from './json-values.ts';
import type { OperationCall } from './player.ts';
import type { Scope } from './scope.ts';
import { toText } from './scope.ts';
import { fill } from './templates.ts';

/** A step that cannot be sent, and why. */
export class StepError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StepError';
  }
}

/** Puts together what a step asks of an operation; throws a `StepError` where a value that it needs is missing. */
export function buildCall(step: Step, target: Extract<StepTarget, { kind: 'operation' }>, scope: Scope): OperationCall {
  const { operation, contract } = target;
  const at = (location: Parameter['in']) => valuesAt(step.parameters, location, scope);
  const path = at('path');
  for (const [, name] of operation.path.matchAll(/\{([^}]+)\}/g)) {
    if (name === undefined || (path[name] !== undefined && path[name] !== null && path[name] !== '')) continue;
    throw new StepError(`The path parameter \`${name}\` has no value.`);
  }
  const [querystring] = Object.values(at('querystring'));
  return {
    operation,
    contract,
    path,
    query: at('query'),
    ...(querystring !== undefined && { querystring: toText(querystring) }),
    headers: at('header'),
    cookies: at('cookie'),
    ...(step.requestBody !== undefined &&
      toBody(step.requestBody, Object.keys(operation.requestBody?.content ?? {}), scope)),
  };
}

/** The payload of a request body with its replacements made. */
export function payloadOf({ payload, replacements }: RequestBody, scope: Scope): unknown {
  let value = payload === undefined ? undefined : fill(payload, scope);
  for (const { target, type, value: template } of replacements) {
    const part = fill(template, scope) ?? null;
    const places = type === 'jsonpointer' ? [pointerKeys(target) ?? []] : placesOf(value ?? null, target);
    if (places.length === 0) throw new StepError(`The replacement \`${target}\` finds no place in the payload.`);
    for (const keys of places) {
      try {
        value = withValueAt(value, keys, part);
      } catch (error) {
        throw new StepError(
          `The replacement \`${target}\` finds no place in the payload: ${error instanceof Error ? error.message : error}.`,
        );
      }
    }
  }
  return value;
}

function valuesAt(
  parameters: readonly Parameter[],
  location: Parameter['in'],
  scope: Scope,
): Readonly<Record<string, unknown>> {
  const values = parameters
    .filter((parameter) => parameter.in === location)
    .map(({ name, value }) => [name, fill(value, scope)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function toBody(
  body: RequestBody,
  declared: readonly string[],
  scope: Scope,
): Pick<OperationCall, 'contentType' | 'body' | 'text'> {
  const value = payloadOf(body, scope);
  if (value === undefined) return {};
  const contentType = body.contentType ?? declared[0] ?? 'application/json';
  if (isJsonType(contentType)) {
    // A text that was written as a text is JSON already; a text out of an expression is a value.
    const isWritten = typeof value === 'string' && (body.payload?.kind === 'text' || body.payload?.kind === 'literal');
    if (isWritten) return { contentType, body: parsed(value), text: value };
    return { contentType, body: value, text: JSON.stringify(value) };
  }
  if (contentType.startsWith('application/x-www-form-urlencoded') && isRecord(value)) {
    const form = new URLSearchParams(
      Object.entries(value).map(([name, part]): [string, string] => [name, toText(part)]),
    );
    return { contentType, body: value, text: form.toString() };
  }
  return { contentType, body: value, text: toText(value) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
