/** The collections of this system. */
export const ACCOUNTS = 'billing-account/BillingAccount';
/** By account: those with another cycle that waits for the next bill day, Pending update or suspended meanwhile. */
export const WAITING_CYCLES = 'billing-account/$waitingCycles';
export const LISTENERS = 'billing-account/EventSubscription';
