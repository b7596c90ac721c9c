import type { RevokeInput } from '../input.ts';
import type { StoreReader } from './store/store.ts';
import type { Work } from './work.ts';

/** The tokens of a tenant that are good no longer: they are state, so that a reset forgets them. */
const REVOKED = '$revoked';

/** The newest are remembered; each is forgotten once it would have ended by itself. */
const MOST_REVOKED = 10_000;

/** Remembers that a token is good no longer. */
export function revoke(work: Work, { token, until }: Pick<RevokeInput, 'token' | 'until'>): void {
  const { items, total } = work.query(REVOKED);
  for (const [index, { id, until: end }] of items.entries()) {
    if (Number(end) <= work.now || index <= total - MOST_REVOKED) work.delete(REVOKED, String(id));
  }
  work.put(REVOKED, token, { id: token, until });
}

/**
 * Whether a token is good no longer.
 *
 * @example isRevoked(tenant.store, 'default-1')
 */
export function isRevoked(store: Pick<StoreReader, 'get'>, token: string): boolean {
  return store.get(REVOKED, token) !== undefined;
}
