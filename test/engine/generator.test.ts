import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createValidation } from '../../src/contracts/validation.ts';
import { createGenerator } from '../../src/engine/values/generator.ts';
import type { Schema, SchemaObject } from '../../src/model/schema.ts';
import { contractOf, ref } from '../contracts/contract-builder.ts';

const contracts = [
  contractOf({
    $defs: {
      Tree: {
        type: 'object',
        required: ['label', 'children'],
        properties: { label: { type: 'string' }, parent: ref('Tree'), children: { type: 'array', items: ref('Tree') } },
      },
      Chain: {
        type: 'object',
        required: ['next'],
        properties: { next: { anyOf: [ref('Chain'), { type: 'null' }] } },
      },
      Endless: { type: 'object', required: ['next'], properties: { next: ref('Endless') } },
      Envelope: { type: 'object', required: ['id'], properties: { id: { type: 'string', format: 'uuid' } } },
      Event: { allOf: [ref('Envelope'), { properties: { amount: { type: 'number', minimum: 5000 } } }] },
    },
  }),
];
const validation = createValidation(contracts);
// Without `validation`, so that a first draw that breaks the schema shows.
const generator = createGenerator(contracts);

test.each<[string, Schema]>([
  ['date', { type: 'string', format: 'date' }],
  ['date-time', { type: 'string', format: 'date-time' }],
  ['time', { type: 'string', format: 'time' }],
  ['duration', { type: 'string', format: 'duration' }],
  ['uuid', { type: 'string', format: 'uuid' }],
  ['email', { type: 'string', format: 'email' }],
  ['uri', { type: 'string', format: 'uri' }],
  ['uri-reference', { type: 'string', format: 'uri-reference' }],
  ['uri-template', { type: 'string', format: 'uri-template' }],
  ['hostname', { type: 'string', format: 'hostname' }],
  ['ipv4', { type: 'string', format: 'ipv4' }],
  ['ipv6', { type: 'string', format: 'ipv6' }],
  ['json-pointer', { type: 'string', format: 'json-pointer' }],
  ['relative-json-pointer', { type: 'string', format: 'relative-json-pointer' }],
  ['regex', { type: 'string', format: 'regex' }],
  ['byte', { type: 'string', format: 'byte' }],
  ['an unknown format', { type: 'string', format: 'made-up' }],
  ['lengths', { type: 'string', minLength: 30, maxLength: 32 }],
  ['a short string', { type: 'string', maxLength: 3 }],
  ['a pattern', { type: 'string', pattern: '^[0-9a-f]{24}$' }],
  ['a pattern beside a format', { type: 'string', format: 'made-up', pattern: '^A[0-9]+$' }],
  ['int32', { type: 'integer', format: 'int32' }],
  ['int64 of a number', { type: 'number', format: 'int64' }],
  ['a lower bound beyond the usual', { type: 'integer', minimum: 5000 }],
  ['an upper bound below zero', { type: 'number', maximum: -2000 }],
  ['an upper bound of zero', { type: 'integer', exclusiveMaximum: 0 }],
  ['exclusive bounds', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.004 }],
  ['cents', { type: 'number', multipleOf: 0.01 }],
  ['an enum', { enum: ['a', 1, null] }],
  ['a constant', { const: { a: 1 } }],
  ['several types', { type: ['string', 'null'] }],
  ['nothing at all', {}],
  ['an array of unique items', { type: 'array', items: { enum: [1, 2, 3] }, uniqueItems: true, minItems: 3 }],
  ['a tuple', { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'boolean' }], minItems: 2, items: false }],
  ['a map', { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 2 }],
  ['a closed object', { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }],
  ['an unknown keyword', { type: 'object', 'x-note': { type: 'string' }, example: { a: 1 } }],
  ['allOf through references', ref('Event')],
  ['allOf with crossed bounds', { allOf: [{ type: 'number', maximum: 9000 }, { minimum: 8000 }] }],
  ['allOf that gives a type a pattern', { allOf: [{ type: 'string' }, { pattern: '^x{3}$' }] }],
  ['a choice beside properties', { type: 'object', required: ['b'], anyOf: [{ properties: { b: { const: 1 } } }] }],
  ['oneOf', { oneOf: [{ type: 'integer' }, { type: 'string', format: 'date' }] }],
  ['two choices at once', { anyOf: [{ minimum: 5 }], oneOf: [{ type: 'integer' }, { type: 'null' }] }],
  ['a type that contains itself', ref('Tree')],
  ['a type that ends only by a choice', ref('Chain')],
])('a value for %s keeps to the schema', (_, schema) => {
  const check = validation.check(schema);
  for (let seed = 1; seed <= 50; seed += 1) {
    const value = generator.generate(schema, randomOf(seed));
    expect({ value, violations: check(value) }).toEqual({ value, violations: [] });
  }
});

test('values keep to any sensible schema', () => {
  fc.assert(
    fc.property(schemas(), fc.integer(), (schema, seed) => {
      const value = generator.generate(schema, randomOf(seed));
      expect(validation.check(schema)(value)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('the same draws make the same value, whatever was made in between or elsewhere', () => {
  const other = createGenerator(contracts);

  const first = generator.generate(ref('Tree'), randomOf(7));
  other.generate(ref('Event'), randomOf(8));

  expect(generator.generate(ref('Tree'), randomOf(7))).toEqual(first);
  expect(other.generate(ref('Tree'), randomOf(7))).toEqual(first);
  expect(generator.generate(ref('Tree'), randomOf(9))).not.toEqual(first);
});

test('a tree ends', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    expect(JSON.stringify(generator.generate(ref('Tree'), randomOf(seed))).length).toBeLessThan(5000);
  }
});

test('times are in the thirty days before now, and there is no other clock', () => {
  const schema: Schema = { type: 'string', format: 'date-time' };

  const made = String(generator.generate(schema, randomOf(1), { now: '2031-05-31T00:00:00.000Z' }));

  expect(made >= '2031-05-01' && made <= '2031-05-31T00:00:00.000Z').toBe(true);
  expect(String(generator.generate(schema, randomOf(1)))).toMatch(/^202(5-12|6-01-01)/);
});

test('telephone numbers, mailboxes and hosts reach nobody', () => {
  const properties = { contactPhone: { type: 'string' }, email: { type: 'string' }, callback: { type: 'string' } };
  const schema: Schema = { type: 'object', required: Object.keys(properties), properties };

  for (let seed = 1; seed <= 50; seed += 1) {
    expect(generator.generate(schema, randomOf(seed))).toEqual({
      contactPhone: expect.stringMatching(/^(\+442079460\d{3}|\+447700900\d{3}|\+121255501\d{2}|\+493023125\d{3})$/),
      email: expect.stringMatching(/@example\.com$/),
      callback: expect.stringMatching(/^https:\/\/example\.com\//),
    });
  }
});

test('numbers are not negative unless the schema wants them to be', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    expect(generator.generate({ type: 'number' }, randomOf(seed))).toBeGreaterThanOrEqual(0);
  }
});

test('what cannot be drawn for at once is drawn again', () => {
  const schema: Schema = { type: 'integer', minimum: 0, maximum: 3, not: { minimum: 2 } };
  const careful = createGenerator(contracts, { validation });

  for (let seed = 1; seed <= 20; seed += 1) {
    expect(careful.generate(schema, randomOf(seed))).toBeLessThan(2);
  }
});

test('of a schema that no value of finite size meets, as much is shown as there is room for', () => {
  const text = JSON.stringify(generator.generate(ref('Endless'), randomOf(1)));

  expect(text).toMatch(/^\{/);
  expect(text.length).toBeLessThan(5000);
});

/** Each of these once held the process for seconds, or for good. */
test.each<[string, Schema]>([
  ['items at most', { type: 'array', items: { type: 'string' }, maxItems: 9007199254740991 }],
  ['items at least', { type: 'array', items: { type: 'string' }, minItems: 1e9 }],
  [
    'lists in lists',
    {
      type: 'array',
      maxItems: 200,
      items: { type: 'array', minItems: 200, items: { type: 'array', minItems: 200, items: { type: 'null' } } },
    },
  ],
  ['lists in lists, from several parts', nestedParts(5)],
  ['items that contain', { type: 'array', contains: { type: 'null' }, minContains: 1e9, maxContains: 9e15 }],
  [
    'different items of which there are few',
    { type: 'array', uniqueItems: true, minItems: 1e9, items: { type: 'boolean' } },
  ],
  ['members', { type: 'object', minProperties: 1e9, additionalProperties: { type: 'null' } }],
  ['characters at least', { type: 'string', minLength: 1e9 }],
  ['characters at most', { type: 'string', format: 'uuid', minLength: 1e9, maxLength: 9007199254740991 }],
  ['a pattern that repeats', { type: 'string', pattern: '^a{100000000}$' }],
  ['a pattern whose groups repeat', { type: 'string', pattern: '^(((a{1000}){1000}){1000}){1000}$' }],
  ['a pattern whose groups may repeat', { type: 'string', pattern: `^${'('.repeat(40)}a${')*'.repeat(40)}$` }],
  ['a pattern of many ranges', { type: 'string', minLength: 10_000, pattern: '[\u0000-\uffff]'.repeat(300) }],
  [
    'choices beside choices',
    { allOf: Array.from({ length: 40 }, () => ({ anyOf: [{ minimum: 1 }, { minimum: 2 }] })) },
  ],
])('a sample stays small and quick to make: %s', (_what, schema) => {
  const careful = createGenerator(contracts, { validation });
  const began = performance.now();

  const value = careful.generate(schema, randomOf(1));

  // A fraction of a second where nobody else is at work; without its bounds it would not end.
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(JSON.stringify(value).length).toBeLessThan(50_000);
});

test('what every part of a schema doubles is cut, not written out', () => {
  const $defs: Record<string, Schema> = { Double0: { type: 'string' } };
  for (let level = 1; level <= 30; level += 1) {
    const half = ref(`Double${level - 1}`);
    $defs[`Double${level}`] = { type: 'object', required: ['a', 'b'], properties: { a: half, b: half } };
  }

  const doubling = createGenerator([contractOf({ $defs })]);

  expect(JSON.stringify(doubling.generate(ref('Double30'), randomOf(1))).length).toBeLessThan(100_000);
});

test('a long pattern is cut where it repeats, and left alone where its text fits', () => {
  expect(generator.generate({ type: 'string', pattern: '^[0-9a-f]{64}(-[A-Z]{12}){3}$' }, randomOf(1))).toMatch(
    /^[0-9a-f]{64}(-[A-Z]{12}){3}$/,
  );
  expect(generator.generate({ type: 'string', pattern: '^a{100000000}$' }, randomOf(1))).toMatch(/^a{2000}$/);
});

/** Lists in lists, each told by two parts, of which only one knows the length. */
function nestedParts(depth: number): Schema {
  if (depth === 0) return { type: 'null' };
  return { allOf: [{ type: 'array', items: nestedParts(depth - 1) }, { minItems: 200 }] };
}

/** A small source of chance (mulberry32): enough for a test. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Satisfiable schemas of all types, three levels deep. */
function schemas(): fc.Arbitrary<SchemaObject> {
  const name = fc.constantFrom('id', 'name', 'email', 'phone', 'price', '@type', 'a/b');
  const { schema } = fc.letrec<{ schema: SchemaObject }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      fc.constantFrom<SchemaObject>({ type: 'boolean' }, { type: 'null' }, { enum: ['a', 'b'] }, {}),
      fc
        .tuple(fc.integer({ min: -5000, max: 5000 }), fc.nat(9000), fc.constantFrom('integer', 'number'))
        .map(([minimum, range, type]): SchemaObject => ({ type, minimum, maximum: minimum + range })),
      fc
        .tuple(fc.nat(20), fc.nat(20))
        .map(([minLength, range]): SchemaObject => ({ type: 'string', minLength, maxLength: minLength + range })),
      fc.tuple(tie('schema'), fc.nat(3)).map(([items, minItems]): SchemaObject => ({ type: 'array', items, minItems })),
      fc.tuple(fc.dictionary(name, tie('schema')), fc.array(name), fc.option(fc.boolean(), { nil: undefined })).map(
        ([properties, required, additionalProperties]): SchemaObject => ({
          type: 'object',
          properties,
          required: required.filter((each) => Object.hasOwn(properties, each)),
          ...(additionalProperties !== undefined && { additionalProperties }),
        }),
      ),
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf): SchemaObject => ({ anyOf })),
    ),
  }));
  return schema;
}
