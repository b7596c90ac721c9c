import { inputOf, TEXT } from '../../engine/action-input.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler, ActionInput } from '../../engine/system.ts';
import { expectBillRun, runBilling } from './billing/bill-run.ts';
import { addCharges } from './billing/charges.ts';
import { cancelInvoice, type PaymentRequest, recordPayment } from './billing/payments.ts';
import { type ServicesOfHolder, setServices } from './billing/services.ts';
import { setTaxExemption } from './billing/tax-exemptions.ts';
import { CUSTOMERS, SUBSCRIPTIONS } from './collections.ts';
import { terminateCustomer } from './customers.ts';
import type { LineItem, Subscription } from './entities.ts';
import {
  activateSubscription,
  cancelSubscription,
  resumeSubscription,
  sell,
  suspendSubscription,
} from './subscriptions.ts';

/** What a BSS can be asked for that its contract has no operation for. */
export const connectxActions: Readonly<Record<string, ActionHandler>> = {
  'activate-subscription': byId('subscriptionId', activateSubscription),
  'suspend-subscription': byId('subscriptionId', suspendSubscription),
  'resume-subscription': byId('subscriptionId', resumeSubscription),
  'cancel-subscription': byId('subscriptionId', cancelSubscription),
  'terminate-customer': byId('customerId', terminateCustomer),
  'cancel-invoice': byId('invoiceId', cancelInvoice),
  'set-tax-exemption': setTaxExemption,
  'set-services': setServicesOf,
  'charge-usage': chargeUsage,
  sell: (work, input) => {
    return sell(work, String(input.customerId), String(input.product));
  },
  'run-billing': (work, input) => {
    if (input.customerId === undefined) return { invoices: runBilling(work) };
    const customerId = String(input.customerId);
    work.need(CUSTOMERS, customerId);
    return { invoices: runBilling(work, customerId) };
  },
  'record-payment': (work, input) => recordPayment(work, input as unknown as PaymentRequest),
};

/** What clients tell them. */
export const connectxInputs: Readonly<Record<string, ActionInput>> = {
  'activate-subscription': inputOf({ subscriptionId: TEXT }),
  'suspend-subscription': inputOf({ subscriptionId: TEXT }),
  'resume-subscription': inputOf({ subscriptionId: TEXT }),
  'cancel-subscription': inputOf({ subscriptionId: TEXT }),
  'terminate-customer': inputOf({ customerId: TEXT }),
  'cancel-invoice': inputOf({ invoiceId: TEXT }),
  'set-tax-exemption': inputOf({ customerId: TEXT, accountId: TEXT, exemptions: { type: 'array' } }),
  'set-services': inputOf({ customerId: TEXT, holder: TEXT, date: TEXT, services: { type: 'array' } }),
  'charge-usage': inputOf({ subscriptionId: TEXT, charges: { type: 'array' }, 'isOver?': { type: 'boolean' } }),
  sell: inputOf({ customerId: TEXT, product: TEXT }),
  'run-billing': inputOf({ 'customerId?': TEXT }),
  'record-payment': (contracts) => {
    // The means of payment are the event contract's: an amount is announced with one of them.
    const means = contracts.channel('billing/payment/received').properties.get('paymentMethod') ?? TEXT;
    return inputOf({ invoiceId: TEXT, amount: { type: 'number' }, paymentMethod: means });
  },
};

/** An action on one thing, named by its id. */
function byId(name: string, run: (work: Work, id: string) => unknown): ActionHandler {
  return (work, input) => run(work, String(input[name]));
}

/** `{customerId, holder, date, services: [{kind, name, count, price}]}`: what a holder is charged for from a date on. */
function setServicesOf(...[work, input]: Parameters<ActionHandler>): { holder: unknown } {
  setServices(work, input as unknown as ServicesOfHolder);
  expectBillRun(work);
  return { holder: input.holder };
}

/** `{subscriptionId, charges: [{description, quantity, unitPrice, amount}], isOver?}`: what was used, on the next bill or, of one that is over, at once. */
function chargeUsage(...[work, input]: Parameters<ActionHandler>): { customerId: string } {
  const { customerId, currency } = work.need(SUBSCRIPTIONS, String(input.subscriptionId)) as Subscription;
  const lineItems = (input.charges as readonly LineItem[]).map(({ description, quantity, unitPrice, amount }) => ({
    description,
    quantity,
    unitPrice,
    amount,
  }));
  addCharges(work, { customerId, currency }, lineItems);
  if (input.isOver === true) runBilling(work, customerId);
  return { customerId };
}
