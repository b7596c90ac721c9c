import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEEPEST_JSON, parseJson } from '../../../src/surfaces/http/parse-json.ts';

test('every JSON value without a forbidden key or half a character is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      if (text.includes('"__proto__"') || /\\ud[89a-f]/i.test(text)) return;
      expect(parseJson(text)).toEqual({ value: JSON.parse(text) });
    }),
  );
});

test('a text that JSON.parse refuses is refused, and one that it takes only for a reason of ours', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '0',
    '.5',
    'e3',
    'true',
    'nul',
    ' ',
    '\n',
    '\\u00e9',
    '"b\\n"',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      const result = parseJson(text);
      if ('value' in result) expect(result.value).toEqual(JSON.parse(text));
      else if (!/repeats the key|has a number that is too large/.test(result.problem))
        expect(() => JSON.parse(text), text).toThrow();
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['', 'is not valid JSON: it ends where a value is due, at line 1, column 1'],
  ['{"a":1,}', 'is not valid JSON: a key in quotation marks is due at line 1, column 8'],
  ['{\n  "a" 1\n}', 'is not valid JSON: a colon is due at line 2, column 7'],
  ['[1 2]', 'is not valid JSON: a comma or ] is due at line 1, column 4'],
  ['{} x', 'has something behind its end at line 1, column 4'],
  ['{"a":1,"\\u0061":2}', 'repeats the key "a" at line 1, column 8'],
  ['{"__proto__":1}', 'has the key "__proto__", which is not allowed, at line 1, column 2'],
  ['["\\ud800"]', 'has half a character (a lone surrogate) at line 1, column 2'],
  ['1e999', 'has a number that is too large at line 1, column 1'],
  ['"\t"', 'has a string that is not valid JSON at line 1, column 1'],
])('%j is refused, and told where', (text, problem) => {
  expect(parseJson(text)).toEqual({ problem });
});

test('nesting is read down to a depth, and not one level further', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(parseJson(nested(DEEPEST_JSON))).toHaveProperty('value');
  expect(parseJson(nested(DEEPEST_JSON + 1))).toHaveProperty('problem');
});

test('a pair of surrogates and keys of the prototype are plain data', () => {
  expect(parseJson('{"constructor":"\\ud83d\\ude00","toString":1}')).toEqual({
    value: { constructor: '😀', toString: 1 },
  });
});

test('a long text of escapes is read without running out of anything', () => {
  const text = JSON.stringify('"\n'.repeat(500_000));
  expect(parseJson(text)).toHaveProperty('value');
});
