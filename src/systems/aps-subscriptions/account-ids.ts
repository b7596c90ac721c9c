import type { ReadWork } from '../../engine/state/work.ts';

/** The id of the operator's own account. */
export function providerId(work: Pick<ReadWork, 'uuid'>): string {
  return work.uuid('aps-subscriptions', 'account', 'provider');
}

/** The id of the account of the customer with this number. */
export function accountId(work: Pick<ReadWork, 'uuid'>, number: string): string {
  return work.uuid('aps-subscriptions', 'account', number);
}
