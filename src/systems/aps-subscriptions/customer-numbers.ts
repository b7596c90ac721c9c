import type { Work } from '../../engine/state/work.ts';

/** Keeps the number of the customer whose account this is. */
export function keepCustomer(work: Work, account: string, number: string): void {
  work.put(CUSTOMERS, account, { number });
}

/** The number of the customer whose account this is, where it is one's. */
export function customerOf(work: Work, account: string): string | undefined {
  const number = work.get(CUSTOMERS, account)?.number;
  return typeof number === 'string' ? number : undefined;
}

/** Forgets whose account it was. */
export function forgetCustomer(work: Work, account: string): void {
  work.delete(CUSTOMERS, account);
}

/** By account. */
const CUSTOMERS = 'aps-subscriptions/$customers';
