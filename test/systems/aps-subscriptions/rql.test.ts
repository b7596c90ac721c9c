import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Filter, matches } from '../../../src/engine/state/store/filter.ts';
import { Refusal } from '../../../src/model/command.ts';
import { parseRql, type RqlTypes } from '../../../src/systems/aps-subscriptions/rql.ts';

const types: RqlTypes = { implementing: (type) => [type, 'child'], composing: (type) => [type, 'parent'] };
const read = (query: string) => parseRql(query, types);

test('calls and infix comparisons say the same', () => {
  for (const [name, op] of Object.entries({ eq: 'eq', ne: 'ne', gt: 'gt', ge: 'gte', lt: 'lt', le: 'lte' })) {
    const filter = { op, path: 'aps.revision', value: '5' };
    expect(read(`${name}(aps.revision,5)`).filter).toEqual(filter);
    expect(read(`aps.revision=${name}=5`).filter).toEqual(filter);
  }
  expect(read('status=ACTIVE').filter).toEqual({ op: 'eq', path: 'status', value: 'ACTIVE' });
});

test('filters join by comma, and shaping operators stand beside them', () => {
  expect(
    read('implementing(http://x/1.0),status=eq=ACTIVE,select(aps.id,name),sort(+name,-aps.id),limit(10,5)'),
  ).toEqual({
    filter: {
      op: 'and',
      filters: [
        { op: 'in', path: 'aps.type', value: ['http://x/1.0', 'child'] },
        { op: 'eq', path: 'status', value: 'ACTIVE' },
      ],
    },
    select: ['aps.id', 'name'],
    order: [
      { path: 'name', descending: false },
      { path: 'aps.id', descending: true },
    ],
    offset: 10,
    limit: 5,
  });
});

test('in and out take a list', () => {
  const filter = { op: 'in', path: 'a', value: ['1', '2'] };
  expect(read('in(a,(1,2))').filter).toEqual(filter);
  expect(read('a=in=(1,2)').filter).toEqual(filter);
  expect(read('out(a,(1,2))').filter).toEqual({ op: 'not', filter });
});

test('like knows * and ?, and nothing else is special', () => {
  const finds = (pattern: string, name: string) => {
    const { filter } = read(`like(name,${encode(pattern)})`);
    return filter !== undefined && matches(filter, { name });
  };
  expect(finds('Fibre*', 'Fibre 500')).toBe(true);
  expect(finds('*500', 'Fibre 500')).toBe(true);
  expect(finds('F?bre*00', 'Fibre 500')).toBe(true);
  expect(finds('Fibre', 'Fibre 500')).toBe(false);
  expect(finds('Fibre.*', 'Fibre 500')).toBe(false);
  expect(finds('a*b*', 'acb')).toBe(true);
  expect(finds('(x)*[y]', '(x)-[y]')).toBe(true);
});

test('a pattern of many stars is answered at once', () => {
  const { filter } = read(`like(name,${'*a'.repeat(60)}*b)`);
  expect(filter !== undefined && matches(filter, { name: 'a'.repeat(5000) })).toBe(false);
});

test('what is not known is refused by name and position', () => {
  expect(() => read('status=eq=A,near(x,1)')).toThrow(/position 13: the operator "near" is not known/);
  expect(() => read('x=foo=1')).toThrow(/position 3: the operator "foo" is not known/);
  expect(() => read('or(a=1,limit(0,1))')).toThrow(/"limit" stands beside/);
  expect(() => read('limit(0,1),limit(1,1)')).toThrow(/twice/);
  expect(() => read('a=1,b=2|c=3')).toThrow(/mixes/);
  expect(() => read('limit(-1,5)')).toThrow(/two whole numbers/);
  expect(() => read('eq(a,1')).toThrow(/"\)" is expected at the end/);
  expect(() => read('name=%E0%A4%A')).toThrow(/percent-encoding/);
  expect(() => read('('.repeat(100))).toThrow(/nested/);
});

test('any text is either read or refused with 400', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: fc.constantFrom('a', 'eq', 'not', 'limit', '(', ')', ',', '=', '|', '%2C', '1') }),
      ),
      (query) => {
        try {
          read(query);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          expect((error as Refusal).status).toBe(400);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

const NAMES: Readonly<Record<string, string>> = { eq: 'eq', ne: 'ne', gt: 'gt', gte: 'ge', lt: 'lt', lte: 'le' };
const { filter: filters } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({
      op: fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'),
      path: fc.stringMatching(/^[a-z]{1,5}(\.[a-z]{1,5})?$/),
      value: fc.string({ unit: 'grapheme' }),
    }) as fc.Arbitrary<Filter>,
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ op: fc.constant('not' as const), filter: tie('filter') }),
  ),
}));

function write(filter: Filter): string {
  if (filter.op === 'and' || filter.op === 'or') return `${filter.op}(${filter.filters.map(write).join(',')})`;
  if (filter.op === 'not') return `not(${write(filter.filter)})`;
  const { op, path, value } = filter as Filter & { path: string; value: string };
  return `${NAMES[op]}(${path},${encode(value)})`;
}

/** `encodeURIComponent` leaves some of RQL's own characters as they are. */
function encode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

test('a filter that is written as RQL is read as the same filter', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(read(write(filter)).filter).toEqual(filter);
    }),
  );
});
