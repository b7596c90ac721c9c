import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonPieces, writeJson } from '../../src/lib/json-pieces.ts';
import { LongText } from '../../src/lib/long-text.ts';

const product = { id: 'PROD-1', name: 'Fibre 1000', note: 'x'.repeat(1_000) };
const body = { kind: 'response', body: { items: Array.from({ length: 100 }, () => product), total: 100 } };

test('a long list is written in pieces, none of which is long', () => {
  const pieces = [...jsonPieces(body, '\n')];

  expect(pieces.join('')).toBe(`${JSON.stringify(body)}\n`);
  expect(pieces.length).toBeGreaterThan(5);
  for (const piece of pieces) expect(piece.length).toBeLessThan(16 * 2 ** 10);
});

test('what is short is one piece', () => {
  expect([...jsonPieces(product, '\n')]).toEqual([`${JSON.stringify(product)}\n`]);
  expect([...jsonPieces([])]).toEqual(['[]']);
  expect(writeJson(product)).toBe(JSON.stringify(product));
  expect(writeJson(Array.from({ length: 100 }, () => 1))).toBe(JSON.stringify(Array.from({ length: 100 }, () => 1)));
});

test('a long body is a text in pieces', () => {
  const text = writeJson(body) as LongText;

  expect(text).toBeInstanceOf(LongText);
  expect(text.pieces().join('')).toBe(JSON.stringify(body));
});

test('of a very long body only the beginning is written until somebody asks for the rest', () => {
  const items = Array.from({ length: 1_000 }, (_, id) => ({ ...product, id }));
  const text = writeJson({ items }) as LongText;

  expect(text.isWhole).toBe(false);
  expect(text.pieces().join('')).toBe(JSON.stringify({ items }));
  expect(text.isWhole).toBe(true);
});

test('any value is written as JSON.stringify writes it, also with members that are not there', () => {
  const many = fc.array(fc.jsonValue(), { minLength: 14, maxLength: 20 });
  const members = fc.dictionary(fc.string(), fc.option(fc.jsonValue(), { nil: undefined }), {
    minKeys: 14,
    maxKeys: 20,
  });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), many, members, fc.record({ a: many, b: members })), (value) => {
      expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
    }),
  );
});
