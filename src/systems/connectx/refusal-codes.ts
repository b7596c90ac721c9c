import type {} from '../../model/refusal-codes.ts';

declare module '../../model/refusal-codes.ts' {
  interface RefusalCodes {
    /**
     * No currency or tax rate is known for the country of the customer. Add one to the policies `connectx.currencies`
     * or `connectx.taxRates`.
     */
    readonly COUNTRY_NOT_SERVED: true;
    /**
     * The customer owes more than the credit limit of their billing account. Record a payment first, or raise the
     * limit.
     */
    readonly CREDIT_LIMIT_EXCEEDED: true;
    /** Only an active customer can start, resume or change a service. Settle what is overdue, or lift the hold. */
    readonly CUSTOMER_NOT_ACTIVE: true;
    /** Only an Open or Overdue invoice can be written off. */
    readonly INVOICE_NOT_OPEN: true;
    /** Only an Open or Overdue invoice can be paid. */
    readonly INVOICE_NOT_PAYABLE: true;
    /**
     * The product has no price in the customer’s currency. Add one to the policy `connectx.prices`, or choose
     * another.
     */
    readonly NO_PRICE: true;
    /** Less of the payment is left (`remaining`) than is asked for. Ask for at most that. */
    readonly PAYMENT_EXHAUSTED: true;
    /** The amount is more than is left on the invoice (`remaining`). Pay at most that. */
    readonly PAYMENT_TOO_HIGH: true;
    /** The product is no longer sold. Choose an active one. */
    readonly PRODUCT_DISCONTINUED: true;
    /** The subscription is cancelled, which is final. Order anew. */
    readonly SUBSCRIPTION_ENDED: true;
  }
}
