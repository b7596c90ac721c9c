import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { pointerTo, valueAt } from '../../../src/lib/json-pointer.ts';
import { parseText } from '../../../src/lib/text/parse-text.ts';
import { readPositions } from '../../../src/lib/text/text-positions.ts';
import { MAX_DEPTH } from '../../../src/lib/value-size.ts';

test.each([
  ['a text that goes on at the column of its key', "a:\n  b: 'one\n  two'\n  c: 1", { a: { b: 'one two', c: 1 } }],
  ['a comment without a space', 'a: "b"#comment\nc: [1]#comment', { a: 'b', c: [1] }],
  ['the end of a list at the column of its key', 'a: [\n  1\n]', { a: [1] }],
  ['a name that stands there twice', 'a: 1\na: 2', { a: 2 }],
  ['dates, which stay texts', 'a: 2026-01-01\nb: 12:30:00', { a: '2026-01-01', b: '12:30:00' }],
  ['what is merged', 'x: &x {a: 1}\ny: {<<: *x, b: 2}', { x: { a: 1 }, y: { a: 1, b: 2 } }],
  ['a tag that nobody knows', 'a: !include b.yaml\nc: !!set {d}', { a: 'b.yaml', c: { d: null } }],
  ['the first of two documents', 'a: 1\n---\nb: 2', { a: 1 }],
  ['a byte order mark', '\uFEFF{"a": 1}', { a: 1 }],
  ['JSON with a comma too much', '{"a": [1, 2,],}', { a: [1, 2] }],
])('%s can be read', (_, text, value) => {
  expect(parseText(text)).toMatchObject({ value });
});

test('what cannot be read has a line and a column', () => {
  expect(parseText('a: 1\nb: c: d')).toEqual({ error: { line: 2, column: 4, message: expect.stringMatching(/\.$/) } });
});

test('aliases that stand for more than there is room for are refused, and so is what contains itself', () => {
  const laughs = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(',')}]`);
  expect(parseText(['a0: &a0 ha', ...laughs].join('\n'))).toMatchObject({
    error: { message: /more than 10000000 values/ },
  });
  expect(parseText('a: &a [*a]')).toMatchObject({ error: { line: 1 } });
});

test.each(['[', '{"a":'])('nothing is so deep that it ends the program: %s…', (opening) => {
  const depth = MAX_DEPTH * 250;
  const text = opening.repeat(depth) + (opening === '[' ? ']' : '1}').repeat(depth).replace(/^1(?=\])/, '');
  expect(parseText(text)).toMatchObject({ error: { message: /deep/ } });
});

test('a place in JSON is found where a parser of YAML finds it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(4), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const [json, yaml] = [readPositions(text, true), readPositions(text, false)];
      for (const pointer of pointersIn(value)) {
        expect(json.locate(pointer)).toEqual(yaml.locate(pointer));
        expect(json.locate(pointer, true)).toEqual(yaml.locate(pointer, true));
        expect(json.locate(`${pointer}/nowhere`)).toEqual(yaml.locate(`${pointer}/nowhere`));
      }
    }),
    { numRuns: 100, seed: Number(process.env.SEED ?? 1) },
  );
});

test('what is written as YAML is read as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3, noUnicodeString: true } as fc.JsonSharedConstraints), (value) => {
      fc.pre(typeof value === 'object' && value !== null);
      expect(parseText(stringify(value))).toMatchObject({ value: JSON.parse(JSON.stringify(value)) });
    }),
    { numRuns: 100, seed: Number(process.env.SEED ?? 1) },
  );
});

function pointersIn(value: unknown, pointer = ''): string[] {
  const inside = valueAt(value, '');
  if (typeof inside !== 'object' || inside === null) return [pointer];
  return [pointer, ...Object.entries(inside).flatMap(([key, member]) => pointersIn(member, pointerTo(pointer, key)))];
}
