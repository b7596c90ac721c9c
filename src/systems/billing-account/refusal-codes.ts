import type {} from '../../model/refusal-codes.ts';

declare module '../../model/refusal-codes.ts' {
  interface RefusalCodes {
    /** Nothing can be put on an account that is closed, or that is not the customer’s. Choose an open one. */
    readonly ACCOUNT_NOT_OPEN: true;
    /**
     * Something is owed on the account (`owed`). Settle it first, for example by the action
     * `connectx/record-payment`.
     */
    readonly AMOUNT_OWED: true;
    /**
     * What is owed comes from bills and payments, and cannot be written. Leave it out, or use
     * `connectx/adjust-account`.
     */
    readonly BALANCE_KEPT: true;
    /** A property that cannot change once it is set. Leave it out. */
    readonly IMMUTABLE: true;
    /** `offset` and `limit` must not be negative. */
    readonly INVALID_PAGE: true;
    /** The account would relate to what it cannot. Correct what `errors` lists. */
    readonly INVALID_RELATIONSHIP: true;
    /** The account and what is put on it, or who it is given to, are of different customers. Choose one of the same. */
    readonly OTHER_CUSTOMER: true;
    /** Other accounts relate to the account that is to be deleted. Remove the relationship there first. */
    readonly RELATED: true;
    /** An account cannot be opened in this state. The message lists those of its life cycle. */
    readonly UNKNOWN_STATE: true;
  }
}
