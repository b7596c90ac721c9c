import type { Change } from '../../engine/state/change.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { amountOwed, type Money } from './balance.ts';
import { announceNote } from './notifications.ts';
import { accountPolicy } from './policy.ts';
import { customerOf } from './terms.ts';

/** Announces that more is owed on an account than its limit allows, or no longer, and lets the policy follow. */
export function watchCreditLimit(work: Work, { before, after }: Change): void {
  if (after === undefined) return;
  if (before?.accountBalance === after.accountBalance && before?.creditLimit === after.creditLimit) return;
  const isExceeded = exceeds(after);
  if (isExceeded === (before !== undefined && exceeds(before))) return;
  const { unit, value } = after.creditLimit as Money;
  const text = isExceeded ? 'has risen above' : 'is no longer above';
  announceNote(work, after, `What is owed ${text} the credit limit of ${value} ${unit}.`, 'creditLimit');
  const customerId = customerOf(after);
  if (customerId === undefined) return;
  const policy = accountPolicy(work).creditLimit;
  work.notify('billing-account/credit-limit', { customerId, accountId: after.id, isExceeded, policy });
}

function exceeds(account: Entity): boolean {
  const limit = account.creditLimit as Money | undefined;
  if (typeof limit?.value !== 'number') return false;
  return amountOwed(account).some(({ unit, value }) => unit === limit.unit && value > limit.value);
}
