import { Refusal } from '../../../model/command.ts';
import type { Violation } from '../../../model/schema.ts';
import { fewOf, invalidRequest } from '../refusals.ts';

/** What a proxy answers by itself. */

/** The code of what breaks a contract and is not passed on. */
export const BROKEN = 'EXCHANGE_BREAKS_CONTRACT';

/**
 * A request that breaks the contract.
 *
 * @example throw brokenRequest(violations);
 */
export function brokenRequest(found: readonly Violation[]): Refusal {
  return broken(
    `Failed to pass the request on: it breaks the contract: ${fewOf(found)}. Correct it, or proxy without --fail.`,
    found,
  );
}

/**
 * An answer that breaks the contract.
 *
 * @example throw brokenAnswer(200, violations);
 */
export function brokenAnswer(status: number, found: readonly Violation[]): Refusal {
  return broken(
    `Failed to pass the answer on: it has the status ${status} and breaks the contract: ${fewOf(found)}. Correct the server, or proxy without --fail.`,
    found,
  );
}

function broken(message: string, found: readonly Violation[]): Refusal {
  const { violations } = invalidRequest(found);
  return new Refusal(502, BROKEN, message, { violations });
}

/**
 * A server that cannot be asked.
 *
 * @example throw unreachable(new URL('http://127.0.0.1:9'), 'ECONNREFUSED');
 */
export function unreachable({ origin }: URL, why: string): Refusal {
  return new Refusal(
    502,
    'UPSTREAM_UNREACHABLE',
    `Failed to pass the request on: ${origin} cannot be reached (${why}). Start that server, or correct the address.`,
  );
}

/**
 * A server that says nothing.
 *
 * @example throw tooSlow(upstream, 60_000);
 */
export function tooSlow({ origin }: URL, timeout: number): Refusal {
  return new Refusal(
    504,
    'UPSTREAM_TOO_SLOW',
    `Failed to pass the request on: ${origin} has not answered within ${timeout} ms. What was asked for may have been done. Raise --timeout.`,
  );
}
