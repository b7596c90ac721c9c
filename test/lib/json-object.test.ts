import { expect, test } from 'vitest';
import { isSameJson } from '../../src/lib/json-object.ts';

test('two JSON values are the same whatever the order of their members', () => {
  expect(isSameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
});

test.each([
  [1, '1'],
  [null, {}],
  [[], {}],
  [[1, 2], [1]],
  [
    [1, 2],
    [2, 1],
  ],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1, b: 2 }, { a: 1 }],
  [{ constructor: 1 }, { a: 1 }],
])('%j is not the same as %j', (one, other) => {
  expect(isSameJson(one, other)).toBe(false);
});
