import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '../../../model/command.ts';
import type { Violation } from '../../../model/schema.ts';
import { isJson, parseMediaType } from '../media-types.ts';
import type { OperationPlan } from '../operation-plan.ts';
import { parseJson } from '../parse-json.ts';

/**
 * The body of a request as its contract has it; what is wrong goes into `violations`.
 *
 * @example readBodyOf(plan.body, bytes, request.headers, violations, notes);
 */
export function readBodyOf(
  reader: NonNullable<OperationPlan['body']>,
  bytes: Buffer,
  headers: IncomingHttpHeaders,
  violations: Violation[],
  notes: string[],
): unknown {
  if (bytes.length === 0) return reader.read(undefined, undefined, violations);
  const kind = reader.kindOf(headers['content-type']);
  if (kind instanceof Refusal) {
    const type = headers['content-type'];
    const message = type === undefined ? 'is required' : `is ${type.slice(0, 80)}, which the contract does not take`;
    violations.push({ in: 'header', path: '/content-type', message });
    return undefined;
  }
  if (kind.unpack === undefined) {
    const value = reader.read(bytes, kind, violations);
    return value ?? looseBody(bytes, headers['content-type']);
  }
  notes.push(`A body of ${headers['content-type']} is not looked into.`);
  return undefined;
}

/** Characters that are kept of a text that no contract describes. */
const KEPT_TEXT = 2_000;

/**
 * A body as it can be read without a contract.
 *
 * @example looseBody(bytes, 'application/json') // { id: 1 }
 */
export function looseBody(bytes: Buffer, contentType: string | undefined): unknown {
  const { type } = parseMediaType(contentType ?? '');
  if (bytes.length === 0) return undefined;
  if (isJson(type)) {
    const parsed = parseJson(bytes.toString('utf8'));
    if ('value' in parsed) return parsed.value;
  }
  // The names in a form are what tells its secrets.
  if (type === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(bytes.toString('utf8').slice(0, KEPT_TEXT)));
  if (type.startsWith('text/') || isJson(type)) return bytes.toString('utf8').slice(0, KEPT_TEXT);
  return undefined;
}
