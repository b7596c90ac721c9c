import type { Contract } from '../../model/contract.ts';
import type { Announcement } from '../../model/resource.ts';
import { isNameOf } from './words.ts';

/**
 * Channels that name the thing in one segment and in the last what became of it.
 *
 * @example announcementsOf('Order', contract); // [{ on: 'created', channel: 'sales/orders/created' }]
 */
export function announcementsOf(name: string, contract: Contract): Announcement[] {
  return contract.channels.flatMap((channel): Announcement[] => {
    const segments = channel.address.split(/[/.]/);
    const last = segments.at(-1) ?? '';
    const stem = CHANGES.find(({ pattern }) => pattern.test(last));
    const isSent = channel.direction === 'send' && segments.slice(0, -1).some((segment) => isNameOf(segment, name));
    return stem !== undefined && isSent ? [{ on: stem.on, channel: channel.address }] : [];
  });
}

const CHANGES: readonly { on: Announcement['on']; pattern: RegExp }[] = [
  { on: 'created', pattern: /^creat/i },
  { on: 'updated', pattern: /^(updat|chang|modif)/i },
  { on: 'deleted', pattern: /^(delet|remov)/i },
];
