import { expect, test } from 'vitest';
import { createAddressFinder } from '../../src/model/channel-address.ts';

test.each([
  ['a/*/b', 'a/x/b', true],
  ['a/*/b', 'a/x/y/b', false],
  ['a/+/b', 'a/x/b', true],
  ['stock.*.price', 'stock.eu.price', true],
  ['stock.*.price', 'stock.price', false],
  ['stock.>', 'stock.eu.price', true],
  ['stock.>', 'stock.', false],
  ['all/#', 'all/of/it', true],
  ['all/#', 'all', false],
  ['all/>', 'all/of/it', true],
  ['c++/news', 'c++/news', true],
  ['c++/news', 'cab/news', false],
  ['a*b', 'axb', false],
  ['{tenant}.*', 'acme.x', true],
])('of the address %s, %s is one: %s', (declared, asked, isOne) => {
  expect(createAddressFinder([{ address: declared }])(asked)).toBe(isOne ? declared : undefined);
});
