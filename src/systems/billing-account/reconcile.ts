import { inputOf, TEXT } from '../../engine/action-input.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { addDecimals } from '../../lib/money.ts';
import { receivableSums } from './balance.ts';
import { ACCOUNTS } from './collections.ts';
import { customerOf } from './terms.ts';

/**
 * `{balances: [{customerId, amount, currency}]}`: sets what whoever bills thinks that all customers owe beside what is on
 * their accounts; whoever is left out owes nothing. Answers what differs, and how many agree.
 *
 * @example
 * POST /_simulator/actions/billing-account/reconcile { "balances": [{ "customerId": "CUS-000003", "amount": 12.3, "currency": "GBP" }] }
 */
export const reconcile: ActionHandler = (work, input) => {
  const owed = new Map<string, number>();
  for (const { customerId, amount, currency } of input.balances as readonly Balance[])
    add(owed, customerId, currency, amount);
  const accounts = accountSums(work);
  const all = [...new Set([...owed.keys(), ...accounts.keys()])].map((key) => {
    const [customerId, currency] = JSON.parse(key) as [string, string];
    return { customerId, currency, billed: owed.get(key) ?? 0, onAccounts: accounts.get(key) ?? 0 };
  });
  const differences = all.filter(({ billed, onAccounts }) => billed !== onAccounts);
  return { differences, summary: { agrees: all.length - differences.length, differs: differences.length } };
};

/** Amounts that one call takes: all customers' have to be in it, because whoever is left out owes nothing. */
export const MOST_BALANCES = 100_000;

/** What `reconcile` takes. */
export const RECONCILE_INPUT = inputOf({
  balances: {
    type: 'array',
    maxItems: MOST_BALANCES,
    items: inputOf({ customerId: TEXT, amount: { type: 'number' }, currency: TEXT }),
  },
});

interface Balance {
  readonly customerId: string;
  readonly amount: number;
  readonly currency: string;
}

function accountSums(work: Work): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const account of work.query(ACCOUNTS).items) {
    const customerId = customerOf(account);
    if (customerId === undefined) continue;
    for (const [currency, sum] of Object.entries(receivableSums(account))) add(sums, customerId, currency, sum);
  }
  return sums;
}

function add(sums: Map<string, number>, customerId: string, currency: string, amount: number): void {
  const key = JSON.stringify([customerId, currency]);
  sums.set(key, addDecimals(sums.get(key) ?? 0, amount));
}
