import type { ErrorFacts } from '../../engine/system.ts';
import { defineSystem } from '../../operator/system.ts';
import { acceptNotice, accountRules, listBillingAccount } from './accounts.ts';
import {
  accountInputs,
  applyAmount,
  assignSubscription,
  followCustomer,
  markInArrears,
  note,
  openAccount,
  renameCustomer,
  setDefaultPaymentMethod,
  setPaymentStatus,
  setState,
} from './actions.ts';
import { listenerRules } from './hub.ts';
import { takeEffect } from './pending-update.ts';
import { ACCOUNT_POLICIES } from './policy.ts';
import { RECONCILE_INPUT, reconcile } from './reconcile.ts';
import type {} from './refusal-codes.ts';
import { seedBillingAccounts } from './seed.ts';

/** TM Forum billing accounts, their notifications and the hub where listeners register for them. */
export const system = defineSystem({
  name: 'billing-account',
  needs: { resources: { BillingAccount: ['id', 'state', 'relatedParty'] } },
  resources: { BillingAccount: accountRules, EventSubscription: listenerRules },
  reads: { listBillingAccount },
  operations: {
    listenToBillingAccountAttributeValueChangeEvent: acceptNotice,
    listenToBillingAccountStateChangeEvent: acceptNotice,
  },
  inputs: { ...accountInputs, reconcile: RECONCILE_INPUT },
  actions: {
    'set-state': setState,
    'set-payment-status': setPaymentStatus,
    'open-account': openAccount,
    'apply-amount': applyAmount,
    'mark-in-arrears': markInArrears,
    note,
    'assign-subscription': assignSubscription,
    'set-payment-method': setDefaultPaymentMethod,
    'follow-customer': followCustomer,
    'rename-customer': renameCustomer,
    reconcile,
  },
  policies: ACCOUNT_POLICIES,
  timers: { 'take-effect': takeEffect },
  errorBody,
  seed: seedBillingAccounts,
  seedsAfter: ['connectx'],
});

/** TMF630's error; here the status is a text. */
function errorBody({ status, code, message, violations, details }: ErrorFacts) {
  return {
    '@type': 'Error',
    code,
    reason: message.replace(/^Failed to /, 'Cannot ').split('. ')[0],
    message,
    status: String(status),
    ...(violations.length > 0 && { errors: violations }),
    ...details,
  };
}
