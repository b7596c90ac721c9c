import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toModernSchema } from '../../src/contracts/modern-schema.ts';
import { isOnOnePath, keysOf, pointerTo, valueAt } from '../../src/lib/json-pointer.ts';
import { nearestWord } from '../../src/lib/nearest-word.ts';

const context = { isRefAlone: true, reference: (ref: string) => (ref === '#/lost' ? undefined : `contract:${ref}`) };

test.each([
  ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  ['a nullable enum', { type: 'string', enum: ['a'], nullable: true }, { type: ['string', 'null'], enum: ['a', null] }],
  [
    'nullable beside allOf',
    { allOf: [{ type: 'object' }], nullable: true },
    { anyOf: [{ allOf: [{ type: 'object' }] }, { type: 'null' }] },
  ],
  ['a boolean bound', { minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
  ['an unset boolean bound', { maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
  [
    'a tuple',
    { items: [{ type: 'string' }], additionalItems: false },
    { prefixItems: [{ type: 'string' }], items: false },
  ],
  ['example', { type: 'string', example: 'a' }, { type: 'string', examples: ['a'] }],
  [
    'required inside properties',
    { properties: { a: { type: 'string', required: true }, b: { required: false } }, required: ['c'] },
    { properties: { a: { type: 'string' }, b: {} }, required: ['c', 'a'] },
  ],
  ['a file', { type: 'file' }, { type: 'string', format: 'binary' }],
  [
    'dependencies',
    { dependencies: { a: ['b'], c: { type: 'object' } } },
    { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { type: 'object' } } },
  ],
  ['a reference with neighbours', { $ref: '#/a', description: 'Ignored.' }, { $ref: 'contract:#/a' }],
  ['a reference to nowhere', { $ref: '#/lost' }, {}],
])('%s is written in the 2020-12 dialect', (_, old, modern) => {
  expect(toModernSchema(old, context)).toEqual(modern);
});

test('a schema that is modern already stays as it is', () => {
  const schema = fc.letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.record({ type: fc.constantFrom('string', 'integer'), description: fc.string() }),
      fc.record({ type: fc.constant('array'), items: tie('schema') }),
      fc.record({ properties: fc.dictionary(fc.stringMatching(/^[a-z$]{1,9}$/), tie('schema')) }),
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1 }) }),
    ),
  })).schema;
  fc.assert(
    fc.property(schema, (value) => {
      expect(toModernSchema(value, context)).toEqual(value);
    }),
  );
});

test('a pointer leads back to the keys it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (keys) => {
      expect(keysOf(pointerTo('', ...keys))).toEqual(keys);
    }),
  );
  expect(valueAt({ 'a/b': [1, 2] }, '/a~1b/1')).toBe(2);
  expect(isOnOnePath('/a/b', '/a')).toBe(true);
  expect(isOnOnePath('/ab', '/a')).toBe(false);
});

test('a slip leads to the word that was meant, another word to none', () => {
  expect(nearestWord('requried', ['properties', 'required'])).toBe('required');
  expect(nearestWord('tpye', ['title', 'type'])).toBe('type');
  expect(nearestWord('banana', ['title', 'type'])).toBeUndefined();
});
