import { allOf, equals, type Filter } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { isObject } from '../../lib/json-object.ts';
import type { Instant } from '../../lib/time.ts';
import { type OrderHead, type OrderMessage, type OrderUser, SUBSCRIBERS, usersOf } from './message.ts';

/** Something that only one user, or one site, can have at a time. */
interface Item {
  /** For example `extension 2100`. */
  readonly name: string;
  /** Where the member stands that takes it, for example `['Lines', 'DDI', '+442079460001']`. */
  readonly place: readonly [member: string, property: string, value: string];
  readonly filter: Filter;
  /** Whether it is only taken at the site of the order. */
  readonly isOfSite: boolean;
}

/** An item that an order takes although somebody else has it. */
export interface Conflict {
  readonly text: string;
  readonly place: Item['place'];
}

/** Who has what by the end of an order: those that it gives something to, and those that give something up by it. */
export class OrderInventory {
  readonly #order: OrderMessage;
  readonly #giving: ReadonlyMap<string, Instant>;
  readonly #taken = new Map<string, Owner[]>();
  readonly #users = new Map<string, Holding>();

  /** `giving` are the users that the order takes effect for, and when: from then on, what it does not leave them is free. */
  constructor(order: OrderMessage, giving: ReadonlyMap<string, Instant>) {
    this.#order = order;
    this.#giving = giving;
  }

  /** Notes what the order gives to a user, now or `from` a later date on. */
  take(head: OrderHead, user: OrderUser, from?: Instant): void {
    const owner = { username: user.Username, customer: head.Customer, location: head.Location, from };
    if (from === undefined) this.#users.set(user.Username, { customer: head.Customer, user });
    for (const { place } of itemsOf(user)) {
      const key = place.join('/');
      this.#taken.set(key, [...(this.#taken.get(key) ?? []), owner]);
    }
  }

  /** Those to whom the order has given an item by a date. */
  takersOf(place: Item['place'], by: Instant): readonly Owner[] {
    const takers = this.#taken.get(place.join('/')) ?? [];
    return takers.filter(({ from = by }) => from <= by);
  }

  /** Whether a user has no longer by a date, because the order has taken effect, what they have now. */
  isGivenUp(username: string, [member, property, value]: Item['place'], by: Instant): boolean {
    const { Operation } = this.#order.Order;
    const since = this.#giving.get(username);
    if (Operation === 'Add' || since === undefined || since > by) return false;
    const entries = usersOf(this.#order).filter(({ Username }) => Username === username);
    return !entries.some((user) => entriesOf(user[member]).some((entry) => entry[property] === value));
  }

  /** What users have now that the order has taken effect, of those that it has given something so far. */
  get users(): ReadonlyMap<string, Holding> {
    return this.#users;
  }
}

interface Owner {
  readonly username: string;
  readonly customer: unknown;
  readonly location: unknown;
  /** Absent for what somebody has now. */
  readonly from?: Instant | undefined;
}

interface Holding {
  readonly customer: string;
  readonly user: OrderUser;
}

/**
 * What a user of an order would take from others on the date that the order is for: a line's number anywhere, an
 * extension at the same site, a device, a mobile number. Users of the same order may swap: what its owner gives up there
 * by that date is free.
 */
export function itemsInUse(
  work: Work,
  head: OrderHead,
  user: OrderUser,
  inventory: OrderInventory,
  by: Instant,
): readonly Conflict[] {
  return itemsOf(user).flatMap(({ name, place, filter, isOfSite }) => {
    // By the value alone, which an index finds; few have it.
    const { items } = work.query(SUBSCRIBERS, { filter });
    const present = items
      .filter(({ activation_state }) => activation_state !== 'Disconnected')
      .map(({ username, customer, location }): Owner => ({ username: String(username), customer, location }))
      .filter(({ username }) => !inventory.isGivenUp(username, place, by));
    const owner = [...present, ...inventory.takersOf(place, by)]
      .filter(({ customer, location }) => !isOfSite || (customer === head.Customer && location === head.Location))
      .find(({ username }) => username !== user.Username);
    return owner === undefined ? [] : [{ text: `The ${name} belongs to ${owner.username}.`, place }];
  });
}

/** What keeps an order from its hardware group: a site has one, and no other site has the same. */
export function hardwareGroupConflict(work: Work, head: OrderHead, user: OrderUser): string | undefined {
  const { Customer: customer, Location: location, HardwareGroup: group } = head;
  if (typeof group !== 'string' || group === '') return undefined;
  const usersWith = (filter: Filter) =>
    work
      .query(SUBSCRIBERS, { filter })
      .items.filter(
        ({ username, activation_state }) => username !== user.Username && activation_state !== 'Disconnected',
      );
  const elsewhere = usersWith(equals('hardwareGroup', group)).find(
    (other) => other.customer !== customer || other.location !== location,
  );
  if (elsewhere !== undefined) {
    return `The hardware group ${group} belongs to ${String(elsewhere.customer)} at ${String(elsewhere.location)}.`;
  }
  const here = usersWith(allOf(equals('customer', customer), equals('location', location)) as Filter).find(
    ({ hardwareGroup }) => typeof hardwareGroup === 'string' && hardwareGroup !== group,
  );
  return here === undefined ? undefined : `${location} has the hardware group ${String(here.hardwareGroup)}.`;
}

/** The user without what belongs to others; `undefined` where no line would be left, which no user can be without. */
export function withoutConflicts(user: OrderUser, conflicts: readonly Conflict[]): OrderUser | undefined {
  const without = { ...user } as Record<string, unknown>;
  for (const { place } of conflicts) {
    const [member, property, value] = place;
    const isMeant = (entry: Entity) => entry[property] === value;
    const entries = entriesOf(without[member]);
    const left =
      property === 'DDI'
        ? entries.map(({ DDI, ...line }) => (DDI === value ? line : { ...line, ...(DDI !== undefined && { DDI }) }))
        : entries.filter((entry) => !isMeant(entry));
    if (left.length > 0) without[member] = left;
    else if (member === 'Lines') return undefined;
    else delete without[member];
  }
  return without as OrderUser;
}

/** Users that hold what they have: those who were disconnected have given it back. */
export const IN_SERVICE: Filter = { op: 'ne', path: 'activation_state', value: 'Disconnected' };

/** Lists of a user, the property that names an entry, what it is called, and whether it is only one site's. */
const KINDS = [
  { member: 'Lines', property: 'DDI', name: 'number', isOfSite: false },
  { member: 'Lines', property: 'ExtensionNumber', name: 'extension', isOfSite: true },
  { member: 'Devices', property: 'Name', name: 'device', isOfSite: false },
  { member: 'FMC', property: 'MobileNumber', name: 'mobile number', isOfSite: false },
] as const;

function itemsOf(user: OrderUser): readonly Item[] {
  return KINDS.flatMap(({ member, property, name, isOfSite }) =>
    entriesOf(user[member]).flatMap((entry) => {
      const value = entry[property];
      if (typeof value !== 'string' || value === '') return [];
      const filter = equals(`user.${member}.${property}`, value);
      return [{ name: `${name} ${value}`, place: [member, property, value], filter, isOfSite } satisfies Item];
    }),
  );
}

function entriesOf(list: unknown): readonly Entity[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
