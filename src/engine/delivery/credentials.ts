import type { StoreReader } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';
import type { Credentials } from './delivery.ts';

/** By name. They stand apart from what they belong to, so that nothing that is shown holds them. */
const CREDENTIALS = '$credentials';

/**
 * Keeps what a receiver asks for, under a name that deliveries to it give; it is looked up at each attempt.
 *
 * @example
 * keepCredentials(work, 'hub/HUB-000001', { token: 'secret' });
 * work.deliver({ kind: 'hub', url, body, credentials: 'hub/HUB-000001' });
 */
export function keepCredentials(work: Work, name: string, credentials: Credentials): void {
  work.put(CREDENTIALS, name, { ...credentials });
}

/** Forgets them, with the receiver. */
export function forgetCredentials(work: Work, name: string): void {
  work.delete(CREDENTIALS, name);
}

/** Those of this name, if there are any. */
export function findCredentials(store: Pick<StoreReader, 'get'>, name: string): Credentials | undefined {
  return store.get(CREDENTIALS, name) as Credentials | undefined;
}
