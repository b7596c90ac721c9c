import { inputOf, TEXT } from '../../engine/action-input.ts';
import { allOf, equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler, ActionInput } from '../../engine/system.ts';
import { addDecimals } from '../../lib/money.ts';
import { amountOwed, type Balance, isSettled, newBalance, RECEIVABLE } from './balance.ts';
import { ACCOUNTS } from './collections.ts';
import { ACCOUNT_LIFECYCLE } from './lifecycle.ts';

/** What clients tell the actions; those that links tell more are left to these. */
export const accountInputs: Readonly<Record<string, ActionInput>> = {
  'set-state': inputOf({ id: TEXT, state: TEXT }),
  'set-payment-status': inputOf({ id: TEXT, paymentStatus: TEXT }),
  'open-account': inputOf({ customerId: TEXT, 'name?': TEXT, 'currency?': { type: 'string' } }),
  'apply-amount': inputOf({
    customerId: TEXT,
    amount: { type: 'number' },
    currency: { type: 'string' },
    'isOverdue?': { type: 'boolean' },
  }),
  'mark-in-arrears': inputOf({ customerId: TEXT }),
  'follow-customer': inputOf({ customerId: TEXT, status: TEXT }),
};

/** `{id, state}`: moves an account as its life cycle allows. */
export const setState: ActionHandler = (work, input) => work.change(ACCOUNTS, String(input.id), { state: input.state });

/** `{id, paymentStatus}` */
export const setPaymentStatus: ActionHandler = (work, input) =>
  work.change(ACCOUNTS, String(input.id), { paymentStatus: input.paymentStatus });

/**
 * `{customerId, name?, currency?}`: opens an Active account for a customer, its related party, unless it has one.
 * Returns the account.
 */
export const openAccount: ActionHandler = (work, { customerId, name, currency }) => {
  const known = accountOf(work, String(customerId));
  if (known !== undefined) return known;
  return work.create(
    ACCOUNTS,
    newAccount(String(customerId), String(name ?? customerId), String(currency ?? ''), work.nowText),
  );
};

/**
 * `{customerId, amount, currency, isOverdue?}`: puts a charge (positive) or a payment (negative) on the receivable
 * balance of the customer's account. What is owed makes the account `due`, but leaves `in arrears` as it is unless
 * `isOverdue` is false; nothing owed is `paid`. An account that waits for its last bill closes at nothing: what is
 * still due to the customer is paid out first.
 */
export const applyAmount: ActionHandler = (work, { customerId, amount, currency, isOverdue = true }) => {
  const account = accountOf(work, String(customerId));
  if (account === undefined) return undefined;
  const balances = (account.accountBalance ?? []) as readonly Balance[];
  const isMeant = ({ balanceType, amount: money }: Balance) => balanceType === RECEIVABLE && money.unit === currency;
  const before = balances.find(isMeant);
  const value = addDecimals(before?.amount.value ?? 0, Number(amount));
  const after: Balance = {
    ...(before ?? newBalance(work.nowText, String(currency))),
    amount: { unit: String(currency), value },
  };
  const isKnown = before !== undefined;
  const accountBalance = isKnown
    ? balances.map((balance) => (balance === before ? after : balance))
    : [...balances, after];
  const isStillInArrears = account.paymentStatus === 'in arrears' && isOverdue;
  const paymentStatus = amountOwed({ accountBalance }).length === 0 ? 'paid' : isStillInArrears ? 'in arrears' : 'due';
  const changed = work.change(ACCOUNTS, String(account.id), { accountBalance, paymentStatus });
  return closeIfSettled(work, changed);
};

/** `{customerId}`: marks the customer's account as in arrears if anything is owed. */
export const markInArrears: ActionHandler = (work, { customerId }) => {
  const account = accountOf(work, String(customerId));
  if (account === undefined || account.paymentStatus !== 'due') return account;
  return work.change(ACCOUNTS, String(account.id), { paymentStatus: 'in arrears' });
};

/**
 * `{customerId, status}`: the customer was suspended, reinstated or terminated. The account of one that leaves is closed
 * as soon as nothing is owed. What the account's life cycle has no move for, as from an account closed by hand, rests.
 */
export const followCustomer: ActionHandler = (work, { customerId, status }) => {
  const account = accountOf(work, String(customerId));
  const state = account === undefined ? undefined : nextState(String(account.state), String(status));
  if (account === undefined || state === undefined) return account;
  return closeIfSettled(work, work.change(ACCOUNTS, String(account.id), { state }));
};

/** A new account of a customer, with nothing owed. */
export function newAccount(customerId: string, name: string, currency: string, since: string): Entity {
  return {
    name,
    state: 'Active',
    accountType: 'Billing',
    ratingType: 'postpaid',
    paymentStatus: 'paid',
    relatedParty: [
      {
        '@referredType': 'Customer',
        href: `/v1/customers/${encodeURIComponent(customerId)}`,
        id: customerId,
        name,
        role: 'customer',
      },
    ],
    ...(currency !== '' && { accountBalance: [newBalance(since, currency)] }),
  };
}

function nextState(state: string, customerStatus: string): string | undefined {
  const has = (to: string) => ACCOUNT_LIFECYCLE.moves.some((move) => move.from === state && move.to === to);
  if (customerStatus === 'Suspended') return has('Suspended') ? 'Suspended' : undefined;
  if (customerStatus === 'Active') return state === 'Suspended' ? 'Active' : undefined;
  // One that was never billed has no last bill to wait for.
  if (customerStatus === 'Terminated') return ['Pending closed', 'Closed'].find(has);
  return undefined;
}

function closeIfSettled(work: Work, account: Entity): Entity {
  if (account.state !== 'Pending closed' || !isSettled(account)) return account;
  return work.change(ACCOUNTS, String(account.id), { state: 'Closed' });
}

/** A customer's first account; one that is closed is charged no more. */
function accountOf(work: Work, customerId: string): Entity | undefined {
  const filter = allOf(equals('relatedParty.id', customerId), { op: 'ne', path: 'state', value: 'Closed' });
  const { items } = work.query(ACCOUNTS, { filter, limit: 1 });
  return items[0];
}
