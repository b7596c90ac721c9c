import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Policies } from '../engine/policies/policy.ts';
import type { Entity } from '../engine/state/store/store.ts';
import type { StartingWorld } from '../engine/system.ts';
import { readKept } from '../lib/kept-file.ts';
import { packageVersion } from '../lib/package-folder.ts';
import type { Instant } from '../lib/time.ts';
import type { WorldRecords } from './make-world.ts';

/**
 * Everything that a starting world depends on besides the program itself, so that a kept one can never be taken for
 * another. The build keeps it, and empties the folder first: a world of older code is never found.
 */
export interface WorldOrigin {
  /** Distinguishes the contracts from all others. */
  readonly contracts: string;
  readonly seed: number;
  readonly now: Instant;
  readonly policies: Policies;
  readonly disableLinks: readonly string[];
}

/**
 * Keeps a world in a folder, where `readWorld` finds it.
 *
 * @example await writeWorld('dist/contract-cache', origin, await recordWorld(options, syntheticWorld(systems)));
 */
export async function writeWorld(folder: string, origin: WorldOrigin, records: WorldRecords): Promise<void> {
  // Lists, because an object would put ids that are numbers first.
  const kept = [...records].map(([collection, entries]) => [collection, [...entries]]);
  await writeFile(fileOf(folder, origin), JSON.stringify(kept));
}

/**
 * The world that has been kept, which is put in faster than it is made; `undefined` where none can be read.
 *
 * @example const fill = (await readWorld('dist/contract-cache', origin)) ?? syntheticWorld(systems);
 */
export async function readWorld(folder: string, origin: WorldOrigin): Promise<StartingWorld | undefined> {
  try {
    const text = String(await readKept(fileOf(folder, origin)));
    const kept = JSON.parse(text) as readonly (readonly [string, readonly (readonly [string, Entity])[]])[];
    return async (work) => {
      for (const [collection, entries] of kept) work.putAll(collection, entries);
    };
  } catch {
    return undefined;
  }
}

function fileOf(folder: string, { contracts, seed, now, policies, disableLinks }: WorldOrigin): string {
  const parts = JSON.stringify([packageVersion(), contracts, seed, now, policies, [...disableLinks].sort()]);
  return join(folder, `world-${createHash('sha256').update(parts).digest('hex')}.json`);
}
