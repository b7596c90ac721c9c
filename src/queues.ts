import type { Settings } from './config.ts';
import type { MessageInput } from './engine/input.ts';
import { TenantElsewhere } from './engine/keeping/commit-log.ts';
import type { Tenants } from './engine/tenants.ts';
import type { Served } from './served.ts';
import type { Logger } from './surfaces/log.ts';
import { isJsonMessage, readingsOf } from './surfaces/message-text.ts';
import { createQueueSurface } from './surfaces/queues/queue-surface.ts';

/** Hands a message to the process that has its tenant; throws where that does not take it. */
export type ToOwner = (
  elsewhere: TenantElsewhere,
  tenant: string,
  message: Pick<MessageInput, 'channel' | 'payload' | 'headers'> & { readonly id?: string },
) => Promise<void>;

/**
 * What somebody else publishes on a channel that a contract listens on becomes an event of that tenant, which may be
 * another process's.
 */
export function createQueues(
  { queue: urls }: Settings,
  { contracts, validation }: Served,
  {
    tenants,
    log,
    toOwner,
  }: { readonly tenants: () => Tenants; readonly log: Logger; readonly toOwner?: ToOwner | undefined },
) {
  const channels = contracts.flatMap((contract) => contract.channels);
  // Of all that a broker's headers say, only where to answer matters.
  const wantedHeaders = (address: string, headers: Readonly<Record<string, string>>) => {
    const { replyTo = '' } = channels.find((each) => each.address === address && each.replyTo !== undefined) ?? {};
    const name = /^\$message\.header#\/(.+)$/.exec(replyTo)?.[1]?.toLowerCase();
    const value = name === undefined ? undefined : headers[name];
    return name === undefined || value === undefined ? {} : { headers: { [name]: value } };
  };
  /** Where a contract has no JSON a text stands for itself, or for the number that its schema wants. */
  const read = (address: string, text: string): unknown => {
    const messages = channels
      .filter((each) => each.address === address && each.direction === 'receive')
      .flatMap((each) => each.messages);
    const textual = messages.find((each) => !isJsonMessage(each));
    if (textual === undefined || messages.some(isJsonMessage)) return JSON.parse(text);
    const check = validation.check(textual.payload);
    const readings = readingsOf(text, textual.contentType);
    return readings.find((reading) => check(reading).length === 0) ?? text;
  };
  const sent = new Set(channels.filter(({ direction }) => direction === 'send').map(({ address }) => address));
  const surface = createQueueSurface({
    urls,
    channels,
    log,
    async receive({ tenant, channel, body, headers, isGivenToOne }) {
      const payload = read(channel, body.toString('utf8'));
      const message = { channel, payload, ...wantedHeaders(channel, headers) };
      // On a channel that is sent on, too, a tenant hears itself.
      const id = sent.has(channel) ? headers['x-event-id'] : undefined;
      try {
        await tenants().opening?.(tenant);
      } catch (error) {
        if (!(error instanceof TenantElsewhere) || toOwner === undefined) throw error;
        // Where all are given it, the owner is, too.
        if (isGivenToOne) await toOwner(error, tenant, { ...message, ...(id !== undefined && { id }) });
        return;
      }
      const receiver = tenants().get(tenant);
      if (id !== undefined && receiver.log.has(id)) return;
      surface.withoutEcho(channel, () => receiver.apply({ kind: 'message', ...message, size: body.length }));
      // The broker is told that it has been taken once it cannot be lost any more.
      await receiver.lasting();
    },
  });
  return surface;
}
