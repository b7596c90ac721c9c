import { expect, test } from 'vitest';
import { createQueryFinder } from '../../../src/surfaces/ws/query-addresses.ts';

const find = createQueryFinder([
  { address: '/v1/market?pair={pair}&depth={depth}', values: { depth: ['5', '20'] } },
  { address: '/plain' },
]);
const ask = (path: string, query: string) => find(path, new URLSearchParams(query));

test('the values of a query are found whatever their order, and whatever else is in it', () => {
  const found = { address: '/v1/market?pair={pair}&depth={depth}', asked: '/v1/market?pair=BTC&depth=5' };
  expect(ask('/v1/market', 'access_token=x&depth=5&pair=BTC')).toEqual(found);
});

test('who names no parameter hears of all values', () => {
  const address = '/v1/market?pair={pair}&depth={depth}';
  expect(ask('/v1/market', 'after=1')).toEqual({ address, asked: address });
});

test('a value that is not enumerated, a missing one, and another path lead nowhere', () => {
  expect(ask('/v1/market', 'pair=BTC&depth=7')).toBeUndefined();
  expect(ask('/v1/market', 'pair=BTC')).toBeUndefined();
  expect(ask('/v2/market', 'pair=BTC&depth=5')).toBeUndefined();
  expect(ask('/plain', 'pair=BTC')).toBeUndefined();
});
