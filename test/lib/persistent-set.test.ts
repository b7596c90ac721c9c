import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PersistentSet } from '../../src/lib/persistent-set.ts';

const numbers = (a: number, b: number) => a - b;

test('behaves like a sorted set, whatever is added and deleted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 300 })), { maxLength: 800 }), (steps) => {
      const set = new PersistentSet<number>(numbers);
      const model = new Set<number>();
      for (const [isDeletion, key] of steps) {
        if (isDeletion) expect(set.delete(key)).toBe(model.delete(key));
        else {
          set.add(key);
          model.add(key);
        }
      }
      const sorted = [...model].sort(numbers);
      expect(set.slice(0, Number.POSITIVE_INFINITY)).toEqual(sorted);
      expect(set.size).toBe(model.size);
      for (const key of [0, 57, 150, 299, 301]) {
        const rank = sorted.filter((other) => other < key).length;
        expect(set.rank(key)).toBe(rank);
        expect(set.slice(rank, 3)).toEqual(sorted.slice(rank, rank + 3));
        expect(set.from(key, (other) => other < key + 40)).toEqual(
          sorted.filter((other) => other >= key && other < key + 40),
        );
      }
    }),
  );
});

test('a clone and its origin do not see what happens to the other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 200 })),
      fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.integer({ min: 0, max: 200 }))),
      (start, steps) => {
        const origin = new PersistentSet<number>(numbers);
        for (const key of start) origin.add(key);
        const sides = [origin, origin.clone()].map((set) => ({ set, model: new Set(start) }));
        for (const [isClone, isDeletion, key] of steps) {
          const { set, model } = sides[Number(isClone)] as (typeof sides)[number];
          if (isDeletion) {
            set.delete(key);
            model.delete(key);
          } else {
            set.add(key);
            model.add(key);
          }
        }
        for (const { set, model } of sides) expect(set.slice(0, 1_000)).toEqual([...model].sort(numbers));
      },
    ),
  );
});
