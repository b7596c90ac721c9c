import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createValueAjv } from '../../src/contracts/ajv.ts';
import { type SchemaFault, toModernSchema } from '../../src/contracts/modern-schema.ts';
import { knownKeywords } from '../../src/contracts/schema-keywords.ts';

const context = { isRefAlone: false, reference: () => undefined };

test.each([
  ['a type that is null', { type: null }, {}, 'error'],
  ['a type that is none', { type: 'thing' }, {}, 'error'],
  ['a type of another language', { type: 'Long' }, { type: 'integer' }, 'warning'],
  ['null among the types', { type: ['string', null] }, { type: ['string', 'null'] }, 'warning'],
  ['an empty enum', { enum: [] }, {}, 'error'],
  [
    'numbers where texts were meant',
    { type: 'string', enum: [1, true, null] },
    { type: 'string', enum: ['1', 'true', null] },
    'warning',
  ],
  [
    'texts where numbers were meant',
    { type: 'integer', enum: ['1', '2'] },
    { type: 'integer', enum: [1, 2] },
    'warning',
  ],
  ['a pattern with flags', { pattern: '(?i)^a$' }, {}, 'error'],
  [
    'a pattern among others',
    { patternProperties: { '[': {}, '^x': {} } },
    { patternProperties: { '^x': {} } },
    'warning',
  ],
  ['a bound that is a text', { minimum: '5' }, { minimum: 5 }, 'warning'],
  ['a bound that is no number', { maximum: 'none' }, {}, 'error'],
  ['a negative length', { maxLength: -1 }, {}, 'error'],
  ['a multiple of nothing', { multipleOf: 0 }, {}, 'error'],
  ['a flag that is a text', { uniqueItems: 'true' }, { uniqueItems: true }, 'warning'],
  ['required that is a name', { required: 'id' }, {}, 'error'],
  ['required with what is no name', { required: ['id', 7] }, { required: ['id'] }, 'warning'],
  ['no alternative', { anyOf: [] }, {}, 'error'],
  ['properties in a list', { properties: [] }, {}, 'error'],
  ['a text for a schema', { items: 'string' }, { items: {} }, 'error'],
  ['a slip in a keyword', { requried: ['id'] }, {}, 'error'],
  ['a slip in a note', { descripton: 'A.' }, {}, 'warning'],
  ['a keyword of nobody', { in: 'query' }, {}, 'warning'],
])('%s is taken as it was meant, or not at all, and reported', (_, schema, modern, severity) => {
  const faults: SchemaFault[] = [];

  expect(toModernSchema(schema, { ...context, report: (fault) => faults.push(fault) })).toEqual(modern);
  expect(faults.map((fault) => fault.severity)).toEqual([severity]);
});

test('an empty name is a schema, and a fault says where it is', () => {
  const faults: SchemaFault[] = [];
  const schema = { properties: { owner: null, size: { items: [{}, { maxLength: 'long' }] } } };

  toModernSchema(schema, { ...context, report: (fault) => faults.push(fault) });
  expect(faults.map(({ keys }) => keys)).toEqual([['properties', 'size', 'items', '1', 'maxLength']]);
});

test('data is kept, but for names that a validator would take for identifiers', () => {
  const data = { 'x-note': { $id: 'a', b: { $anchor: '[' } }, xml: { name: 'n' }, default: { $id: 'a' } };

  expect(toModernSchema(data, context)).toEqual({ 'x-note': { b: {} }, xml: { name: 'n' }, default: { $id: 'a' } });
});

test('whatever stands behind whatever keyword, a check can be made of the schema', () => {
  const keyword = fc.constantFrom(
    ...knownKeywords(),
    '$async',
    '$data',
    'discriminator',
    'formatMinimum',
    'constructor',
  );
  const { schema } = fc.letrec((tie) => ({
    junk: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(null, true, false, 0, -1, 1.5, 7, '', 'true', '5', '(?i)a', '[', 'string', 'object', 'date-time'),
      fc.array(fc.oneof(tie('junk'), tie('schema')), { maxLength: 3 }),
      tie('schema'),
      fc.dictionary(fc.constantFrom('a', '^x', '['), tie('junk'), { maxKeys: 3 }),
    ),
    schema: fc.dictionary(keyword, tie('junk'), { maxKeys: 5 }),
  }));
  const ajv = createValueAjv([]);
  const values = [undefined, null, 'a', 7, true, [1, 'a'], { a: { a: 1 }, x: [] }];
  fc.assert(
    fc.property(schema, (written) => {
      const validate = ajv.compile(toModernSchema(written, context));
      for (const value of values) validate(value);
    }),
    { numRuns: Number(process.env.RUNS ?? 300), seed: Number(process.env.SEED ?? 1) },
  );
});
