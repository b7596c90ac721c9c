import type {} from '../../model/refusal-codes.ts';

declare module '../../model/refusal-codes.ts' {
  interface RefusalCodes {
    /** Only an administrator may search by the vendor’s id. Use an administrator’s token. */
    readonly FORBIDDEN: true;
    /** Members of a resource are not what its type says. Correct those that are named. */
    readonly INVALID_RESOURCE: true;
    /** Others depend on the resource. Delete those first. */
    readonly IN_USE: true;
    /** An order must be for the account of a customer, and for something that is sold. */
    readonly NOT_SOLD: true;
    /** Usage was reported for subscriptions that are not there. Leave them out, and report the rest again. */
    readonly UNKNOWN_SUBSCRIPTIONS: true;
    /** The resource is of a type that has no such operation. Call it on one of the type that is named. */
    readonly WRONG_TYPE: true;
  }
}
