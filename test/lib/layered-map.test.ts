import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LayeredMap } from '../../src/lib/layered-map.ts';

const steps = fc.array(
  fc.record({
    on: fc.constantFrom(0, 1),
    does: fc.constantFrom('set', 'set', 'delete', 'clone'),
    key: fc.integer({ min: 0, max: 30 }).map(String),
    value: fc.nat(),
  }),
  { maxLength: 300 },
);

test('two copies each behave like a map, whatever is done to the other and however often they are copied', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const sides = [0, 1].map(() => ({ map: new LayeredMap(), model: new Map<string, number>() }));
      for (const { on, does, key, value } of list) {
        const side = sides[on] as (typeof sides)[number];
        if (does === 'clone') sides[1 - on] = { map: side.map.clone(), model: new Map(side.model) };
        else if (does === 'delete') {
          side.map.delete(key);
          side.model.delete(key);
        } else {
          side.map.set(key, value);
          side.model.set(key, value);
        }
      }
      for (const { map, model } of sides) {
        for (let key = 0; key <= 30; key += 1) expect(map.get(String(key))).toBe(model.get(String(key)));
      }
    }),
  );
});

test('large maps are joined little by little, and say the same meanwhile', () => {
  const steps = fc.array(
    fc.record({
      does: fc.constantFrom('set', 'delete'),
      from: fc.integer({ min: 0, max: 5_000 }),
      count: fc.integer({ min: 1, max: 3_000 }),
    }),
    { minLength: 4, maxLength: 8 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const model = new Map<string, number>();
      let map = new LayeredMap();
      const copies: (readonly [LayeredMap, ReadonlyMap<string, number>])[] = [];
      for (const [value, { does, from, count }] of list.entries()) {
        for (let key = from; key < from + count; key += 1) {
          if (does === 'set') [map.set(String(key), value), model.set(String(key), value)];
          else [map.delete(String(key)), model.delete(String(key))];
        }
        copies.push([map, new Map(model)]);
        map = map.clone();
      }
      for (const [copy, known] of copies) {
        expect(new Map(copy.entries())).toEqual(known);
        for (let key = 0; key < 8_000; key += 61) expect(copy.get(String(key))).toBe(known.get(String(key)));
      }
    }),
    { numRuns: 30 },
  );
});
