import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveSettings, type SimulatorOptions } from '../../src/config.ts';
import type { Store } from '../../src/engine/state/store/store.ts';
import { keepWorld } from '../../src/generate-world.ts';
import { createStartingWorlds } from '../../src/operator/starting-world.ts';
import { loadServed } from '../../src/served.ts';
import { createLogger } from '../../src/surfaces/log.ts';
import { temporaryFolder } from '../contracts/temp-files.ts';
import { TEST_CACHE } from '../support/simulator.ts';

/** The store that a simulator with these options starts from; a world is looked for in the folder `worlds`. */
async function startOf(worlds: string | undefined, options: SimulatorOptions = {}): Promise<Store> {
  const settings = resolveSettings({ cache: TEST_CACHE, ...options }, { now: 0 });
  const served = await loadServed(settings, { log: createLogger('silent') });
  const kept = worlds === undefined ? undefined : { folder: worlds, contracts: served.loaded.key };
  const startAt = createStartingWorlds({ ...settings, ...served, kept });
  return (await startAt(settings)).store;
}

/** A copy of what other tests have loaded, so that the contracts are not parsed again. */
function cacheForTest(): string {
  const folder = temporaryFolder();
  if (existsSync(TEST_CACHE)) cpSync(TEST_CACHE, folder, { recursive: true });
  return folder;
}

function contentOf(store: Store): unknown {
  return store.collections().map((name) => [name, store.query(name).items]);
}

/** Gives every customer another name, in the file that is read in place of making the world. */
function rename(cache: string): void {
  const file = join(cache, readdirSync(cache).find((name) => name.startsWith('world-')) ?? '');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/"firstName":"[^"]+"/g, '"firstName":"Kept"'));
}

function firstNames(store: Store): readonly unknown[] {
  const { items } = store.query('connectx/Customer');
  return [...new Set(items.flatMap(({ firstName }) => (firstName === undefined ? [] : [firstName])))];
}

test('a kept world holds what a made one does, in the same order', async () => {
  const cache = cacheForTest();
  await keepWorld({ cache });

  expect(contentOf(await startOf(cache))).toStrictEqual(contentOf(await startOf(undefined)));
});

test('a start reads the world that was kept for it, and makes any other', async () => {
  const cache = cacheForTest();
  await keepWorld({ cache });
  rename(cache);

  expect(firstNames(await startOf(cache))).toEqual(['Kept']);
  const others: SimulatorOptions[] = [
    { seed: 2 },
    { clock: '2027-01-01T00:00:00Z' },
    { systems: ['connectx'] },
    { disableLinks: ['all'] },
    { policies: { connectx: { dueDays: 7 } } },
  ];
  for (const other of others) expect(firstNames(await startOf(cache, other))).not.toContain('Kept');
});
