import type { Contract } from './contract.ts';

/** What leads to a message on a channel: something that happens to things of a kind, or a message that it answers. */
export type Lead = { readonly resource: string } | { readonly replyTo: string };

/**
 * The channels on which something of these contracts leads to a message by itself, by their addresses; on all others
 * somebody or something has to speak.
 *
 * @example ledChannels(contracts).get('order/created') // [{ resource: 'Order' }]
 */
export function ledChannels(
  contracts: readonly Pick<Contract, 'resources' | 'channels'>[],
): ReadonlyMap<string, readonly Lead[]> {
  const led = new Map<string, Lead[]>();
  const add = (address: string, lead: Lead): void => void led.set(address, [...(led.get(address) ?? []), lead]);
  for (const { resources, channels } of contracts) {
    for (const { name, announcements, lifecycle } of resources) {
      const addresses = [
        ...announcements.map(({ channel }) => channel),
        ...(lifecycle?.moves ?? []).flatMap(({ announces }) => announces ?? []),
      ];
      for (const address of new Set(addresses)) add(address, { resource: name });
    }
    for (const { address, reply } of channels) if (reply !== undefined) add(reply, { replyTo: address });
  }
  return led;
}
