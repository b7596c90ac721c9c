import { defineSystem } from '../../operator/system.ts';
import { connectxActions, connectxInputs } from './actions.ts';
import { acts } from './acts.ts';
import { followBillDay, runBilling, scheduleBillRun } from './billing/bill-run.ts';
import { dunningTimers } from './billing/dunning.ts';
import { invoiceRules } from './billing/invoices.ts';
import { payByHabit } from './billing/payments.ts';
import { BILLING_POLICIES } from './billing/policy.ts';
import { customerRecords } from './customer-records.ts';
import { customerRules } from './customers.ts';
import { seedConnectx } from './seed.ts';
import { activateDue, activateOnStart, subscriptionRules } from './subscriptions.ts';

/** The operator's BSS: what happens between the requests and events that its contracts describe. */
export const system = defineSystem({
  name: 'connectx',
  needs: {
    resources: {
      Customer: ['customerId', 'customerType', 'status'],
      Subscription: ['subscriptionId', 'customerId', 'productId', 'status', 'startDate', 'monthlyCharge', 'currency'],
      Invoice: ['invoiceId', 'invoiceNumber', 'customerId', 'status', 'dueDate', 'totalAmount', 'currency'],
      Product: ['productId', 'productName', 'monthlyPrice', 'currency'],
    },
  },
  resources: {
    Customer: customerRules,
    Subscription: subscriptionRules,
    Invoice: invoiceRules,
  },
  actions: connectxActions,
  policies: BILLING_POLICIES,
  policiesChanged: followBillDay,
  inputs: connectxInputs,
  timers: {
    ...dunningTimers,
    activate: activateOnStart,
    pay: payByHabit,
    'bill-run': (work) => {
      activateDue(work);
      runBilling(work);
      scheduleBillRun(work);
    },
  },
  seed: seedConnectx,
  customers: customerRecords,
  acts,
});
