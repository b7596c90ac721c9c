import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PersistentTree } from '../../src/lib/persistent-tree.ts';

const numbers = (a: number, b: number) => a - b;

test('behaves like a sorted map, whatever is set and deleted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 300 })), { maxLength: 800 }), (steps) => {
      const tree = new PersistentTree<number, string>(numbers);
      const model = new Map<number, string>();
      for (const [isDeletion, key] of steps) {
        if (isDeletion) expect(tree.delete(key)).toBe(model.delete(key));
        else {
          tree.set(key, `v${key}`);
          model.set(key, `v${key}`);
        }
      }
      const sorted = [...model.keys()].sort(numbers);
      expect([...tree.valuesFrom()]).toEqual(sorted.map((key) => `v${key}`));
      expect([...tree.valuesDownFrom()]).toEqual(sorted.map((key) => `v${key}`).reverse());
      expect(tree.size).toBe(model.size);
      for (const key of [0, 57, 150, 299, 301]) {
        expect(tree.get(key)).toBe(model.get(key));
        const rank = sorted.filter((other) => other < key).length;
        expect(tree.rank(key)).toBe(rank);
        expect(tree.valuesFrom(rank).next().value).toBe(sorted[rank] === undefined ? undefined : `v${sorted[rank]}`);
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
        const trees = [new PersistentTree<number, number>(numbers)];
        for (const key of start) trees[0]?.set(key, key);
        trees.push((trees[0] as PersistentTree<number, number>).clone());
        const models = [new Set(start), new Set(start)];
        for (const [isClone, isDeletion, key] of steps) {
          const [tree, model] = [trees[Number(isClone)], models[Number(isClone)]];
          if (isDeletion) {
            tree?.delete(key);
            model?.delete(key);
          } else {
            tree?.set(key, key);
            model?.add(key);
          }
        }
        for (const [i, tree] of trees.entries()) {
          expect([...tree.valuesFrom()]).toEqual([...(models[i] ?? [])].sort(numbers));
        }
      },
    ),
  );
});
