import { TEXT } from '../../engine/action-input.ts';
import { allOf, equals } from '../../engine/state/store/filter.ts';
import type { ReadWork, Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { Refusal } from '../../model/command.ts';
import type { Schema } from '../../model/schema.ts';
import { SUBSCRIBERS } from './message.ts';

/** A customer's place, as orders name it. */
export interface Site {
  readonly customer: string;
  readonly location: string;
}

/**
 * The action `hold-site` `{customer, location}`: the site is in transition, as when its telephones are being moved in.
 * Users who are added there wait until it is released; those who are live already stay so.
 */
export const holdSite: ActionHandler = (work, input) => {
  const site = input as unknown as Site;
  work.put(SITES, keyOf(site), { ...site, since: work.nowText });
  return { ...site, inTransition: true };
};

/**
 * The action `release-site` `{customer, location}`: who waits there goes live, on the day of the release or, where that
 * is later, on the day of their order. Returns the names of those who waited.
 */
export function releaseSite(goLive: (work: Work, username: string) => void): ActionHandler {
  return (work, input) => {
    const site = input as unknown as Site;
    if (!work.delete(SITES, keyOf(site))) {
      throw new Refusal(
        409,
        'SITE_NOT_HELD',
        `Failed to release the site: ${site.location} of ${site.customer} is not in transition. Hold it first.`,
      );
    }
    const { items } = work.query(SUBSCRIBERS, {
      filter: allOf(
        equals('activation_state', 'Scheduled'),
        equals('customer', site.customer),
        equals('location', site.location),
      ),
    });
    const released = items.map(({ username }) => String(username));
    for (const username of released) goLive(work, username);
    return { ...site, inTransition: false, released };
  };
}

/** Whether a site holds its users back. */
export function isInTransition(work: ReadWork, site: Site): boolean {
  return work.get(SITES, keyOf(site)) !== undefined;
}

/** By customer and location. */
const SITES = 'macd/$sitesInTransition';

/** What `hold-site` and `release-site` take. */
export const SITE_INPUT: Schema = {
  type: 'object',
  required: ['customer', 'location'],
  properties: { customer: TEXT, location: TEXT },
  additionalProperties: false,
};

function keyOf({ customer, location }: Site): string {
  return JSON.stringify([customer, location]);
}
