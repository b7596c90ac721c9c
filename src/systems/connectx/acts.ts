import { allOf, equals, type Filter } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import { pick } from '../../engine/values/random.ts';
import { fromMinor } from '../../lib/money.ts';
import { toDate } from '../../lib/time.ts';
import type { Act, ActClient } from '../../operator/act.ts';
import { amountDue } from './billing/ledger.ts';
import { CUSTOMERS, INVOICES, MEANS, PRODUCTS, SUBSCRIPTIONS } from './collections.ts';
import type { Invoice } from './entities.ts';

/** What customers do with this system: more come than go, and most pay. */
export const acts: Readonly<Record<string, Act>> = {
  join: { weight: 3, operations: ['createCustomer'], perform: join },
  subscribe: { weight: 3, operations: ['createSubscription'], perform: subscribe },
  pay: { weight: 4, operations: ['updateCustomer'], perform: pay },
  fallBehind: { weight: 1, operations: ['updateCustomer'], perform: fallBehind },
  failDebit: { weight: 0.4, laterEvents: 1, perform: failDebit },
  payLate: { weight: 0.4, perform: payLate },
  leave: { weight: 1, perform: leave },
};

const PAYMENT_METHODS = ['DirectDebit', 'CreditCard', 'BankTransfer'];

function join(client: ActClient): boolean {
  const kinds = 12;
  const { type, firstName, lastName, companyName, email, phone, address } = client.newcomer(
    1 + (client.number % kinds),
  );
  const name = companyName === undefined ? { firstName, lastName } : { companyName };
  client.request('createCustomer', { body: { customerType: type, ...name, email, phone, address: { ...address } } });
  return true;
}

function subscribe(client: ActClient): boolean {
  const customer = client.pickOne(CUSTOMERS, equals('status', 'Active'));
  const sold = client.query(PRODUCTS, { filter: equals('status', 'Active') });
  const products = sold.items.filter(({ productType }) => productType !== 'Addon');
  if (customer === undefined || products.length === 0) return false;
  const { subscriptionId } = client.request('createSubscription', {
    path: { customerId: String(customer.customerId) },
    body: { productId: pick(client.random, products).productId, startDate: toDate(client.now) },
  });
  client.run('activate-subscription', { subscriptionId });
  return true;
}

function pay(client: ActClient): boolean {
  return settle(client, client.pickOne(INVOICES, isAnyOf('Overdue', 'Open')) ?? bill(client));
}

/** Somebody pays what should have been paid before. */
function payLate(client: ActClient): boolean {
  return settle(client, client.pickOne(INVOICES, isAnyOf('Overdue')));
}

/**
 * A direct debit is agreed on with whose account has not enough in it: the bank refuses the next attempt, or so many that
 * none is left.
 */
function failDebit(client: ActClient): boolean {
  const hasNone = ({ customerId }: Entity) => client.get(MEANS, String(customerId)) === undefined;
  const invoice = client.pickOne(INVOICES, isAnyOf('Open'), hasNone);
  if (invoice === undefined) return false;
  const failures = 1 + Math.floor(client.random() * MOST_FAILURES);
  const { customerId } = invoice;
  client.run('set-payment-method', { customerId, method: { type: 'DirectDebit', failures } });
  return true;
}

/** As many attempts as there are by the usual policy. */
const MOST_FAILURES = 3;

function settle(client: ActClient, invoice: Entity | undefined): boolean {
  if (invoice === undefined) return false;
  const { invoiceId, customerId, currency } = invoice;
  const amount = fromMinor(amountDue(client, invoice as Invoice), String(currency));
  client.run('record-payment', { invoiceId, amount, paymentMethod: pick(client.random, PAYMENT_METHODS) });
  const debts = allOf(equals('customerId', customerId), isAnyOf('Overdue', 'Open'));
  const { total } = client.query(INVOICES, { filter: debts, limit: 1 });
  // Whoever was put on hold by the operator comes back once nothing is owed any more.
  if (total === 0 && statusOf(client, customerId) === 'Suspended') setStatus(client, customerId, 'Active');
  return true;
}

function fallBehind(client: ActClient): boolean {
  const isActive = ({ customerId }: Entity) => statusOf(client, customerId) === 'Active';
  const debt =
    client.pickOne(INVOICES, isAnyOf('Overdue'), isActive) ??
    client.pickOne(INVOICES, isAnyOf('Open'), isActive) ??
    bill(client);
  if (debt === undefined || !isActive(debt)) return false;
  setStatus(client, debt.customerId, 'Suspended');
  return true;
}

/** Gives up one subscription, or all of them and the account. */
function leave(client: ActClient): boolean {
  const isWhole = client.random() >= 0.5;
  const leaving = client.pickOne(isWhole ? CUSTOMERS : SUBSCRIPTIONS, equals('status', 'Active'));
  if (leaving === undefined) return false;
  const { customerId, subscriptionId } = leaving;
  if (isWhole) client.run('terminate-customer', { customerId });
  else client.run('cancel-subscription', { subscriptionId });
  return true;
}

/** Bills somebody ahead of the bill day; `undefined` where there was nothing to bill. */
function bill(client: ActClient): Entity | undefined {
  const subscription = client.pickOne(SUBSCRIPTIONS, equals('status', 'Active'));
  if (subscription === undefined) return undefined;
  const { customerId } = subscription;
  client.run('run-billing', { customerId });
  return client.query(INVOICES, { filter: allOf(equals('customerId', customerId), isAnyOf('Open')), limit: 1 })
    .items[0];
}

function statusOf(client: ActClient, customerId: unknown): unknown {
  return client.get(CUSTOMERS, String(customerId))?.status;
}

function setStatus(client: ActClient, customerId: unknown, status: string): void {
  client.request('updateCustomer', { path: { customerId: String(customerId) }, body: { status } });
}

function isAnyOf(...states: readonly string[]): Filter {
  return { op: 'in', path: 'status', value: states };
}
