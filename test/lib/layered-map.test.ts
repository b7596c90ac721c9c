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

test('ids that are counted up are found, whichever of them go and in whatever order, and those between and before them', () => {
  const idOf = (number: number) => `TMR-${String(number).padStart(6, '0')}`;
  const steps = fc.array(
    fc.record({
      adds: fc.integer({ min: 0, max: 4_000 }),
      removesFrom: fc.integer({ min: 0, max: 10_000 }),
      removes: fc.integer({ min: 0, max: 5_000 }),
      between: fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 50 }),
    }),
    { minLength: 2, maxLength: 5 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const [map, model] = [new LayeredMap(), new Map<string, number>()];
      const set = (key: string, value: number) => [map.set(key, value), model.set(key, value)];
      let newest = 0;
      for (const { adds, removesFrom, removes, between } of list) {
        for (const end = newest + adds; newest < end; newest += 1) set(idOf(newest), newest);
        for (let at = removesFrom; at < removesFrom + removes; at += 1) [map.delete(idOf(at)), model.delete(idOf(at))];
        for (const at of between) set(`${idOf(at)}/copy`, at);
        set(`A-${between.length}`, newest);
      }
      expect(new Map(map.entries())).toEqual(model);
      for (let at = 0; at < 20_000; at += 17) {
        for (const key of [idOf(at), `${idOf(at)}/copy`, `A-${at}`]) expect(map.get(key)).toBe(model.get(key));
      }
    }),
    { numRuns: 30 },
  );
});
