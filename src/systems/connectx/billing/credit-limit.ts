import type { Work } from '../../../engine/state/work.ts';
import type { ActionHandler } from '../../../engine/system.ts';
import { Refusal } from '../../../model/command.ts';
import { CUSTOMERS, DEBTS, LIMITS } from '../collections.ts';

/**
 * `{customerId, isExceeded, policy}`: more is owed than the customer's account allows, or no longer. By the policy of the
 * account nothing follows (`announce`), the customer can start no service (`block`), or is suspended as well (`hold`).
 */
export const followCreditLimit: ActionHandler = (work, input) => {
  const customerId = String(input.customerId);
  const known = work.get(LIMITS, customerId);
  const { status } = work.need(CUSTOMERS, customerId);
  if (input.isExceeded === true) {
    if (input.policy === 'announce' || known !== undefined) return;
    const isHeld = input.policy === 'hold' && status === 'Active';
    work.put(LIMITS, customerId, { customerId, isHeld });
    if (isHeld) work.change(CUSTOMERS, customerId, { status: 'Suspended' });
    return;
  }
  if (known === undefined) return;
  work.delete(LIMITS, customerId);
  const isInDebt = work.get(DEBTS, customerId) !== undefined;
  if (known.isHeld === true && status === 'Suspended' && !isInDebt) {
    work.change(CUSTOMERS, customerId, { status: 'Active' });
  }
};

/** Refuses with 409 a new service while the customer owes more than their account allows. */
export function requireCredit(work: Work, customerId: string, what: string): void {
  if (work.get(LIMITS, customerId) === undefined) return;
  throw new Refusal(
    409,
    'CREDIT_LIMIT_EXCEEDED',
    `Failed to ${what}: customer ${customerId} owes more than the credit limit of their billing account. Record a payment first, or raise the limit.`,
  );
}
