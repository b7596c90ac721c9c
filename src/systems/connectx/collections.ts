/** The collections of this system: resources by the names the contract gives them, bookkeeping with a `$`. */
export const CUSTOMERS = 'connectx/Customer';
export const SUBSCRIPTIONS = 'connectx/Subscription';
export const INVOICES = 'connectx/Invoice';
export const PRODUCTS = 'connectx/Product';

/** By subscription that has begun: `from` its activation `until` which day, not included, it has been billed. */
export const BILLED = 'connectx/$billed';
/** By subscription: who put it on hold, so that only what went with the customer comes back with the customer. */
export const HOLDS = 'connectx/$holds';
/** By invoice: what is left to pay, once part of it has been paid. */
export const BALANCES = 'connectx/$balances';
/** By subscription that has ended: the last day that it was charged for, until a day has passed on which it could be replaced. */
export const LAST_DAYS = 'connectx/$lastDays';
/** Line items that wait for the customer's next bill. */
export const CHARGES = 'connectx/$charges';
/** By billing account: what its customer need not pay tax by. */
export const EXEMPTIONS = 'connectx/$exemptions';
/** By refund. */
export const REFUNDS = 'connectx/$refunds';
/** By customer and currency: what the operator owes. */
export const CREDITS = 'connectx/$credits';
/** By payment. */
export const PAYMENTS = 'connectx/$payments';
/** By customer: that it is suspended because of a debt, and which. */
export const DEBTS = 'connectx/$debts';
/** By customer: how it pays by itself. Customers made by REST have none. */
export const HABITS = 'connectx/$habits';
/** One entry: the next bill day that a timer waits for. */
export const CALENDAR = 'connectx/$calendar';
/** By customer, holder and kind: what is charged by the month beside subscriptions, such as the lines of telephone users. */
export const SERVICES = 'connectx/$services';
