import type { Work } from '../engine/state/work.ts';
import type { Link } from '../engine/system.ts';
import type { SimulatorEvent } from '../model/event.ts';
import type { CustomerRecords } from './customer-records.ts';

/** A link that may ask what is known about customers, whichever system keeps them. */
export interface OperatorLink extends Omit<Link, 'follow'> {
  readonly follow: (work: Work, event: SimulatorEvent, customers: CustomerRecords) => void;
}

/**
 * Defines a link; it only exists to give the definition its type.
 *
 * @example
 * defineLink({
 *   name: 'welcome-points',
 *   channel: 'customer/created',
 *   to: 'loyalty',
 *   follow: (work, { payload }) => void work.perform('loyalty', 'open-account', payload),
 * });
 */
export function defineLink(link: OperatorLink): OperatorLink {
  return link;
}
