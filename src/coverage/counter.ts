import type { Commit } from '../engine/commit.ts';
import type { Registry } from '../engine/registry.ts';
import { createAddressFinder } from '../model/channel-address.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { CoverageTally } from './tally.ts';

/** Counts what of the contracts is exercised, in all tenants together. */
export interface CoverageCounter {
  /** Follows the commits of any tenant. */
  follow(commit: Commit): void;
  read(): Coverage;
  /** Begins anew. */
  clear(): void;
}

/**
 * Makes the counter of one simulator. A commit costs it a number or two; what they say is put together when it is read.
 *
 * @example const counter = createCoverageCounter(registry);
 */
export function createCoverageCounter({ contracts, channels, resources }: Registry): CoverageCounter {
  const moves = resources.flatMap(({ collection, rules: { lifecycle } }) =>
    (lifecycle?.moves ?? []).map(({ from, to }) => `${collection} ${from} -> ${to}`),
  );
  const tally = new CoverageTally(createAddressFinder(channels.map(({ channel }) => channel.address)));
  return {
    follow: tally.follow,
    read: () => coverageOf(tally, { contracts, moves }),
    clear: () => tally.clear(),
  };
}
