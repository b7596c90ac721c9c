import type { Commit } from './commit.ts';
import type { TenantSnapshot } from './state/tenant-snapshot.ts';

/**
 * Something that follows commits: a record, a counter, somebody who watches. It cannot undo them. Where the world has
 * become another one as a whole, it is given that.
 */
export type Follower = (commit: Commit, become?: TenantSnapshot) => void;
