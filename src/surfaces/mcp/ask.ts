import { problemText } from '../../lib/problem-text.ts';
import type { AskedRequest } from '../../model/asked-request.ts';

/** Brings a request to the simulator, in this process or over HTTP; rejects where there is no answer. */
export type Ask = (request: AskedRequest) => Promise<{ readonly status: number; readonly body: string }>;

/** What is told in place of a result, to be read by whoever called. */
export class ToolFailure extends Error {}

/** A value as a path's segment, a query's value or a header has it. */
export function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A query from names and values; a list becomes a value for each of its items, and what is undefined is left out. */
export function queryOf(pairs: Iterable<readonly [string, unknown]>): string {
  const search = new URLSearchParams();
  for (const [name, value] of pairs) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) search.append(name, textOf(each));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/**
 * Fills a path template with values, each escaped; the names of those that are missing are told in place of it.
 *
 * @example fillPath('/v1/customers/{customerId}', { customerId: 'CUS 1' }) // '/v1/customers/CUS%201'
 */
export function fillPath(template: string, values: Readonly<Record<string, unknown>>): string {
  const missing: string[] = [];
  const path = template.replace(/\{([^}]*)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === '') missing.push(name);
    return value === undefined ? whole : encodeURIComponent(textOf(value));
  });
  if (missing.length > 0) {
    throw new ToolFailure(
      `Failed to call ${template}: ${missing.map((name) => `"${name}"`).join(' and ')} must be given. Name what is meant by its id.`,
    );
  }
  return path;
}

/**
 * The value that an answer holds, JSON or text; throws a `ToolFailure` with what the simulator says where it refuses.
 */
export function contentOf({ status, body }: Awaited<ReturnType<Ask>>): unknown {
  if (status < 400) return parsed(body);
  throw new ToolFailure(problemText(body, `Failed to ask the simulator: it answered ${status}. ${body}`));
}

/** The value that a body holds: JSON, or else its text. */
export function parsed(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
