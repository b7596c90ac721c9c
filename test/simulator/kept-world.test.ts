import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generateWorld, keepWorld } from '../../src/simulator.ts';
import { temporaryFolder } from '../contracts/temp-files.ts';
import { startSimulator, TEST_CACHE } from '../support/simulator.ts';
import { digestOf, playStory } from '../support/story.ts';

test('months on a kept world leave the same transcript as on a made one', async () => {
  const cache = temporaryFolder();
  await keepWorld({ cache });
  const [kept, made] = [await startSimulator({ cache }), await startSimulator({ cache: TEST_CACHE })];
  await playStory(kept.ask);
  await playStory(made.ask);

  expect(await digestOf(kept.ask)).toBe(await digestOf(made.ask));
});

test('a world is kept whole: each thing as it was, in order of creation', async () => {
  const cache = temporaryFolder();
  await keepWorld({ cache });
  const { records } = await generateWorld({ cache }, 36);

  const entries = JSON.parse(readFileSync(keptIn(cache), 'utf8')) as [string, [string, unknown][]][];
  expect(entries.map(([name, things]) => [name, Object.fromEntries(things)])).toStrictEqual(Object.entries(records));
  for (const [name, things] of entries) expect(Object.keys(records[name] ?? {})).toEqual(things.map(([id]) => id));
});

test('a kept world is taken where it would be the same, and made where anything differs', async () => {
  const cache = temporaryFolder();
  await keepWorld({ cache });
  // Told apart by being empty.
  writeFileSync(keptIn(cache), '[]');
  const customersOf = async (options: object) => {
    const { ask } = await startSimulator({ cache, ...options });
    return (await ask('GET', '/v1/customers')).body.data.length;
  };

  expect(await customersOf({})).toBe(0);
  expect(await customersOf({ seed: 2 })).toBeGreaterThan(0);
  expect(await customersOf({ clock: '2026-02-01T00:00:00.000Z' })).toBeGreaterThan(0);
  expect(await customersOf({ disableLinks: ['all'] })).toBeGreaterThan(0);
  expect(await customersOf({ policies: { connectx: {} } })).toBeGreaterThan(0);
  expect(await customersOf({ systems: ['connectx'] })).toBeGreaterThan(0);
});

function keptIn(folder: string): string {
  return join(folder, readdirSync(folder).find((name) => name.startsWith('world-')) ?? '');
}
