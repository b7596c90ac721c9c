import type { Delivery } from '../../engine/delivery/delivery.ts';
import { DELIVERIES, redeliver } from '../../engine/delivery/outbox.ts';
import { channelMatcher } from '../../engine/records/event-log.ts';
import type { OperationHandler } from '../../engine/system.ts';
import type { Command } from '../../model/command.ts';
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
    listDeliveries: ({ tenant, command }: ControlContext) => {
      const { items } = tenant.store.query(DELIVERIES);
      const isWanted = selectionOf(command);
      // The item to go on after is kept whatever it has become since: a list of pending ones changes while it is read.
      const found = (items as unknown as readonly Delivery[]).filter(
        (delivery) => delivery.id === command.query.after || isWanted(delivery),
      );
      const part = pageOf(found, ({ id }) => id, command);
      return { status: 200, body: { ...part, items: (part.items as readonly Delivery[]).map(present) } };
    },
  } satisfies Record<string, ControlHandler>;
}

/** Sends a delivery again. */
export const redeliverAgain: OperationHandler = (work, command) => ({
  status: 202,
  body: present(redeliver(work, pathOf(command, 'id'))),
});

function selectionOf({ query }: Pick<Command, 'query'>): (delivery: Delivery) => boolean {
  const { state, kind, target } = query;
  const isTarget = channelMatcher(typeof target === 'string' ? target : undefined);
  return (delivery) =>
    (state === undefined || delivery.state === state) &&
    (kind === undefined || delivery.kind === kind) &&
    isTarget(delivery.target);
}

/** Without body, headers and lane: they are the receiver's business, and may hold secrets. */
function present({ id, target, kind, eventId, webhook, state, attempts, nextAt, reason }: Delivery) {
  return {
    id,
    target,
    kind,
    ...(eventId !== undefined && { eventId }),
    ...(webhook !== undefined && { webhook }),
    state,
    attempts,
    ...(nextAt !== undefined && { nextAt }),
    ...(reason !== undefined && { reason }),
  };
}
