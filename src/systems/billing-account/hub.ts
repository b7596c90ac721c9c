import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ResourceRules } from '../../engine/system.ts';
import { requireListener, sendToListeners } from '../../engine/tmf630/listeners.ts';
import { LISTENERS } from './collections.ts';

/** A listener is registered and forgotten from the contract alone; only its query has to be one. */
export const listenerRules: ResourceRules = {
  id: ({ number }) => `HUB-${String(number).padStart(6, '0')}`,
  check: (_work, listener) => requireListener(listener),
};

/** Sends an event to every listener that wants it. */
export function tellListeners(work: Work, message: Entity): void {
  sendToListeners(work, LISTENERS, message, String(message.eventId));
}
