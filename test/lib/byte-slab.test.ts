import { expect, test } from 'vitest';
import { ByteSlab } from '../../src/lib/byte-slab.ts';

test('what has been taken is never handed out again', () => {
  const slab = new ByteSlab();
  const taken = Array.from({ length: 20 }, (_, index) => slab.take(12_000).fill(index));

  expect(taken.map((bytes) => bytes.length)).toEqual(taken.map(() => 12_000));
  expect(taken.map((bytes) => new Set(bytes))).toEqual(taken.map((_, index) => new Set([index])));
});

test('what is large has memory of its own', () => {
  expect(new ByteSlab().take(1_000_000).buffer.byteLength).toBe(1_000_000);
});
