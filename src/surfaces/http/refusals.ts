import { NOT_BEGUN, type TenantElsewhere } from '../../engine/keeping/commit-log.ts';
import { Refusal } from '../../model/command.ts';
import type { Violation } from '../../model/schema.ts';

/** The refusals that dispatching itself comes to. */

/** Violations that are told one by one. */
const MOST_TOLD = 100;
/** Of so many at least, a check does not look for more. */
const MOST_COUNTED = 1_000;

/**
 * A request with something wrong in it. The sentence holds the first few, for bodies that have no room for the list; the
 * list holds a hundred, and says how many more there are.
 *
 * @example return invalidRequest(violations);
 */
export function invalidRequest(violations: readonly Violation[]): Refusal {
  return new Refusal(
    400,
    'INVALID_REQUEST',
    `Failed to read the request: ${asSentence(fewOf(violations))} Correct it and send it again.`,
    { violations: shortened(violations) },
  );
}

/**
 * The first few violations in words, and how many more there are.
 *
 * @example fewOf([{ in: 'body', path: '/email', message: 'is required' }]) // 'body /email is required'
 */
export function fewOf(violations: readonly Violation[]): string {
  const listed = violations
    .slice(0, 3)
    .map(({ in: where, path, message }) => `${where}${path === '' ? '' : ` ${path}`} ${message}`);
  const atLeast = violations.length < MOST_COUNTED ? '' : 'at least ';
  const more = violations.length > listed.length ? ` and ${atLeast}${violations.length - listed.length} more` : '';
  return listed.join('; ') + more;
}

/** What a violation says may be a sentence already, with an advice at its end. */
function asSentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}

function shortened(violations: readonly Violation[]): readonly Violation[] {
  const first = violations.slice(0, MOST_TOLD);
  const more = violations.length - first.length;
  const [any] = first;
  if (more === 0 || any === undefined) return first;
  const message = `and ${violations.length < MOST_COUNTED ? '' : 'at least '}${more} more`;
  return [...first, { in: any.in, path: '', message }];
}

/**
 * An `Accept` header that no success can meet.
 *
 * @example return notAcceptable('image/png');
 */
export function notAcceptable(accept: string): Refusal {
  return new Refusal(
    406,
    'NOT_ACCEPTABLE',
    `Failed to answer as ${JSON.stringify(accept.slice(0, 80))}: the contract has no such response. Accept application/json.`,
  );
}

/**
 * A path that no contract has.
 *
 * @example return notFound('GET', '/v2/customers', 'Did you mean GET /v1/customers?');
 */
export function notFound(method: string | undefined, path: string, advice = 'See / for the paths there are.'): Refusal {
  return new Refusal(
    404,
    'NOT_FOUND',
    `Failed to find ${method} ${path.slice(0, 200)}: no contract has this path. ${advice}`,
  );
}

/**
 * An operation of the control contract without a handler.
 *
 * @example return notImplemented('startTraffic');
 */
export function notImplemented(operation: string): Refusal {
  return new Refusal(
    501,
    'NOT_IMPLEMENTED',
    `Failed to answer ${operation}: this simulator has no such part. Use another operation.`,
  );
}

/**
 * An existing path, requested with a method it does not offer.
 *
 * @example return methodNotAllowed('DELETE', '/v1/customers', 'GET, HEAD, OPTIONS');
 */
export function methodNotAllowed(method: string | undefined, path: string, allow: string): Refusal {
  return new Refusal(
    405,
    'METHOD_NOT_ALLOWED',
    `Failed to answer ${method} ${path.slice(0, 200)}: the contract has no such method there. Allowed: ${allow}.`,
    {
      headers: { allow },
    },
  );
}

/**
 * What nobody foresaw: the client learns that it happened, the log learns what.
 *
 * @example writeProblem(request, response, internalError('the request'));
 */
export function internalError(what: string): Refusal {
  return new Refusal(
    500,
    'INTERNAL_ERROR',
    `Failed to answer ${what}: something unexpected happened in the simulator. Look into its log.`,
  );
}

/**
 * A request that another process has passed on to this one, for a tenant that is not this one's any more.
 *
 * @example throw misdirected(elsewhere);
 */
export function misdirected({ message }: TenantElsewhere): Refusal {
  return new Refusal(421, 'MISDIRECTED', message, { headers: { [NOT_BEGUN]: '1' } });
}
