import { DELIVERIES, type Delivery, redeliver } from '../../engine/outbox.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { pathOf } from './input.ts';
import { pageOf } from './paging.ts';

/**
 * Answers what is sent outside.
 *
 * @example createDeliveryHandlers().listDeliveries({ tenant, command, base });
 */
export function createDeliveryHandlers() {
  return {
    listDeliveries: async ({ tenant, command }: ControlContext) => {
      const { items } = await tenant.store.query(DELIVERIES);
      const part = pageOf(items as unknown as readonly Delivery[], ({ id }) => id, command);
      return { status: 200, body: { ...part, items: (part.items as readonly Delivery[]).map(present) } };
    },
    redeliver: async ({ tenant, command }: ControlContext) => ({
      status: 202,
      body: present(await tenant.perform((work) => redeliver(work, pathOf(command, 'id')))),
    }),
  } satisfies Record<string, ControlHandler>;
}

/** Without body, headers and lane: they are the receiver's business, and may hold secrets. */
function present({ id, target, kind, eventId, state, attempts, nextAt }: Delivery) {
  return {
    id,
    target,
    kind,
    ...(eventId !== undefined && { eventId }),
    state,
    attempts,
    ...(nextAt !== undefined && { nextAt }),
  };
}
