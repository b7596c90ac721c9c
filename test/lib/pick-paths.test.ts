import { expect, test } from 'vitest';
import { pickPaths } from '../../src/lib/pick-paths.ts';

const order = { id: '1', state: 'done', item: [{ id: 'a', product: { name: 'x', price: 1 } }, { id: 'b' }, 'c'] };

test.each([
  [['id'], { id: '1' }],
  [['state', 'id'], { id: '1', state: 'done' }],
  [['item.id'], { item: [{ id: 'a' }, { id: 'b' }] }],
  [['item.product.name', 'item.id'], { item: [{ id: 'a', product: { name: 'x' } }, { id: 'b' }] }],
  [['item', 'item.id'], { item: order.item }],
  [['nothing', 'id.deeper'], {}],
])('the paths %j lead to %j', (paths, picked) => {
  expect(pickPaths(order, paths)).toEqual(picked);
});
