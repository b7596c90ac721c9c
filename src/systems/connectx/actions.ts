import { requireInput, TEXT } from '../../engine/action-input.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { runBilling } from './billing/bill-run.ts';
import { cancelInvoice, type PaymentRequest, recordPayment } from './billing/payments.ts';
import { setTaxExemption } from './billing/tax-exemptions.ts';
import { CUSTOMERS } from './collections.ts';
import { terminateCustomer } from './customers.ts';
import { activateSubscription, cancelSubscription, resumeSubscription, suspendSubscription } from './subscriptions.ts';

/** What a BSS can be asked for that its contract has no operation for. */
export const connectxActions: Readonly<Record<string, ActionHandler>> = {
  'activate-subscription': byId('subscriptionId', activateSubscription),
  'suspend-subscription': byId('subscriptionId', suspendSubscription),
  'resume-subscription': byId('subscriptionId', resumeSubscription),
  'cancel-subscription': byId('subscriptionId', cancelSubscription),
  'terminate-customer': byId('customerId', terminateCustomer),
  'cancel-invoice': byId('invoiceId', cancelInvoice),
  'set-tax-exemption': setTaxExemption,
  'run-billing': (work, input) => {
    if (input.customerId === undefined) return { invoices: runBilling(work) };
    requireInput(work, input, { customerId: TEXT });
    const customerId = String(input.customerId);
    work.need(CUSTOMERS, customerId);
    return { invoices: runBilling(work, customerId) };
  },
  'record-payment': (work, input) => {
    // The means of payment are the event contract's: an amount is announced with one of them.
    const means = work.registry.channel('billing/payment/received').properties.get('paymentMethod') ?? TEXT;
    requireInput(work, input, { invoiceId: TEXT, amount: { type: 'number' }, paymentMethod: means });
    return recordPayment(work, input as unknown as PaymentRequest);
  },
};

/** An action on one thing, named by its id. */
function byId(name: string, run: (work: Work, id: string) => unknown): ActionHandler {
  return (work, input) => {
    requireInput(work, input, { [name]: TEXT });
    return run(work, String(input[name]));
  };
}
