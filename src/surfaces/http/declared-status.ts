import type { Operation } from '../../model/operation.ts';

/** Statuses that say nearly the same; contracts declare the one or the other. */
const ALIKE: Readonly<Record<number, readonly number[]>> = { 400: [422], 422: [400], 409: [422], 412: [409] };

/**
 * The status that an operation declares for what another would say too: 422 for 400 where only that is declared.
 *
 * @example declaredStatus({ responses: { 201: created, 422: invalid } }, 400) // 422
 */
export function declaredStatus({ responses }: Pick<Operation, 'responses'>, status: number): number {
  if (String(status) in responses) return status;
  return ALIKE[status]?.find((other) => String(other) in responses) ?? status;
}
