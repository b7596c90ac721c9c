import { equals } from '../../../engine/state/store/filter.ts';
import type { Work } from '../../../engine/state/work.ts';
import { CUSTOMERS, SUBSCRIPTIONS } from '../collections.ts';
import type { Customer, Subscription } from '../entities.ts';
import { saleCurrency } from './prices.ts';

/** The currency that a customer is billed in: that of what they have taken last, else of what they are sold. */
export function currencyOf(work: Work, customerId: string): string {
  const { items, total } = work.query(SUBSCRIPTIONS, { filter: equals('customerId', customerId) });
  const last = items[total - 1] as Subscription | undefined;
  return last?.currency ?? saleCurrency(work, work.need(CUSTOMERS, customerId) as Customer) ?? 'GBP';
}
