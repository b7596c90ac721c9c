import type {} from '../../model/refusal-codes.ts';

declare module '../../model/refusal-codes.ts' {
  interface RefusalCodes {
    /** The order to send cannot be sent as it is: its target, its message or its delays. Correct what is told. */
    readonly INVALID_INPUT: true;
    /** The MessageID was seen before with other content. Send the same content again, or choose another. */
    readonly MESSAGE_ID_TAKEN: true;
    /** An order has no MessageID. Give every message a key of its own. */
    readonly NO_MESSAGE_ID: true;
    /** The site is not in transition, so it cannot be released. Hold it first. */
    readonly SITE_NOT_HELD: true;
    /** As many outcomes are scripted as may be. Clear those that are used up. */
    readonly TOO_MANY_OUTCOMES: true;
  }
}
