import type { Contract } from '../../model/contract.ts';
import type { Announcement } from '../../model/resource.ts';
import { isNameOf, wordsOf } from './words.ts';

/**
 * Channels that name the thing in one segment and in the last what became of it.
 *
 * @example announcementsOf('Order', contract); // [{ on: 'created', channel: 'sales/orders/created' }]
 */
export function announcementsOf(name: string, contract: Contract): Announcement[] {
  return contract.channels.flatMap((channel): Announcement[] => {
    const segments = channel.address.split(/[/.]/);
    const last = segments.at(-1) ?? '';
    if (segments.length === 1 && channel.direction === 'send') return announcementIn(channel.address, name);
    const stem = CHANGES.find(({ pattern }) => pattern.test(last));
    const isSent = channel.direction === 'send' && segments.slice(0, -1).some((segment) => isNameOf(segment, name));
    return stem !== undefined && isSent ? [{ on: stem.on, channel: channel.address }] : [];
  });
}

/** Channels without a path, as webhooks are, have the thing and what became of it in one name: `newPet`, `order-created`. */
function announcementIn(address: string, name: string): Announcement[] {
  const words = wordsOf(address).filter((word) => !/^(on|events?|notifications?|webhooks?|hooks?)$/i.test(word));
  return CHANGES.flatMap(({ on, pattern, prefix }) => {
    const at = words.findIndex((word) => pattern.test(word) || (prefix?.test(word) ?? false));
    const rest = words.filter((_, index) => index !== at);
    return at >= 0 && rest.length > 0 && isNameOf(rest.join('-'), name) ? [{ on, channel: address }] : [];
  });
}

const CHANGES: readonly { on: Announcement['on']; pattern: RegExp; prefix?: RegExp }[] = [
  { on: 'created', pattern: /^creat/i, prefix: /^(new|added)$/i },
  { on: 'updated', pattern: /^(updat|chang|modif)/i },
  { on: 'deleted', pattern: /^(delet|remov)/i },
];
