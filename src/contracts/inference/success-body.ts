import { jsonContent, type Operation, type Response, shownSchema } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';

/** What an operation answers when all is well. */
export interface Success {
  readonly status: string;
  readonly response: Response;
  /** The schema of its body, JSON where there is a choice; absent for no body, and for one that nothing is said of. */
  readonly schema?: Schema;
  readonly hasBody: boolean;
}

/**
 * The success of an operation: 201, or else the lowest 2xx that has a body (a Swagger may declare 200 and 201 at once),
 * or else the lowest without one; `default` where a contract declares nothing else than this and errors.
 *
 * @example successOf(operation)?.schema
 */
export function successOf(operation: Operation): Success | undefined {
  const statuses = Object.keys(operation.responses)
    .filter((status) => /^2(\d\d|XX)$/i.test(status))
    .sort();
  const ordered = [...statuses.filter((status) => status === '201'), ...statuses];
  const successes = ordered.map((status) => toSuccess(status, operation));
  const found = successes.find(({ schema }) => schema !== undefined) ?? successes.find(({ hasBody }) => hasBody);
  if (found !== undefined || successes.length > 0) return found ?? successes[0];
  const hasDefault = operation.responses.default !== undefined;
  return hasDefault && !/err|fault|problem|unexpected/i.test(operation.responses.default?.description ?? '')
    ? toSuccess('default', operation)
    : undefined;
}

/** The schema of the body of success. */
export function successSchema(operation: Operation): Schema | undefined {
  return successOf(operation)?.schema;
}

/** The schema of the request's body. */
export function requestSchema(operation: Operation | undefined): Schema | undefined {
  return shownSchema(jsonContent(operation?.requestBody?.content));
}

function toSuccess(status: string, operation: Operation): Success {
  const response = operation.responses[status] as Response;
  return {
    status,
    response,
    schema: shownSchema(jsonContent(response.content)),
    hasBody: Object.keys(response.content).length > 0,
  };
}
