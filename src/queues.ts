import type { Settings } from './config.ts';
import type { Tenants } from './engine/tenants.ts';
import type { Served } from './served.ts';
import type { Logger } from './surfaces/log.ts';
import { createQueueSurface } from './surfaces/queues/queue-surface.ts';

/** What somebody else publishes on a channel that a contract listens on becomes an event of that tenant. */
export function createQueues({ queue: urls }: Settings, { contracts }: Served, tenants: () => Tenants, log: Logger) {
  const channels = contracts.flatMap((contract) => contract.channels);
  // Of all that a broker's headers say, only where to answer matters.
  const wantedHeaders = (address: string, headers: Readonly<Record<string, string>>) => {
    const { replyTo = '' } = channels.find((each) => each.address === address && each.replyTo !== undefined) ?? {};
    const name = /^\$message\.header#\/(.+)$/.exec(replyTo)?.[1]?.toLowerCase();
    const value = name === undefined ? undefined : headers[name];
    return name === undefined || value === undefined ? {} : { headers: { [name]: value } };
  };
  return createQueueSurface({
    urls,
    channels,
    log,
    async receive({ tenant, channel, body, headers }) {
      const payload = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
      await tenants().opening?.(tenant);
      const receiver = tenants().get(tenant);
      const { length: size } = body;
      receiver.apply({ kind: 'message', channel, payload, size, ...wantedHeaders(channel, headers) });
      // The broker is told that it has been taken once it cannot be lost any more.
      await receiver.lasting();
    },
  });
}
