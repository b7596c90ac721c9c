import type { Entity } from '../../engine/state/store/store.ts';
import { isObject } from '../../lib/json-object.ts';

/** An order as it stands on the wire: what the schemas leave open is `unknown` here. */
export interface OrderMessage {
  readonly Order: OrderHead;
  readonly User?: readonly unknown[];
}

export interface OrderHead extends Entity {
  readonly MessageID: string;
  readonly CallbackURL?: string;
  readonly Operation?: 'Add' | 'Change' | 'Delete';
  readonly Customer: string;
  readonly Location: string;
  readonly HardwareGroup?: string;
}

/** A user of an order that has the shape of one. */
export interface OrderUser extends Entity {
  readonly Username: string;
}

/** What is reported of one stage, without the wrapper. */
export interface Response extends Entity {
  readonly MessageID: string;
  readonly Stage: string;
  readonly Status: string;
}

/** The tracking record of an order. */
export interface OrderRecord extends Entity {
  readonly transactionId: string;
  readonly transactionSeqId: string;
  readonly state: string;
  readonly order: OrderMessage;
  readonly callbacks?: readonly Response[];
}

/** Keyed by transaction: the order that VOSS sent and the same order received are two records. */
export const ORDERS = 'macd/OrderRecord';
/** Users, by name, the disconnected ones included. */
export const SUBSCRIBERS = 'macd/Subscriber';
/** MessageID of an order that was received to its record. */
export const RECEIVED = 'macd/$received';
/** MessageID of an order that was sent from here to its record. */
export const SENT = 'macd/$sent';

/** The users of a message that are objects with a name; the schema lets others pass. */
export function usersOf(message: OrderMessage): readonly OrderUser[] {
  // A message that breaks its schema may have anything there.
  return Array.isArray(message.User) ? message.User.filter(isOrderUser) : [];
}

/** Whether a member of `User` can be worked with. */
export function isOrderUser(user: unknown): user is OrderUser {
  return isObject(user) && typeof user.Username === 'string' && user.Username !== '';
}

/** The merge patch that puts `after` in the place of `before`, members that it lacks included. */
export function replacement(before: unknown, after: Entity): Entity {
  const patch: Record<string, unknown> = {};
  if (isObject(before)) for (const name of Object.keys(before)) if (after[name] === undefined) patch[name] = null;
  for (const [name, value] of Object.entries(after)) {
    const known = isObject(before) ? before[name] : undefined;
    patch[name] = isObject(value) ? replacement(known, value) : value;
  }
  return patch;
}
