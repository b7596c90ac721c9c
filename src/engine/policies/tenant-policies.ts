import type { Bookkeeper, Reader } from '../state/reader.ts';
import type { Policies, PolicyChange } from './policy.ts';
import type { PolicyBook } from './policy-book.ts';

/** The collection of a tenant's policies: they are state, so that snapshots, forks and rollbacks hold them too. */
export const POLICIES = '$policies';

const PRESENT = 'present';
const START = 'start';

/** Gives a new tenant its policies, before anything else is in its world. */
export function startPolicies(store: Pick<Bookkeeper, 'put'>, policies: Policies): void {
  store.put(POLICIES, START, policies);
  store.put(POLICIES, PRESENT, policies);
}

/** The policies of a tenant; the defaults in a world that was given none. */
export function policiesOf(store: Pick<Reader, 'get'>, { defaults }: Pick<PolicyBook, 'defaults'>): Policies {
  return (store.get(POLICIES, PRESENT) as Policies | undefined) ?? defaults;
}

/**
 * Changes some of a tenant's policies; `null` brings back what it started with. Answers all of them, as they were and as
 * they are; refuses with 400 what no policy can be.
 *
 * @example changePolicies(work, book, { connectx: { dueDays: 7 } })
 */
export function changePolicies(work: Bookkeeper, book: PolicyBook, changes: unknown): PolicyChange {
  const before = policiesOf(work, book);
  const start = (work.get(POLICIES, START) as Policies | undefined) ?? book.defaults;
  const after = book.change(before, changes, start);
  work.put(POLICIES, PRESENT, after);
  return { before, after };
}
