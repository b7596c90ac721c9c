import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matches } from '../../../src/engine/state/store/filter.ts';
import { parseTmfQuery } from '../../../src/engine/tmf630/attribute-query.ts';
import { Refusal } from '../../../src/model/command.ts';

const ATTRIBUTES = ['id', 'name', 'state', 'creditLimit', 'relatedParty', 'paymentStatus'];
const read = (query: string) => parseTmfQuery(query, (name) => ATTRIBUTES.includes(name));

const accounts = [
  { id: '1', name: 'Ann', state: 'Active', creditLimit: { value: 100 }, relatedParty: [{ id: 'CUS-1' }] },
  { id: '2', name: 'Bob', state: 'Suspended', creditLimit: { value: 250 }, relatedParty: [{ id: 'CUS-2' }] },
  { id: '3', name: 'Cid', state: 'Closed', relatedParty: [{ id: 'CUS-1' }, { id: 'CUS-2' }] },
];
const found = (query: string) => {
  const { filter } = read(query);
  return accounts
    .filter((account) => filter === undefined || matches(filter, account))
    .map(({ id }) => id)
    .join('');
};

test.each([
  ['', '123'],
  ['state=Active', '1'],
  ['state=Active&name=Bob', ''],
  ['state=Active,Closed', '13'],
  ['state=Active&state=Closed', '13'],
  ['state=Active;state=Closed', '13'],
  ['state=Active;name=Bob', '12'],
  ['relatedParty.id=CUS-2', '23'],
  ['creditLimit.value=100', '1'],
  ['creditLimit.value.gt=100', '2'],
  ['creditLimit.value.gte=100', '12'],
  ['creditLimit.value.lt=250', '1'],
  ['creditLimit.value.lte=250', '12'],
  ['creditLimit.value.gt=50&creditLimit.value.lt=200', '1'],
  ['creditLimit.value%3E100', '2'],
  ['creditLimit.value%3E=100', '12'],
  ['creditLimit.value%3E%3D100', '12'],
  ['creditLimit.value%3C200', '1'],
  ['state.eq=Active', '1'],
  ['state%3D%3DActive', '1'],
  ['state.ne=Active', '23'],
  ['name.regex=%5E(A%7CB)', '12'],
  ['name%3D~%5EB', '2'],
  ['nonsense=1', '123'],
  ['nonsense.gt=1&state=Active', '1'],
  ['fields=id&offset=1&limit=1&sort=-name', '123'],
  ['name=A+n', ''],
])('%s finds %s', (query, ids) => {
  expect(found(query)).toBe(ids);
});

test('sort takes names with a sign', () => {
  expect(read('sort=-name,creditLimit.value,+id').order).toEqual([
    { path: 'name', descending: true },
    { path: 'creditLimit.value', descending: false },
    { path: 'id', descending: false },
  ]);
});

test.each([
  ["$[?(@.state=='Active')]", '1'],
  ["$[?(@.state=='Active' || @.creditLimit.value > 200)]", '12'],
  ["$[?(@.state!='Active' && !@.creditLimit)]", '3'],
  ["$[?@.relatedParty[?(@.id=='CUS-2')]]", '23'],
  ["relatedParty[?(@.id=='CUS-2')]", '23'],
  ["$.relatedParty[?(@.id=='CUS-1')]", '13'],
  ['creditLimit.value', '12'],
  ["['creditLimit']", '12'],
  ["$[?search(@.name, '^[AB]')]", '12'],
  ["$[?@.name == 'a;name==b']", ''],
  ['$..value', '12'],
  ['$[*]', '123'],
  ['nonsense', ''],
  ['', '123'],
])('the JSONPath %j finds %j', (path, ids) => {
  expect(found(`filter=${encodeURIComponent(path)}`)).toBe(ids);
  expect(found(`state=Active&filter=${encodeURIComponent(path)}`)).toBe(ids.includes('1') ? '1' : '');
});

test.each(['$[?(@.a', '$[0]', '$[-1]', '$[1:]', '$[?@.a =~ /x/]', 'a b'])(
  'the JSONPath %j is refused, with the reason',
  (path) => {
    expect(() => read(`filter=${encodeURIComponent(path)}`)).toThrow(
      expect.objectContaining({ status: 400, violations: [expect.objectContaining({ path: '/filter' })] }),
    );
  },
);

test('a JSONPath that would take for ever ends soon', () => {
  const { filter } = read('filter=$..[?@..[?@..[?@..[?@..x]]]]');
  let nested: unknown = 1;
  for (let level = 0; level < 12; level += 1) nested = [nested, nested];
  expect(() => filter !== undefined && matches(filter, { name: nested })).toThrow(
    expect.objectContaining({ status: 400, code: 'QUERY_TOO_COSTLY' }),
  );
});

test('broken patterns are refused', () => {
  for (const pattern of ['(', '(a)%5C1', '(?=a)', 'a{1000}{1000}', 'a'.repeat(1_001)]) {
    expect(() => read(`name.regex=${pattern}`)).toThrow(expect.objectContaining({ status: 400 }));
  }
});

test('any query is either read or refused with a status', () => {
  const part = fc.constantFrom(
    'name',
    'state',
    '.gt',
    '.regex',
    '=',
    '&',
    ';',
    ',',
    '%3E',
    '%',
    'A',
    '(',
    '*',
    'sort',
    '-',
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: part })), (query) => {
      try {
        found(query);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
    { numRuns: 2000 },
  );
});
