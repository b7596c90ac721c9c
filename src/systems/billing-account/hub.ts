import { forgetCredentials, keepCredentials } from '../../engine/delivery/credentials.ts';
import type { Credentials } from '../../engine/delivery/delivery.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ResourceRules } from '../../engine/system.ts';
import {
  credentialsOf,
  requireListener,
  requireTokenEndpoint,
  sendToListeners,
} from '../../engine/tmf630/listeners.ts';
import { LISTENERS } from './collections.ts';

/**
 * A listener is registered and forgotten from the contract alone; only its query has to be one, and what it asks for is
 * kept apart from what is shown of it.
 */
export const listenerRules: ResourceRules = {
  id: ({ number }) => `HUB-${String(number).padStart(6, '0')}`,
  check: (_work, listener) => requireListener(listener),
  complete(work, { credentials, ...listener }) {
    if (credentials !== undefined) {
      requireTokenEndpoint((credentials as Entity).tokenUrl);
      keepCredentials(work, nameOf(listener), credentials as Credentials);
    }
    return listener;
  },
  removing: (work, listener) => forgetCredentials(work, nameOf(listener)),
};

function nameOf({ id }: Entity): string {
  return credentialsOf(LISTENERS, id);
}

/** Sends an event to every listener that wants it. */
export function tellListeners(work: Work, message: Entity): void {
  sendToListeners(work, LISTENERS, message, String(message.eventId));
}
