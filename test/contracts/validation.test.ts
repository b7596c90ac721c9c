import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createValueAjv, type ErrorObject } from '../../src/contracts/ajv.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { valueAt } from '../../src/lib/json-pointer.ts';
import type { Schema } from '../../src/model/schema.ts';
import { contractOf, ref } from './contract-builder.ts';

const contract = contractOf({
  $defs: {
    Buyer: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string' },
        email: { type: 'string', format: 'email' },
        status: { enum: ['New', 'Old'] },
        address: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
      },
    },
    Vip: { allOf: [ref('Buyer'), { required: ['rank'], properties: { rank: { type: 'integer' } } }] },
    Tree: { type: 'object', properties: { child: ref('Tree') }, additionalProperties: false },
  },
});
const { check, checkPartial } = createValidation([contract]);

test('a violation tells the pointer of the value and what it must be', () => {
  expect(check(ref('Buyer'))({ name: 1, email: 'nobody', status: 'Dead' })).toEqual([
    { path: '/name', message: 'must be string' },
    { path: '/email', message: 'must match format "email"' },
    { path: '/status', message: 'must be one of "New" or "Old"' },
  ]);
});

test('a missing or extra member is told by its own pointer', () => {
  expect(check(ref('Buyer'))({ address: {} })).toEqual([
    { path: '/name', message: 'is required' },
    { path: '/address/city', message: 'is required' },
  ]);
  expect(check(ref('Tree'))({ child: { 'a/b~c': 1 } })).toEqual([
    { path: '/child/a~1b~0c', message: 'is not allowed here' },
  ]);
});

test('the pointer of a violation leads to the wrong value, whatever the keys are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.nat(5), (outer, inner, index) => {
      fc.pre(outer !== '__proto__' && inner !== '__proto__');
      const schema = { additionalProperties: { items: { additionalProperties: { type: 'integer' } } } };
      const value = { [outer]: [...Array.from({ length: index }, () => ({ [inner]: 1 })), { [inner]: 'wrong' }] };

      const [violation, ...others] = check(schema)(value);

      expect(others).toEqual([]);
      expect(valueAt(value, violation?.path ?? '')).toBe('wrong');
    }),
  );
});

test('whatever the value, a check answers and leaves the value alone', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const before = JSON.stringify(value);
      expect(Array.isArray(check(ref('Vip'))(value))).toBe(true);
      expect(JSON.stringify(value)).toBe(before);
    }),
  );
});

test('OpenAPI formats are known, and int32 has its range', () => {
  const int32 = check({ type: 'integer', format: 'int32' });

  expect(int32(2 ** 31 - 1)).toEqual([]);
  expect(int32(2 ** 31)).toEqual([{ path: '', message: 'must match format "int32"' }]);
  expect(check({ type: 'string', format: 'password' })('x')).toEqual([]);
  expect(check({ type: 'string', format: 'made-up' })('x')).toEqual([]);
});

test('cents are multiples of 0.01', () => {
  expect(check({ multipleOf: 0.01 })(19.99)).toEqual([]);
  expect(check({ multipleOf: 0.01 })(19.999)).toHaveLength(1);
});

test('multiples are counted in decimals, however large the number is', () => {
  expect(check({ multipleOf: 0.01 })(1234567.89)).toEqual([]);
  expect(check({ multipleOf: 0.01 })(895726.94)).toEqual([]);
  expect(check({ multipleOf: 0.01 })(1234567.891)).toEqual([{ path: '', message: 'must be multiple of 0.01' }]);
});

test('what only the one side sets is required of the other side alone', () => {
  const { checkRequest, checkPatch } = createValidation([contract]);
  const schema = {
    type: 'object',
    required: ['id', 'name', 'password'],
    properties: {
      id: { type: 'string', readOnly: true },
      name: { type: 'string' },
      password: { type: 'string', writeOnly: true },
    },
  };
  expect(checkRequest(schema)({})).toEqual([
    { path: '/name', message: 'is required' },
    { path: '/password', message: 'is required' },
  ]);
  expect(check(schema)({})).toEqual([
    { path: '/id', message: 'is required' },
    { path: '/name', message: 'is required' },
  ]);
  expect(checkPatch(schema)({})).toEqual([]);
});

test('patterns see characters and not their halves, and sloppy ones still work', () => {
  expect(check({ pattern: '^.$' })('🙂')).toEqual([]);
  expect(check({ pattern: '^[\\w-.]+$' })('a-b.c')).toEqual([]);
});

test('a check of part of a thing requires none of its own members, but those of its members', () => {
  expect(checkPartial(ref('Vip'))({})).toEqual([]);
  expect(checkPartial(ref('Vip'))({ rank: 'high', address: {} })).toEqual([
    { path: '/address/city', message: 'is required' },
    { path: '/rank', message: 'must be integer' },
  ]);
});

test('of several alternatives the one that was meant explains itself', () => {
  const shape: Schema = {
    required: ['by'],
    anyOf: [
      { properties: { kind: { const: 'circle' }, radius: { type: 'number' } } },
      { properties: { kind: { const: 'square' }, side: { type: 'number' } } },
    ],
  };

  expect(check(shape)({ kind: 'square', side: 'long' })).toEqual([
    { path: '/side', message: 'must be number' },
    { path: '/by', message: 'is required' },
  ]);
});

test('alternatives that are equally far say so, and each error once', () => {
  const schema = { oneOf: [{ required: ['a', 'b'] }, { required: ['a', 'c'] }] };

  expect(check({ properties: { x: schema, y: { type: 'null' } } })({ x: {}, y: 1 })).toEqual([
    { path: '/x', message: 'must match one of 2 alternatives' },
    { path: '/x/a', message: 'is required' },
    { path: '/x/b', message: 'is required' },
    { path: '/x/c', message: 'is required' },
    { path: '/y', message: 'must be null' },
  ]);
});

test('alternative types are one message', () => {
  const schema = { anyOf: [{ type: 'string' }, { type: ['integer', 'null'] }] };

  expect(check(schema)(true)).toEqual([{ path: '', message: 'must be string or integer or null' }]);
});

test('more than one match of oneOf tells which', () => {
  expect(check({ oneOf: [{ type: 'number' }, { type: 'string' }, { minimum: 0 }] })(1)).toEqual([
    { path: '', message: 'must match exactly one of 3 alternatives, but matches number 1 and 3' },
  ]);
});

test('a choice in a choice keeps the pointers right', () => {
  const leaf = { anyOf: [{ properties: { z: { enum: [1, 2] } }, required: ['q'] }, { type: 'array' }] };
  const schema = { properties: { a: { anyOf: [{ properties: { b: leaf } }, { type: 'string' }] } } };

  expect(check(schema)({ a: { b: { z: 1 } } })).toEqual([{ path: '/a/b/q', message: 'is required' }]);
});

test('a property name that is not allowed is one violation', () => {
  expect(check({ propertyNames: { pattern: '^[a-z]+$' } })({ ok: 1, 'Not ok': 2 })).toEqual([
    { path: '/Not ok', message: 'has a name that is not allowed here' },
  ]);
});

test('where the names are listed, it tells them', () => {
  expect(check({ propertyNames: { enum: ['a', 'b'] } })({ a: 1, c: 2 })).toEqual([
    { path: '/c', message: 'has a name that is not allowed here: must be a or b' },
  ]);
});

test('a value nested a hundred thousand levels deep is one violation', () => {
  let tree: Record<string, unknown> = { bad: 1 };
  for (let level = 0; level < 100_000; level += 1) tree = { child: tree };

  expect(check(ref('Tree'))(tree)).toEqual([{ path: '', message: 'is nested too deeply to be checked' }]);
});

test('a deep value full of failed choices is answered in reasonable time', () => {
  const { check } = createValidation([
    contractOf({
      $defs: {
        Node: { anyOf: [{ type: 'object', properties: { next: ref('Node') }, required: ['next'] }, { type: 'null' }] },
      },
    }),
  ]);
  let node: unknown = 1;
  for (let level = 0; level < 1000; level += 1) node = { next: node };
  const started = performance.now();

  expect(check(ref('Node'))(node)).not.toEqual([]);
  // Must not look at each level once for every level above it.
  expect(performance.now() - started).toBeLessThan(4_000);
});

test('a schema is compiled once', () => {
  const schema = { type: 'string' };

  expect(check(schema)).toBe(check(schema));
});

test('boolean schemas are schemas', () => {
  expect(check(true)(1)).toEqual([]);
  expect(check(false)(1)).toEqual([{ path: '', message: 'is not allowed here' }]);
});

test('what no check can be made of checks nothing', () => {
  expect(check(ref('Nobody'))(1)).toEqual([]);
});

test('reference by reference, values are checked as all at once', () => {
  const contract = contractOf({
    $defs: {
      Node: {
        type: 'object',
        properties: { next: ref('Node'), size: ref('Size'), kind: { oneOf: [ref('Size'), ref('Word')] } },
        required: ['size'],
      },
      Size: { type: 'integer', maximum: 9 },
      Word: { type: 'string', minLength: 2 },
      Closed: { allOf: [ref('Node'), { properties: { extra: true } }], unevaluatedProperties: false },
      Listed: { type: 'array', prefixItems: [ref('Size')], unevaluatedItems: ref('Word') },
      Broken: { type: 'object', properties: { a: ref('Size'), b: ref('Nobody') } },
    },
  });
  const [lazy, eager] = [true, false].map((isLazy) => createValueAjv([contract], { isLazy }));
  const leaf = fc.constantFrom(1, 12, 'a', 'ab', null, true);
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('next', 'size', 'kind', 'extra', 'other'), tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.constantFrom('Node', 'Closed', 'Listed'), value, (name, tried) => {
      const results = [lazy, eager].map((ajv) => {
        const check = ajv?.compile(ref(name));
        const isValid = check?.(tried);
        return {
          isValid,
          errors: errorsOf(check?.errors),
        };
      });
      expect(results[0]).toEqual(results[1]);
    }),
    { numRuns: 300, seed: Number(process.env.SEED ?? 1) },
  );
  expect(lazy?.compile(ref('Broken'))({ a: 1, b: 7 })).toBe(true);
});

/** What a part has evaluated that is not valid itself, one counts and the other does not: invalid it is either way. */
function errorsOf(errors: readonly ErrorObject[] | null | undefined) {
  return errors
    ?.filter(({ keyword }) => !keyword.startsWith('unevaluated'))
    .map(({ instancePath, keyword, data }) => ({ instancePath, keyword, data }));
}

test('where one of many connected schemas cannot be compiled the others are checked', () => {
  const to = (index: number) => ref(`S${index % 300}`);
  const $defs = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [
      `S${index}`,
      {
        type: 'object',
        properties: { a: to(index + 1), b: to(index * 7), c: to(index + 150), n: { type: 'integer' } },
      },
    ]),
  );
  const many = contractOf({ $defs: { ...$defs, Bad: ref('Nobody') } });
  const check = createValidation([many]).check(to(0));

  expect(check({ n: 1, a: { b: { c: { n: 'x' } } } })).toEqual([{ path: '/a/b/c/n', message: 'must be integer' }]);
});

test('every day that a year has is a date, and no other is', () => {
  const { check } = createValidation([]);
  const [isDate, isTime] = [check({ format: 'date' }), check({ format: 'date-time' })];
  for (const year of [2023, 2024]) {
    for (let month = 0; month <= 13; month += 1) {
      for (let day = 0; day <= 32; day += 1) {
        const two = (part: number) => String(part).padStart(2, '0');
        const date = `${year}-${two(month)}-${two(day)}`;
        const isThere =
          month >= 1 && month <= 12 && day >= 1 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
        expect([date, isDate(date).length === 0]).toEqual([date, isThere]);
        const time = `${date}T09:30:00.000Z`;
        expect([time, isTime(time).length === 0]).toEqual([time, isThere]);
      }
    }
  }
});
