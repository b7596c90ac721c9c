/** The collections of this system. */
export const ACCOUNTS = 'billing-account/BillingAccount';
export const LISTENERS = 'billing-account/EventSubscription';
