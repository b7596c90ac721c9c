import { defineSystem } from '../../operator/system.ts';
import { connectxActions, connectxInputs } from './actions.ts';
import { acts } from './acts.ts';
import {
  billPortion,
  followBillDay,
  forgetLastDays,
  runBillDay,
  scheduleBillRun,
  scheduleOwnBillRuns,
} from './billing/bill-run.ts';
import { collect } from './billing/collections.ts';
import { dunningTimers } from './billing/dunning-steps.ts';
import { invoiceRules } from './billing/invoices.ts';
import { payByHabit } from './billing/payment-habits.ts';
import { BILLING_POLICIES } from './billing/policy.ts';
import { customerRecords } from './customer-records.ts';
import { customerRules } from './customers.ts';
import { applyScheduledChange } from './plan-changes.ts';
import type {} from './refusal-codes.ts';
import { seedConnectx } from './seed.ts';
import { activateDue, activateOnStart, cancelOnDate, subscriptionRules } from './subscriptions.ts';

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
    change: applyScheduledChange,
    cancel: cancelOnDate,
    pay: payByHabit,
    collect,
    'bill-run': (work, { billDay }) => {
      activateDue(work);
      runBillDay(work);
      forgetLastDays(work);
      if (billDay === undefined) scheduleBillRun(work);
      else scheduleOwnBillRuns(work);
    },
    'bill-portion': billPortion,
  },
  seed: seedConnectx,
  customers: customerRecords,
  acts,
});
