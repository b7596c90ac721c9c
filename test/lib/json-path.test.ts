import { expect, test } from 'vitest';
import { jsonPathMistake, placesOf, pointerKeys, queryJson } from '../../src/lib/json-path.ts';

const ORDERS = [
  { id: 1, lines: [{ sku: 'pen' }], paid: true, sent: true, done: true },
  { id: 2, lines: [{ sku: 'ink' }], paid: true, sent: true },
];

test.each([
  ['an index inside a filter', "$[?@.lines[0].sku == 'ink'].id", [2]],
  ['three conditions at once', '$[?@.paid && @.sent && @.done].id', [1]],
  ['a function over what a query finds', '$[?count(@.lines[*]) == 1].id', [1, 2]],
  ['a regular expression', "$[?match(@.lines[0].sku, 'p.n')].id", [1]],
  ['everything below', '$..sku', ['pen', 'ink']],
  ['a slice from the end', '$[-1:].id', [2]],
])('a path selects by %s', (_what, path, selected) => {
  expect(queryJson(ORDERS, path)).toEqual(selected);
});

test('the places that a path selects are told as keys', () => {
  expect(placesOf(ORDERS, "$[?@.id == 2].lines[*]['sku']")).toEqual([['1', 'lines', '0', 'sku']]);
});

test.each([
  ['$.a[', 'unclosed bracketed selection'],
  ['a.b', "expected '$'"],
  ['$[?count(1) > 2]', 'count() argument 0'],
  ['$[?length(@.a)]', 'length()'],
  ['$[9007199254740992]', 'index out of range'],
])('what RFC 9535 does not know is refused: %s', (path, reason) => {
  expect(jsonPathMistake(path)).toContain(reason);
});

test.each([
  ['', []],
  ['/a~1b/~0', ['a/b', '~']],
  ['#/lines/0', ['lines', '0']],
  ['lines', undefined],
  ['/a~2', undefined],
])('a JSON Pointer %j leads to keys', (pointer, keys) => {
  expect(pointerKeys(pointer)).toEqual(keys);
});

test.each([
  [
    'a pattern that V8 would try for hours',
    ["$[?search(@, '(a?){40}a{40}b')]", '$[?match(@, "(a*)*b")]', '$[?search(@,"(a|aa)+$")]'],
  ],
  ['queries in queries', ['$..[?@..[?@..[?@..[?@..x]]]]', '$..*..*..*..*..*', '$..[?count(@..*..*..*) == 1]']],
  ['very many selectors', [`$${'[*,*]'.repeat(40)}`, `$[${'*,'.repeat(2_000)}*]..*`]],
  ['parentheses', [`$[?${'('.repeat(3_000)}@.a${')'.repeat(3_000)}]`, `$[?${'!'.repeat(5_000)}@.a]`]],
  ['a long path', [`$${'.a'.repeat(100_000)}`]],
])('%s ends soon', (_what, paths) => {
  let nested: unknown[] = ['a'.repeat(5_000)];
  for (let level = 0; level < 12; level += 1) nested = [nested, nested];
  for (const path of paths) {
    for (const value of [nested, ['a'.repeat(50_000)]]) {
      const before = process.cpuUsage();
      try {
        queryJson(value, path);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect(String(error)).not.toContain('call stack');
      }
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
    }
  }
});

test('a query takes no more steps than each may, however many are left for all of them', () => {
  const items = Array.from({ length: 1_000 }, (_, id) => ({ id }));
  const budget = { left: 100_000, each: 2_000 };

  expect(() => queryJson({ items }, '$.items[?@.id == 7]', budget)).toThrow('takes too many steps');
  expect(queryJson({ items: items.slice(0, 100) }, '$.items[?@.id == 7]', budget)).toEqual([{ id: 7 }]);
  expect(budget.left).toBeGreaterThan(90_000);
});
