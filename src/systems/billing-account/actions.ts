import { inputOf, TEXT } from '../../engine/action-input.ts';
import { allOf, equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler, ActionInput } from '../../engine/system.ts';
import { addDecimals } from '../../lib/money.ts';
import { Refusal } from '../../model/command.ts';
import { amountOwed, type Balance, isSettled, newBalance, RECEIVABLE, withAmount } from './balance.ts';
import { ACCOUNTS } from './collections.ts';
import { isHeldAlone, WITH_CUSTOMER } from './holds.ts';
import { ACCOUNT_LIFECYCLE } from './lifecycle.ts';
import { announceNote } from './notifications.ts';
import { customerOf, firstAccount } from './terms.ts';

/** What clients tell the actions; those that links tell more are left to these. */
export const accountInputs: Readonly<Record<string, ActionInput>> = {
  'set-state': inputOf({ id: TEXT, state: TEXT }),
  'set-payment-status': inputOf({ id: TEXT, paymentStatus: TEXT }),
  'open-account': inputOf({ customerId: TEXT, 'name?': TEXT, 'currency?': { type: 'string' } }),
  'apply-amount': inputOf({
    customerId: TEXT,
    amount: { type: 'number' },
    currency: { type: 'string' },
    'accountId?': TEXT,
    'isOverdue?': { type: 'boolean' },
  }),
  'mark-in-arrears': inputOf({ customerId: TEXT, 'accountId?': TEXT }),
  note: inputOf({ customerId: TEXT, text: TEXT, 'accountId?': TEXT, 'paymentStatus?': TEXT }),
  'set-payment-method': inputOf({ customerId: TEXT, type: TEXT }),
  'assign-subscription': inputOf({ id: TEXT, subscriptionId: TEXT }),
  'follow-customer': inputOf({ customerId: TEXT, status: TEXT }),
  'rename-customer': inputOf({ customerId: TEXT, name: TEXT }),
};

/** `{id, state}`: moves an account as its life cycle allows. */
export const setState: ActionHandler = (work, input) => work.change(ACCOUNTS, String(input.id), { state: input.state });

/** `{id, paymentStatus}` */
export const setPaymentStatus: ActionHandler = (work, input) =>
  work.change(ACCOUNTS, String(input.id), { paymentStatus: input.paymentStatus });

/**
 * `{customerId, name?, currency?}`: opens an Active account for a customer, its related party, unless it has one; one
 * that was only Defined is Active from here on. Returns the account.
 */
export const openAccount: ActionHandler = (work, { customerId, name, currency }) => {
  const known = accountOf(work, String(customerId));
  if (known?.state === 'Defined') return work.change(ACCOUNTS, String(known.id), { state: 'Active' });
  if (known !== undefined) return known;
  return work.create(
    ACCOUNTS,
    newAccount(String(customerId), String(name ?? customerId), String(currency ?? ''), work.nowText),
  );
};

/**
 * `{customerId, accountId?, amount, currency, isOverdue?}`: puts a charge (positive) or a payment (negative) on the receivable
 * balance of the customer's account. What is owed makes the account `due`, or `in arrears` where it is overdue (without
 * `isOverdue`, as it was); nothing owed is `paid`. An account that waits for its last bill closes at nothing: what is
 * still due to the customer is paid out first.
 */
export const applyAmount: ActionHandler = (work, { customerId, accountId, amount, currency, isOverdue }) => {
  const account = accountOf(work, String(customerId), accountId);
  if (account === undefined) return undefined;
  const balances = (account.accountBalance ?? []) as readonly Balance[];
  const isMeant = ({ balanceType, amount: money }: Balance) => balanceType === RECEIVABLE && money.unit === currency;
  const before = balances.find(isMeant);
  const value = addDecimals(before?.amount.value ?? 0, Number(amount));
  const after = withAmount(before ?? newBalance(work.nowText, String(currency)), { unit: String(currency), value });
  const isKnown = before !== undefined;
  const accountBalance = isKnown
    ? balances.map((balance) => (balance === before ? after : balance))
    : [...balances, after];
  const paymentStatus = nextPaymentStatus(account.paymentStatus, amountOwed({ accountBalance }).length > 0, isOverdue);
  // Whatever is booked on an account that was only defined, it is billed.
  const changes = { accountBalance, paymentStatus, ...(account.state === 'Defined' && { state: 'Active' }) };
  const changed = work.change(ACCOUNTS, String(account.id), changes, { isBooked: true });
  return closeIfSettled(work, changed);
};

/**
 * `{customerId, accountId?, text, paymentStatus?}`: announces of the customer's account what no attribute shows, beside
 * its payment status.
 */
export const note: ActionHandler = (work, { customerId, accountId, text, paymentStatus }) => {
  const account = accountOf(work, String(customerId), accountId);
  if (account === undefined) return undefined;
  const after = paymentStatus === undefined ? account : work.change(ACCOUNTS, String(account.id), { paymentStatus });
  announceNote(work, after, String(text));
  return after;
};

/** `{customerId, type}`: the means of payment on file; `None` takes it off. */
export const setDefaultPaymentMethod: ActionHandler = (work, { customerId, type }) => {
  const account = accountOf(work, String(customerId));
  if (account === undefined) return undefined;
  const id = `PM-${String(customerId).replace(/^CUS-/, '')}`;
  const defaultPaymentMethod = type === 'None' ? null : { id, name: type };
  return work.change(ACCOUNTS, String(account.id), { defaultPaymentMethod });
};

/** `{customerId, accountId?}`: marks the customer's account as in arrears if anything is owed. */
export const markInArrears: ActionHandler = (work, { customerId, accountId }) => {
  const account = accountOf(work, String(customerId), accountId);
  if (account === undefined || account.paymentStatus !== 'due') return account;
  return work.change(ACCOUNTS, String(account.id), { paymentStatus: 'in arrears' });
};

/**
 * `{customerId, status}`: the customer was suspended, reinstated or terminated, and so are all accounts that are theirs. One
 * that was suspended by itself stays so. Those of a customer that leaves are closed as soon as nothing is owed on them.
 * What the account's life cycle has no move for, as from an account closed by hand, rests. Returns the first account.
 */
export const followCustomer: ActionHandler = (work, { customerId, status }) => {
  const first = accountOf(work, String(customerId));
  const filter = allOf(equals('relatedParty.id', customerId), { op: 'ne', path: 'state', value: 'Closed' });
  for (const account of work.query(ACCOUNTS, { filter }).items) {
    if (account.id !== first?.id && customerOf(account) !== customerId) continue;
    const state = nextState(work, account, String(status));
    const moved = state === undefined ? account : work.change(ACCOUNTS, String(account.id), { state }, WITH_CUSTOMER);
    if (status === 'Terminated') closeIfSettled(work, moved);
  }
  return first === undefined ? undefined : work.get(ACCOUNTS, String(first.id));
};

/** `{customerId, name}`: the customer is called differently from now on, and so are accounts that were called after them. */
export const renameCustomer: ActionHandler = (work, { customerId, name }) => {
  for (const account of work.query(ACCOUNTS, { filter: equals('relatedParty.id', customerId) }).items) {
    const parties = account.relatedParty as readonly Entity[];
    const before = parties.find(({ id }) => id === customerId)?.name;
    if (before === name) continue;
    work.change(ACCOUNTS, String(account.id), {
      relatedParty: parties.map((party) => (party.id === customerId ? { ...party, name } : party)),
      ...(account.name === before && { name }),
    });
  }
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

function nextState(work: Work, { id, state }: Entity, customerStatus: string): string | undefined {
  const has = (to: string) => ACCOUNT_LIFECYCLE.moves.some((move) => move.from === state && move.to === to);
  if (customerStatus === 'Suspended') return has('Suspended') ? 'Suspended' : undefined;
  if (customerStatus === 'Active') return state === 'Suspended' && !isHeldAlone(work, id) ? 'Active' : undefined;
  // One that was never billed has no last bill to wait for; one that waits for it already closes when that is settled.
  if (customerStatus === 'Terminated' && state !== 'Pending closed') return ['Pending closed', 'Closed'].find(has);
  return undefined;
}

function closeIfSettled(work: Work, account: Entity): Entity {
  if (account.state !== 'Pending closed' || !isSettled(account)) return account;
  return work.change(ACCOUNTS, String(account.id), { state: 'Closed' });
}

/** Arrears and a collection agency stay until nothing is overdue any more. */
function nextPaymentStatus(before: unknown, isOwed: boolean, isOverdue: unknown): unknown {
  if (!isOwed) return 'paid';
  const isStillLate = LATE.includes(String(before));
  if (isOverdue === undefined) return isStillLate ? before : 'due';
  return isOverdue === true ? (isStillLate ? before : 'in arrears') : 'due';
}

const LATE: readonly string[] = ['in arrears', 'in collection'];

/** `{id, subscriptionId}`: from today on, the subscription is billed to this account of its customer. */
export const assignSubscription: ActionHandler = (work, { id, subscriptionId }) => {
  const account = work.need(ACCOUNTS, String(id));
  const customerId = customerOf(account);
  if (account.state === 'Closed' || customerId === undefined) {
    const why = customerId === undefined ? 'it is nobody’s' : 'it is Closed';
    throw new Refusal(
      409,
      'ACCOUNT_NOT_OPEN',
      `Failed to put the subscription on the account ${String(id)}: ${why}. Choose an open account of the customer.`,
    );
  }
  const isFirst = firstAccount(work, customerId)?.id === account.id;
  work.notify('billing-account/subscription-assigned', { accountId: id, customerId, subscriptionId, isFirst });
  return { id, subscriptionId };
};

/** An account of a customer: the one named, else the first; one that is closed is charged no more. */
function accountOf(work: Work, customerId: string, accountId?: unknown): Entity | undefined {
  const named = accountId === undefined ? undefined : work.get(ACCOUNTS, String(accountId));
  if (named !== undefined && (named.state !== 'Closed' || !isSettled(named))) return named;
  return firstAccount(work, customerId);
}
