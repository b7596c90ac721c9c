import { allOf, equals, type Filter } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { ReadWork } from '../../engine/state/work.ts';
import { IN_SERVICE, type OrderInventory } from './inventory.ts';
import { type OrderUser, SUBSCRIBERS } from './message.ts';
import type { LicenceKind, MacdPolicy } from './policy.ts';

/** A kind of licence of which a customer has none left for a user. */
export interface Shortage {
  readonly kind: LicenceKind;
  readonly text: string;
}

/** The licences that a user of an order would take and that are not there; what the user has already is theirs. */
export function shortagesFor(
  work: ReadWork,
  policy: MacdPolicy,
  customer: string,
  user: OrderUser,
  inventory: Pick<OrderInventory, 'users'>,
): readonly Shortage[] {
  const licences = policy.licences[customer] ?? policy.licences['*'];
  if (licences === undefined) return [];
  const { items } = work.query(SUBSCRIBERS, { filter: allOf(equals('customer', customer), IN_SERVICE) as Filter });
  // Who has been given something by the same order has that, not what they had before.
  const present = items.filter(({ username }) => !inventory.users.has(String(username)));
  const given = [...inventory.users].filter(([, holding]) => holding.customer === customer);
  const others = [
    ...present.map(({ username, ...other }) => [String(username), other.user as Entity] as const),
    ...given.map(([username, holding]) => [username, holding.user] as const),
  ].flatMap(([username, other]) => (username === user.Username ? [] : [other]));
  return (Object.entries(licences) as [LicenceKind, number][]).flatMap(([kind, owned]) => {
    const wanted = needOf(kind, user);
    const taken = others.reduce((sum, other) => sum + needOf(kind, other), 0);
    if (wanted === 0 || taken + wanted <= owned) return [];
    return [{ kind, text: `${customer} has no ${kind} licence left: ${taken} of ${owned} are taken.` }];
  });
}

/** The user without the services that no licence is left for. */
export function withoutUnlicensed(user: OrderUser, shortages: readonly Shortage[]): OrderUser {
  const kinds = new Set(shortages.map(({ kind }) => kind));
  const { FMC, ...rest } = user;
  return {
    ...rest,
    ...(FMC !== undefined && !kinds.has('mobile') && { FMC }),
    ...(kinds.has('voicemail') && { EndUserVoicemail: false }),
  } as OrderUser;
}

function needOf(kind: LicenceKind, user: Entity): number {
  if (kind === 'user') return 1;
  if (kind === 'voicemail') return user.EndUserVoicemail === true ? 1 : 0;
  return Array.isArray(user.FMC) ? user.FMC.length : 0;
}
