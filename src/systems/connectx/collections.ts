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
/** By invoice that is paid in parts: the parts. */
export const INSTALMENTS = 'connectx/$instalments';
/** By subscription that has ended: the last day that it was charged for, until a day has passed on which it could be replaced. */
export const LAST_DAYS = 'connectx/$lastDays';
/** Line items that wait for the customer's next bill. */
export const CHARGES = 'connectx/$charges';
/** By billing account that says more than the usual: what of it billing has to know. */
export const ACCOUNT_TERMS = 'connectx/$accountTerms';
/** By subscription that is on another account than its customer's first: which. */
export const ON_ACCOUNT = 'connectx/$onAccount';
/** By subscription that is on hold because its account is suspended: which account. */
export const ACCOUNT_HOLDS = 'connectx/$accountHolds';
/** By customer who has asked for a bill day of their own: which. */
export const CYCLES = 'connectx/$cycles';
/** By customer whose account is above its credit limit: what follows from it. */
export const LIMITS = 'connectx/$limits';
/** By invoice: the account that it is owed on, where that is not the customer's first. */
export const INVOICE_ACCOUNTS = 'connectx/$invoiceAccounts';
/** What was paid back, on request or because the customer has left. */
export const REFUNDS = 'connectx/$refunds';
/** Payments that turned out to be none, by error or because the bank or card issuer took them back. */
export const REVERSALS = 'connectx/$reversals';
/** Notes that put an account right. */
export const ADJUSTMENTS = 'connectx/$adjustments';
/** Invoices that nobody expects to be paid any more, with what of them is lost. */
export const WRITE_OFFS = 'connectx/$writeOffs';
/** By customer: the means of payment on file. */
export const MEANS = 'connectx/$means';
/** Attempts to collect what is due by the means on file. */
export const COLLECTIONS = 'connectx/$collections';
/** By credit note: what of a customer's money has paid nothing yet. */
export const CREDITS = 'connectx/$credits';
/** By payment. */
export const PAYMENTS = 'connectx/$payments';
/** By customer: that it is restricted because of a debt, and since when. */
export const RESTRICTIONS = 'connectx/$restrictions';
/** Steps of dunning that were taken. */
export const DUNNING = 'connectx/$dunning';
/** By customer: that it is suspended because of a debt, and which. */
export const DEBTS = 'connectx/$debts';
/** By customer: how it pays by itself. Customers made by REST have none. */
export const HABITS = 'connectx/$habits';
/** One entry: the next bill day that a timer waits for. */
export const CALENDAR = 'connectx/$calendar';
/** By customer, holder and kind: what is charged by the month beside subscriptions, such as the lines of telephone users. */
export const SERVICES = 'connectx/$services';
/** By customer: until which day those have been billed that do not say so themselves. */
export const SERVICES_BILLED = 'connectx/$servicesBilled';
