import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entity } from '../engine/store/store.ts';
import type { StartingWorld } from '../engine/system.ts';
import type { Instant } from '../lib/time.ts';

/** Everything that a starting world depends on, so that a kept one can never be taken for another. */
export interface WorldOrigin {
  readonly version: string;
  /** Tells the contracts from all others. */
  readonly contracts: string;
  readonly seed: number;
  readonly now: Instant;
  readonly policies: Readonly<Record<string, unknown>>;
  readonly disableLinks: readonly string[];
}

/** What a world consists of: by collection each thing under its id, in order of creation. */
export type WorldEntries = ReadonlyMap<string, ReadonlyMap<string, Entity>>;

/** Keeps a world in a folder, where `readWorld` finds it. */
export async function writeWorld(folder: string, origin: WorldOrigin, entries: WorldEntries): Promise<void> {
  // Lists, because an object would put ids that are numbers first.
  const kept = [...entries].map(([collection, things]) => [collection, [...things]]);
  await writeFile(fileOf(folder, origin), JSON.stringify(kept));
}

/**
 * The world that has been kept, which is put in faster than it is made; `undefined` where none can be read.
 *
 * @example const fill = (await readWorld('dist/contract-cache', origin)) ?? syntheticWorld(served);
 */
export async function readWorld(folder: string, origin: WorldOrigin): Promise<StartingWorld | undefined> {
  try {
    const kept: [string, [string, Entity][]][] = JSON.parse(await readFile(fileOf(folder, origin), 'utf8'));
    return async (work) => {
      for (const [collection, things] of kept) for (const [id, entity] of things) work.put(collection, id, entity);
    };
  } catch {
    return undefined;
  }
}

function fileOf(folder: string, origin: WorldOrigin): string {
  const { version, contracts, seed, now, policies, disableLinks } = origin;
  const parts = JSON.stringify([version, contracts, seed, now, policies, disableLinks]);
  return join(folder, `world-${createHash('sha256').update(parts).digest('hex')}.json`);
}
