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
    receive({ tenant, channel, body }) {
      const payload = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
      tenants().get(tenant).apply({ kind: 'message', channel, payload, size: body.length });
    },
  });
}
