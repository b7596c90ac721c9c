import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PROGRAM_FOLDER } from '../../src/lib/package-folder.ts';
import { createSimulator } from '../../src/simulator.ts';
import { startSimulator } from '../support/simulator.ts';

/** Where an error was made, innermost first. */
function stackOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    return [...String((error as Error).stack).matchAll(/file:\/\/[^:)]+/g)].map(([url]) => fileURLToPath(url));
  }
  return [];
}

test('this suite runs a simulator that is the shipped one', () => {
  const [file = ''] = stackOf(() => createSimulator({ port: -1 }));
  expect(relative('dist', file)).toMatch(/^chunks\//);
});

test('this suite tests modules as the build has made them', () => {
  expect(PROGRAM_FOLDER).toBe(resolve('dist-modules'));
});

test('checks that are there for what they throw are in the program', async () => {
  const { ask } = await startSimulator();
  for (const path of ['/@%zz/v1/products', '/v1/products?pageSize=%E0%A4', '/v1/products/%zz']) {
    expect(await ask('GET', path), path).toMatchObject({ status: 400 });
  }
});
