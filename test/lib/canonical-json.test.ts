import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, canonicalPieces } from '../../src/lib/canonical-json.ts';

test('values that are equal give the same text, whatever the order of their members', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
  expect(canonicalJson({ a: 'x', b: [{ c: null, d: 1 }] })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
});

test('a member without a value is left out, and an item without one is null', () => {
  expect(canonicalJson({ b: undefined, a: [undefined] })).toBe('{"a":[null]}');
});

test('any JSON value comes back as it was, with members in order and none lost', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toJSON', '10', '9', 'a'));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue(), fc.array(tie('value')), fc.dictionary(name, tie('value'))),
  }));
  fc.assert(
    fc.property(fc.oneof(value, fc.record({ items: fc.array(value, { minLength: 16, maxLength: 16 }) })), (given) => {
      const plain: unknown = JSON.parse(JSON.stringify(given));
      const text = canonicalJson(plain);
      expect(JSON.parse(text)).toEqual(plain);
      expect(canonicalJson(backwards(plain))).toBe(text);
      expect([...canonicalPieces(backwards(plain), '\n')].join('')).toBe(`${text}\n`);
    }),
  );
});

test('of a long list, each item is put in order when its piece is written', () => {
  let asked = 0;
  const items = Array.from({ length: 1_000 }, (_, index) => ({
    get b() {
      asked += 1;
      return index;
    },
    a: 'x'.repeat(50),
  }));
  const [first] = canonicalPieces({ items }, '');
  expect(first).toContain('{"items":[{"a":');
  expect(asked).toBeLessThan(400);
});

/** The same value with all members the other way round. */
function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, backwards(member)]),
  );
}
