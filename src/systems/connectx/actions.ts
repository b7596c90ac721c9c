import { inputOf, TEXT } from '../../engine/action-input.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ActionHandler, ActionInput } from '../../engine/system.ts';
import type { Schema } from '../../model/schema.ts';
import { assignSubscription, changeBillDay, followAccount, forgetAccount } from './accounts.ts';
import { type AdjustmentRequest, adjustAccount } from './billing/adjustments.ts';
import { expectBillRun, runBilling } from './billing/bill-run.ts';
import { setPaymentMethod } from './billing/collections.ts';
import { followCreditLimit } from './billing/credit-limit.ts';
import { addCharge, type ChargeRequest } from './billing/one-off-charges.ts';
import {
  cancelInvoice,
  type PaymentRequest,
  payOutCredit,
  recordPayment,
  type TopUpRequest,
  topUp,
} from './billing/payments.ts';
import { refundPayment, reversePayment } from './billing/reversals.ts';
import { type ServicesOfHolder, setServices } from './billing/services.ts';
import { listBalances, readAccount } from './billing/statement.ts';
import { writeOffInvoice } from './billing/write-offs.ts';
import { CUSTOMERS } from './collections.ts';
import { closeCustomer, openCustomer, terminateCustomer, updateCustomer } from './customers.ts';
import { changeSubscription, type SubscriptionChange } from './plan-changes.ts';
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
  'cancel-subscription': (work, { subscriptionId, endDate }) =>
    cancelSubscription(work, String(subscriptionId), endDate as string | undefined),
  'open-customer': openCustomer,
  'update-customer': updateCustomer,
  'close-customer': byId('customerId', closeCustomer),
  'terminate-customer': byId('customerId', terminateCustomer),
  'cancel-invoice': byId('invoiceId', cancelInvoice),
  'set-services': setServicesOf,
  sell: (work, input) => {
    return sell(work, String(input.customerId), String(input.product));
  },
  'follow-account': followAccount,
  'forget-account': forgetAccount,
  'assign-subscription': assignSubscription,
  'change-bill-day': (work, { customerId, billDay }) => changeBillDay(work, String(customerId), Number(billDay)),
  'top-up': (work, input) => topUp(work, input as unknown as TopUpRequest),
  'follow-credit-limit': followCreditLimit,
  'pay-out-credit': (work, { customerId, accountId, isFirst }) => {
    const own = isFirst === true ? undefined : String(accountId);
    payOutCredit(work, String(accountId), { customerId: String(customerId), accountId: own });
  },
  'run-billing': (work, input) => {
    if (input.customerId === undefined) return { invoices: runBilling(work) };
    const customerId = String(input.customerId);
    work.need(CUSTOMERS, customerId);
    return { invoices: runBilling(work, { customerId }) };
  },
  'write-off-invoice': byId('invoiceId', writeOffInvoice),
  'refund-payment': (work, { paymentId, amount }) =>
    refundPayment(work, String(paymentId), amount as number | undefined),
  'reverse-payment': byId('paymentId', (work, id) => reversePayment(work, id, 'Reversal')),
  'charge-back-payment': byId('paymentId', (work, id) => reversePayment(work, id, 'ChargeBack')),
  'adjust-account': (work, input) => adjustAccount(work, input as unknown as AdjustmentRequest),
  'set-payment-method': (work, { customerId, method }) => {
    const means = typeof method === 'string' ? { type: method } : (method as { readonly type: string });
    return setPaymentMethod(work, String(customerId), means);
  },
  'change-plan': changeOf('plan'),
  'add-addon': changeOf('add-on'),
  'remove-addon': changeOf('no-add-on'),
  'change-price': changeOf('price'),
  'add-charge': (work, input) => addCharge(work, input as unknown as ChargeRequest),
  'read-account': byId('customerId', readAccount),
  'list-balances': listBalances,
  'record-payment': (work, input) => recordPayment(work, input as unknown as PaymentRequest),
};

const AMOUNT: Schema = { type: 'number' };
const DATE: Schema = { type: 'string', format: 'date' };
const FLAG: Schema = { type: 'boolean' };
const BILL_DAY: Schema = { type: 'integer', minimum: 1, maximum: 28 };
const CONTACT = {
  'companyName?': TEXT,
  'firstName?': TEXT,
  'lastName?': TEXT,
  'phone?': TEXT,
  'address?': { type: 'object' },
} as const;
const CHANGE = { subscriptionId: TEXT, 'effectiveDate?': DATE };
const CHARGE = { description: TEXT, 'amount?': AMOUNT, 'quantity?': AMOUNT, 'unitPrice?': AMOUNT };

/** What clients tell them. */
export const connectxInputs: Readonly<Record<string, ActionInput>> = {
  'activate-subscription': inputOf({ subscriptionId: TEXT }),
  'suspend-subscription': inputOf({ subscriptionId: TEXT }),
  'resume-subscription': inputOf({ subscriptionId: TEXT }),
  'cancel-subscription': inputOf({ subscriptionId: TEXT, 'endDate?': DATE }),
  'open-customer': inputOf({ customerType: TEXT, email: TEXT, ...CONTACT }),
  'update-customer': inputOf({ customerId: TEXT, 'customerType?': TEXT, 'email?': TEXT, ...CONTACT }),
  'close-customer': inputOf({ customerId: TEXT }),
  'terminate-customer': inputOf({ customerId: TEXT }),
  'cancel-invoice': inputOf({ invoiceId: TEXT }),
  'set-services': inputOf({ customerId: TEXT, holder: TEXT, date: TEXT, services: { type: 'array' } }),
  sell: inputOf({ customerId: TEXT, product: TEXT }),
  'run-billing': inputOf({ 'customerId?': TEXT }),
  'write-off-invoice': inputOf({ invoiceId: TEXT }),
  'refund-payment': inputOf({ paymentId: TEXT, 'amount?': AMOUNT }),
  'reverse-payment': inputOf({ paymentId: TEXT }),
  'charge-back-payment': inputOf({ paymentId: TEXT }),
  'adjust-account': inputOf({ customerId: TEXT, amount: AMOUNT, reason: TEXT }),
  'set-payment-method': (contracts) => {
    const type = { enum: ['None', ...meansOf(contracts)] };
    const failures = { type: 'integer', minimum: 0, maximum: 100 };
    const detailed = inputOf({ type, 'failures?': failures, 'reason?': TEXT });
    return inputOf({ customerId: TEXT, method: { anyOf: [type, detailed] } });
  },
  'change-plan': inputOf({ ...CHANGE, productId: TEXT }),
  'add-addon': inputOf({ ...CHANGE, addonId: TEXT }),
  'remove-addon': inputOf({ ...CHANGE, addonId: TEXT }),
  'change-price': inputOf({ ...CHANGE, monthlyCharge: AMOUNT }),
  'add-charge': { anyOf: [inputOf({ customerId: TEXT, ...CHARGE }), inputOf({ subscriptionId: TEXT, ...CHARGE })] },
  'read-account': inputOf({ customerId: TEXT }),
  'list-balances': inputOf({}),
  'follow-account': inputOf({
    accountId: TEXT,
    customerId: TEXT,
    isFirst: FLAG,
    state: TEXT,
    exemptions: { type: 'array' },
    isPrepaid: FLAG,
    'plan?': { type: 'object' },
    'payers?': {
      type: 'array',
      items: inputOf({ customerId: TEXT, 'accountId?': TEXT, 'validFor?': { type: 'object' } }),
    },
    'cycle?': inputOf({ billDay: BILL_DAY, months: { type: 'integer', minimum: 1, maximum: 12 } }),
    'isCycleKept?': FLAG,
    'isCycleNew?': FLAG,
  }),
  'forget-account': inputOf({ accountId: TEXT }),
  'assign-subscription': inputOf({ subscriptionId: TEXT, accountId: TEXT, customerId: TEXT, isFirst: FLAG }),
  'pay-out-credit': inputOf({ customerId: TEXT, accountId: TEXT, isFirst: FLAG }),
  'follow-credit-limit': inputOf({ customerId: TEXT, isExceeded: FLAG, policy: TEXT }),
  'change-bill-day': inputOf({ customerId: TEXT, billDay: BILL_DAY }),
  'top-up': (contracts) => inputOf({ customerId: TEXT, amount: AMOUNT, paymentMethod: { enum: meansOf(contracts) } }),
  'record-payment': (contracts) =>
    inputOf({ invoiceId: TEXT, amount: AMOUNT, paymentMethod: { enum: meansOf(contracts) } }),
};

/** The means of payment are the event contract's: an amount is announced with one of them. */
function meansOf(contracts: Pick<Work['registry'], 'channel'>): readonly unknown[] {
  const schema = contracts.channel('billing/payment/received').properties.get('paymentMethod');
  return typeof schema === 'object' && schema.enum !== undefined ? schema.enum : [];
}

/** A change of a running subscription, by what it is called; at once, or from a later date on. */
function changeOf(change: SubscriptionChange['change']): ActionHandler {
  return (work, { subscriptionId, effectiveDate, ...input }) => {
    const wanted = { change, ...input } as SubscriptionChange;
    return changeSubscription(work, String(subscriptionId), wanted, effectiveDate as string | undefined);
  };
}

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
