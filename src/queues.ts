import type { Settings } from './config.ts';
import type { Tenants } from './engine/tenants.ts';
import type { Served } from './served.ts';
import type { Logger } from './surfaces/log.ts';
import { createQueueSurface } from './surfaces/queues/queue-surface.ts';

/** What somebody else publishes on a channel that a contract listens on becomes an event of that tenant. */
export function createQueues({ queue: urls }: Settings, { contracts }: Served, tenants: () => Tenants, log: Logger) {
  return createQueueSurface({
    urls,
    channels: contracts.flatMap(({ channels }) => channels),
    log,
    async receive({ tenant, channel, body }) {
      const payload = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
      await tenants().opening?.(tenant);
      const receiver = tenants().get(tenant);
      receiver.apply({ kind: 'message', channel, payload, size: body.length });
      // The broker is told that it has been taken once it cannot be lost any more.
      await receiver.lasting();
    },
  });
}
