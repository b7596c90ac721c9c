import fc from 'fast-check';
import { expect, test } from 'vitest';
import { misspelt, nearestWord } from '../../src/lib/nearest-word.ts';

test('a misspelt word is taken for the one that is fewest slips away', () => {
  expect(nearestWord('requried', ['required', 'properties'])).toBe('required');
  expect(nearestWord('custmer', ['customers', 'customer'])).toBe('customer');
  expect(nearestWord('Status', ['state', 'status'])).toBe('status');
});

test('a word that is like none of them is taken for none', () => {
  expect(nearestWord('invoice', ['customer', 'order'])).toBeUndefined();
  expect(nearestWord('id', ['at', 'on'])).toBeUndefined();
  expect(nearestWord('x'.repeat(201), ['x'.repeat(201)])).toBeUndefined();
});

test('who asks of words one by one hears the same', () => {
  const mayBe = misspelt('Prodcts');
  expect(['products', 'product', 'prices'].filter(mayBe)).toEqual(['products', 'product']);
});

test('slips are counted as they are defined: letters more, less, others, and two that have changed places', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'D'), maxLength: 7 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 6 }), (written, known) => {
      const reach = Math.max(1, Math.floor(written.length / 3));
      const near = known.map((each) => slipsBetween(written.toLowerCase(), each.toLowerCase()));
      const fewest = Math.min(...near.filter((slips) => slips <= reach));
      expect(nearestWord(written, known)).toBe(known[near.indexOf(fewest)]);
    }),
  );
});

/** By the definition, one letter after another from the end. */
function slipsBetween(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [shorterA, shorterB] = [a.slice(0, -1), b.slice(0, -1)];
  const ways = [
    slipsBetween(shorterA, b) + 1,
    slipsBetween(a, shorterB) + 1,
    slipsBetween(shorterA, shorterB) + (a.at(-1) === b.at(-1) ? 0 : 1),
  ];
  const isSwapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
  if (isSwapped) ways.push(slipsBetween(a.slice(0, -2), b.slice(0, -2)) + 1);
  return Math.min(...ways);
}
