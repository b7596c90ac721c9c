import type { Commit } from '../engine/commit.ts';
import type { Registry } from '../engine/registry.ts';
import { createAddressFinder } from '../model/channel-address.ts';
import { coverageOf } from './coverage.ts';
import { keepCoverage } from './coverage-files.ts';
import type { Coverage } from './covered.ts';
import { CoverageTally } from './tally.ts';

/** Counts what of the contracts is exercised, in all tenants together. */
export interface CoverageCounter {
  /** Follows the commits of any tenant. */
  follow(commit: Commit): void;
  read(): Coverage;
  /** Begins anew. */
  clear(): void;
  /** Writes it down, where that is wanted. */
  close(): void;
}

/**
 * Makes the counter of one simulator. A commit costs it a number or two; what they say is put together when it is read.
 *
 * @param folder where what was exercised is written when it is closed, or the process ends
 * @example const counter = createCoverageCounter(registry);
 */
export function createCoverageCounter({ contracts, channels, resources }: Registry, folder?: string): CoverageCounter {
  const moves = resources.flatMap((entry) =>
    (entry.rules.lifecycle?.moves ?? []).map((move) => entry.nameOfMove(move)),
  );
  const tally = new CoverageTally(createAddressFinder(channels.map(({ channel }) => channel)));
  const read = () => coverageOf(tally, { contracts, moves });
  const write = folder === undefined ? undefined : keepCoverage(folder, read);
  return { follow: tally.follow, read, clear: () => tally.clear(), close: () => write?.() };
}
