import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { type Instant, parseInstant } from '../../lib/time.ts';
import { effectiveDate, isLater } from './effective-dates.ts';
import { hardwareGroupConflict, itemsInUse, OrderInventory, withoutConflicts } from './inventory.ts';
import { shortagesFor, withoutUnlicensed } from './licences.ts';
import {
  ORDERS,
  type OrderHead,
  type OrderMessage,
  type OrderRecord,
  type OrderUser,
  RECEIVED,
  SUBSCRIBERS,
  usersOf,
} from './message.ts';
import { macdPolicy } from './policy.ts';

/** What an order may do to one of its users, or why it may do nothing. */
export type Verdict = Refused | Granted;

interface Refused {
  readonly refused: string;
}

export interface Granted {
  readonly head: OrderHead;
  readonly user: OrderUser;
  /** What could not be granted, and why. */
  readonly texts: readonly string[];
}

/** Whether an order may not touch this user at all. */
export function isRefused(verdict: Verdict): verdict is Refused {
  return 'refused' in verdict;
}

/**
 * Decides for each user of an order what it may have, before anything is done: users of one order may swap what they
 * have, as long as the order takes effect for both by the same date. `failing` are those that it is known to fail for.
 */
export function planOrder(work: Work, order: OrderMessage, failing: ReadonlySet<string>): readonly Verdict[] {
  return planWith(work, order, failing, (user, inventory) => decideFor(work, order.Order, user, inventory));
}

/** Decides it once more on the date of an order that was held, for the users whose date it is. */
export function planHeld(work: Work, order: OrderMessage): readonly Verdict[] {
  const head = order.Order;
  return planWith(work, order, new Set(), (user, inventory) =>
    isDelete(head) ? { head, user, texts: [] } : grant(work, head, user, inventory),
  );
}

type DecideFor = (user: OrderUser, inventory: OrderInventory) => Verdict;

/**
 * Whoever turns out to keep what they have, because the order is refused to them, may make others fail in turn, so this
 * is decided over until nothing changes; each turn has one fewer to give something up.
 */
function planWith(
  work: Work,
  order: OrderMessage,
  failing: ReadonlySet<string>,
  decideFor: DecideFor,
): readonly Verdict[] {
  const users = usersOf(order);
  let giving = new Map(
    users
      .filter(({ Username }) => !failing.has(Username))
      .map((user) => [user.Username, dueOf(work, order.Order, user)] as const),
  );
  for (;;) {
    const verdicts = decide(work, order, { failing, giving, decideFor });
    const keeping = new Set(
      users.flatMap(({ Username }, index) => {
        const verdict = verdicts[index];
        return verdict === undefined || isRefused(verdict) ? [Username] : [];
      }),
    );
    const still = new Map([...giving].filter(([username]) => !keeping.has(username)));
    if (still.size === giving.size) return verdicts;
    giving = still;
  }
}

interface Round {
  readonly failing: ReadonlySet<string>;
  readonly giving: ReadonlyMap<string, Instant>;
  readonly decideFor: DecideFor;
}

function decide(work: Work, order: OrderMessage, { failing, giving, decideFor }: Round): readonly Verdict[] {
  const inventory = new OrderInventory(order, giving);
  return usersOf(order).map((user): Verdict => {
    if (failing.has(user.Username)) return { refused: '' };
    const verdict = decideFor(user, inventory);
    if (isRefused(verdict) || isDelete(order.Order)) return verdict;
    const due = dueOf(work, order.Order, user);
    inventory.take(verdict.head, verdict.user, isLater(work, due) ? due : undefined);
    return verdict;
  });
}

/** What an order may do to one user, with the others of its order as the inventory has them. */
function decideFor(work: Work, head: OrderHead, user: OrderUser, inventory: OrderInventory): Verdict {
  const subscriber = work.get(SUBSCRIBERS, user.Username);
  const refused = refusalOf(head, subscriber);
  if (refused !== undefined) return { refused };
  const remarks: string[] = [];
  if (isStale(work, head, subscriber)) {
    const text = 'The message is older than the last one for this user.';
    if (macdPolicy(work).stale === 'error') return { refused: text };
    remarks.push(text);
  }
  if (isDelete(head)) return { head, user, texts: remarks };
  const granted = grant(work, head, user, inventory);
  return isRefused(granted) ? granted : { ...granted, texts: [...remarks, ...granted.texts] };
}

/** Why an order cannot be about this user at all. */
export function refusalOf(head: OrderHead, subscriber: Entity | undefined): string | undefined {
  const { Operation, Customer, Location } = head;
  const isInService = subscriber !== undefined && subscriber.activation_state !== 'Disconnected';
  // A user name is a key across customers: what one customer orders must not reach another's user.
  if (isInService && subscriber.customer !== Customer) return `The user belongs to another customer than ${Customer}.`;
  if (Operation === 'Add') return undefined;
  if (!isInService) return subscriber === undefined ? 'The user is unknown.' : 'The user has been disconnected.';
  if (Operation === 'Change' || subscriber.location === Location) return undefined;
  return `The user is at ${String(subscriber.location)}, not at ${Location}.`;
}

/** What an order may have of what it asks for, as the policy has it; else why it may have nothing. */
function grant(work: Work, head: OrderHead, user: OrderUser, inventory: OrderInventory): Verdict {
  const policy = macdPolicy(work);
  const conflicts = itemsInUse(work, head, user, inventory, dueOf(work, head, user));
  const groupConflict = hardwareGroupConflict(work, head, user);
  const inUse = [...conflicts.map(({ text }) => text), ...(groupConflict === undefined ? [] : [groupConflict])];
  const rest = withoutConflicts(user, conflicts);
  if (rest === undefined || (inUse.length > 0 && policy.inUse === 'error')) return { refused: inUse.join(' ') };
  const shortages = shortagesFor(work, policy, head.Customer, rest, inventory);
  const texts = [...inUse, ...shortages.map(({ text }) => text)];
  if (shortages.length > 0 && policy.noLicence === 'error') return { refused: texts.join(' ') };
  return {
    head: groupConflict === undefined ? head : { ...head, HardwareGroup: undefined },
    user: withoutUnlicensed(rest, shortages),
    texts,
  };
}

/** Whether a later message has been applied to the user. */
function isStale(work: Work, head: OrderHead, subscriber: Entity | undefined): boolean {
  const last = subscriber === undefined ? undefined : lastMessageTime(work, subscriber);
  return last !== undefined && timeOf(head.Timestamp) < last;
}

/** When the last message that was applied to a subscriber was written; unknown for one that no order brought. */
function lastMessageTime(work: Work, { lastMessageId }: Entity): Instant | undefined {
  const received = work.get(RECEIVED, String(lastMessageId));
  if (received === undefined) return undefined;
  const record = work.get(ORDERS, String(received.transactionId)) as OrderRecord | undefined;
  return record === undefined ? undefined : timeOf(record.order.Order.Timestamp);
}

function timeOf(timestamp: unknown): Instant {
  return (typeof timestamp === 'string' ? parseInstant(timestamp) : undefined) ?? Number.NaN;
}

/** When an order takes effect for a user; who is added has at once what they are to have. */
function dueOf(work: Work, head: OrderHead, user: OrderUser): Instant {
  const date = head.Operation === 'Add' ? undefined : effectiveDate(work, head, user);
  return Math.max(date ?? work.now, work.now);
}

/** A message without an operation, which only the deletion's schema lets pass, is one. */
function isDelete({ Operation }: OrderHead): boolean {
  return Operation !== 'Add' && Operation !== 'Change';
}
