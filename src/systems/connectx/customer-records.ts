import { allOf, equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import { addDecimals, fromMinor } from '../../lib/money.ts';
import { parseInstant } from '../../lib/time.ts';
import type { CustomerRecords, Holding } from '../../operator/customer-records.ts';
import { accountOfInvoice, amountDue, isOpen } from './billing/ledger.ts';
import { holdersOf, payerOf } from './billing/services.ts';
import { CUSTOMERS, INVOICES, SUBSCRIPTIONS } from './collections.ts';
import type { Invoice } from './entities.ts';

/** What other systems can ask this one about its customers. */
export const customerRecords: CustomerRecords = {
  nameOf(work, customerId) {
    const { companyName, firstName, lastName } = work.get(CUSTOMERS, customerId) ?? {};
    const whole =
      firstName === undefined || lastName === undefined ? undefined : `${firstName ?? ''} ${lastName ?? ''}`;
    const name = companyName ?? whole ?? firstName ?? lastName ?? '';
    return name === '' ? undefined : String(name);
  },

  customerOf: (work, customerId) => work.get(CUSTOMERS, customerId),

  findCustomer(work, references) {
    for (const reference of references) {
      if (work.get(CUSTOMERS, reference) !== undefined) return reference;
      for (const name of ['accountNumber', 'companyName']) {
        const [found] = work.query(CUSTOMERS, { filter: equals(name, reference), limit: 1 }).items;
        if (found !== undefined) return String(found.customerId);
      }
    }
    return undefined;
  },

  holdersOf,

  payerOf,

  holdingOf(work, subscriptionId) {
    const subscription = work.get(SUBSCRIPTIONS, subscriptionId);
    // What has been sold carries its currency.
    return subscription === undefined ? undefined : toHolding(subscription, '');
  },

  membershipOf(work, customerId) {
    const customer = work.get(CUSTOMERS, customerId);
    const since = parseInstant(String(customer?.createdAt));
    if (customer === undefined || since === undefined) return undefined;
    return { since, ...(customer.status === 'Terminated' && { until: parseInstant(String(customer.updatedAt)) }) };
  },

  holdingsOf(work, { number }, currency) {
    const { items } = work.query(SUBSCRIPTIONS, { filter: equals('customerId', number) });
    return items.map((item) => toHolding(item, currency));
  },

  debtOf(work, customerId, currency) {
    const { items } = work.query(INVOICES, { filter: equals('customerId', customerId) });
    const open = (items as readonly Invoice[]).filter(isOpen);
    const [known] = [
      ...open,
      ...work.query(SUBSCRIPTIONS, { filter: equals('customerId', customerId), limit: 1 }).items,
    ];
    const amount = addDecimals(...open.map((invoice) => fromMinor(amountDue(work, invoice), invoice.currency)));
    return {
      amount,
      currency: String(known?.currency ?? currency),
      isOverdue: open.some(({ status }) => status === 'Overdue'),
    };
  },

  hasOverdue(work, customerId, accountId) {
    const filter = allOf(equals('customerId', customerId), equals('status', 'Overdue'));
    const { items } = work.query(INVOICES, { filter });
    return items.some(({ invoiceId }) => accountOfInvoice(work, String(invoiceId)) === accountId);
  },

  accountOf: accountOfInvoice,
};

function toHolding(subscription: Entity, currency: string): Holding {
  return {
    subscriptionId: String(subscription.subscriptionId),
    productName: String(subscription.productName ?? subscription.productId),
    monthlyCharge: addDecimals(Number(subscription.monthlyCharge ?? 0), ...addonCharges(subscription)),
    currency: String(subscription.currency ?? currency),
    status: String(subscription.status),
    startDate: String(subscription.startDate),
    ...(typeof subscription.endDate === 'string' && { endDate: subscription.endDate }),
  };
}

function addonCharges({ addons = [] }: Entity): readonly number[] {
  return (addons as readonly Entity[]).map(({ charge }) => Number(charge ?? 0));
}
