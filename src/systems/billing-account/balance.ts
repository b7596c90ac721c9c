import type { Entity } from '../../engine/state/store/store.ts';
import { addDecimals } from '../../lib/money.ts';

/** The balance that this system maintains is of this type; a client may add others, which stay as they are. */
export const RECEIVABLE = 'ReceivableBalance';

/** One balance of an account: what the customer owes is positive. */
export interface Balance extends Entity {
  readonly balanceType: string;
  readonly amount: Money;
}

export interface Money {
  readonly unit: string;
  readonly value: number;
}

type WithBalance = Readonly<{ accountBalance?: unknown }>;

/** What is owed on an account, in each currency; none where nothing is. */
export function amountOwed(account: WithBalance): readonly Money[] {
  return receivables(account).filter(({ value }) => value > 0);
}

/** Whether nothing is owed on an account, nor due to the customer. */
export function isSettled(account: WithBalance): boolean {
  return receivables(account).every(({ value }) => value === 0);
}

/** What is owed on an account or, negative, due to the customer, by currency; without what is nothing. */
export function receivableSums(account: WithBalance): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { unit, value } of receivables(account)) sums[unit] = addDecimals(sums[unit] ?? 0, value);
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

/** A balance at nothing. */
export function newBalance(since: string, unit: string): Balance {
  return { balanceType: RECEIVABLE, validFor: { startDateTime: since }, amount: { unit, value: 0 } };
}

/** A balance with another amount. Copied first: a spread that then gets a property takes half as long again. */
export function withAmount(balance: Balance, amount: Money): Balance {
  const copy: { -readonly [K in keyof Balance]: Balance[K] } = { ...balance };
  copy.amount = amount;
  return copy;
}

function receivables({ accountBalance = [] }: WithBalance): readonly Money[] {
  const found: Money[] = [];
  for (const { balanceType, amount } of accountBalance as readonly Balance[]) {
    if (balanceType === RECEIVABLE && typeof amount?.value === 'number') found.push(amount);
  }
  return found;
}
