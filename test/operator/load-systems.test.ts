import { expect, test } from 'vitest';
import { Refusal } from '../../src/model/command.ts';
import { loadSystems } from '../../src/operator/load-systems.ts';
import { inSeedingOrder } from '../../src/operator/seeding-order.ts';

const namesOf = (systems: readonly { readonly name: string }[]) => systems.map(({ name }) => name);

test('the systems are those that have a folder, in the order in which they seed themselves', async () => {
  expect(namesOf(await loadSystems())).toEqual(['connectx', 'billing-account', 'aps-subscriptions', 'macd']);
});

test('only what is served is loaded, and what has no folder is served from its contract alone', async () => {
  expect(namesOf(await loadSystems(['macd', 'shop', 'simulator']))).toEqual(['macd']);
});

test('what a loaded system refuses is recognised as a refusal', async () => {
  const [macd] = await loadSystems(['macd']);
  const send = macd?.actions?.['send-order'];

  expect(() => send?.({} as never, { target: 'nowhere', order: {} })).toThrow(Refusal);
});

test('a system is seeded after those that it names, else by name', () => {
  const systems = [{ name: 'c' }, { name: 'a', seedsAfter: ['d', 'not-served'] }, { name: 'd' }, { name: 'b' }];

  expect(namesOf(inSeedingOrder(systems))).toEqual(['b', 'c', 'd', 'a']);
});

test('systems that wait for each other are refused by name', () => {
  const systems = [{ name: 'a', seedsAfter: ['b'] }, { name: 'b', seedsAfter: ['a'] }, { name: 'c' }];

  expect(() => inSeedingOrder(systems)).toThrow(
    expect.objectContaining({ code: 'SYSTEM_INVALID', message: expect.stringContaining('the seeds of a, b:') }),
  );
});
