import type { Entity } from '../../engine/state/store/store.ts';
import type { ReadWork, Work } from '../../engine/state/work.ts';
import type { Instant } from '../../lib/time.ts';
import { localClock } from '../../operator/local-time.ts';
import { TERMINATED } from './lifecycle.ts';

/**
 * What is agreed on a subscription beyond what its APS type shows: it has no property for money or dates. Its times are
 * those that the operator's clocks show, as if they were UTC: months and terms are counted by its days.
 */
export interface SubscriptionContract {
  readonly currency: string;
  /** What the end customer pays a month, in the currency's smallest unit. */
  readonly monthlyPrice: number;
  readonly started: Instant;
  /** What it has cost since it was agreed, where that has changed: each price from an instant on, oldest first. */
  readonly prices?: readonly { readonly at: Instant; readonly monthlyPrice: number }[];
  /** Whether its term renews itself. Default: yes. */
  readonly isRenewed?: boolean;
  /** Set once the subscription has expired or been terminated. */
  readonly ended?: Instant;
  /** From the provider down to the customer. */
  readonly chain: readonly Level[];
  /** When usage that an outside system reported was billed. */
  readonly bills: readonly { readonly at: string; readonly comment?: string }[];
}

/** One edge of the chain of vendors. */
export interface Level {
  /** APS ids of two accounts. */
  readonly seller: string;
  readonly buyer: string;
  /** What the buyer pays at this level, as percent of the end customer's price. */
  readonly share: number;
  /** Percent. */
  readonly discount: number;
}

const CONTRACTS = 'aps-subscriptions/$contracts';

/** The contract of a subscription; one that was never agreed is worth nothing. */
export function contractOf(work: ReadWork, id: string): SubscriptionContract | undefined {
  return work.get(CONTRACTS, id) as SubscriptionContract | undefined;
}

/** Stores the contract of a subscription. */
export function putContract(work: Work, id: string, contract: SubscriptionContract): void {
  work.put(CONTRACTS, id, { ...contract });
}

/** Notes that a subscription has come to its end. */
export function endContract(work: Work, id: string): void {
  const contract = contractOf(work, id);
  if (contract !== undefined) putContract(work, id, { ...contract, ended: localClock(work) });
}

/** Notes that a subscription that had expired goes on: its value is that of the term that runs again. */
export function renewContract(work: Work, id: string): void {
  const contract = contractOf(work, id);
  if (contract !== undefined) putContract(work, id, { ...contract, ended: undefined });
}

/** Notes what a subscription costs from now on. */
export function repriceContract(work: Work, id: string, monthlyPrice: number): void {
  const contract = contractOf(work, id);
  if (contract === undefined || priceAt(contract, localClock(work)) === monthlyPrice) return;
  const prices = [...(contract.prices ?? []), { at: localClock(work), monthlyPrice }];
  putContract(work, id, { ...contract, prices });
}

/** What a subscription costs a month that begins at an instant. */
export function priceAt({ monthlyPrice, prices = [] }: Prices, instant: Instant): number {
  return prices.findLast(({ at }) => at <= instant)?.monthlyPrice ?? monthlyPrice;
}

type Prices = Pick<SubscriptionContract, 'monthlyPrice' | 'prices'>;

/** Forgets the contract of a subscription that is deleted. */
export function deleteContract(work: Work, id: string): void {
  work.delete(CONTRACTS, id);
}

/** Whether a subscription is over: what the `bill` operation calls cancelled. */
export function isEnded(subscription: Entity): boolean {
  return subscription.status === 'EXPIRED' || subscription.status === TERMINATED;
}
