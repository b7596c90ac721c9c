import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PersistentArray } from '../../src/lib/persistent-array.ts';

const anIndex = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 40_000 }),
  fc.constant(2 ** 31 - 1),
);
const steps = fc.array(
  fc.record({ on: fc.constantFrom(0, 1), does: fc.constantFrom('set', 'delete', 'clone'), at: anIndex }),
  { maxLength: 300 },
);

test('two copies each behave like a map sorted by index, whatever is done to the other', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const sides = [0, 1].map(() => ({ array: new PersistentArray<string>(), model: new Map<number, string>() }));
      for (const { on, does, at } of list) {
        const side = sides[on] as (typeof sides)[number];
        if (does === 'clone') sides[1 - on] = { array: side.array.clone(), model: new Map(side.model) };
        else if (does === 'delete') {
          side.array.delete(at);
          side.model.delete(at);
        } else {
          side.array.set(at, `${does} at ${at} of ${on}`);
          side.model.set(at, `${does} at ${at} of ${on}`);
        }
      }
      for (const { array, model } of sides) {
        const entries = [...model].sort(([a], [b]) => a - b);
        const values = entries.map(([, value]) => value);
        const visited: [number, string][] = [];
        array.forEach((value, index) => void visited.push([index, value]));
        expect(visited).toEqual(entries);
        expect(array.size).toBe(model.size);
        expect(array.slice(0, Number.POSITIVE_INFINITY)).toEqual(values);
        expect(array.slice(3, 5)).toEqual(values.slice(3, 8));
        for (const index of [0, 31, 32, 99, 1_024, 40_000]) expect(array.get(index)).toBe(model.get(index));
      }
    }),
  );
});
