import { describe, expect, test } from 'vitest';
import { createValidation } from '../../src/contracts/validation.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Schema } from '../../src/model/schema.ts';

const MANY = 100_000;
/** Milliseconds of the processor, on however slow a machine; each of these once took ten seconds to hours. */
const SOON = 4_000;

/** What is told of a value, and how many milliseconds of the processor that has taken. */
function judge(schema: Schema, value: unknown, $defs: Record<string, Schema> = {}) {
  const contract = { system: 'shop', name: 'api', $defs } as unknown as Contract;
  const check = createValidation([contract]).checkRequest(schema);
  check(null);
  const before = process.cpuUsage();
  const violations = check(value);
  return { violations, took: process.cpuUsage(before).user / 1_000 };
}

const item = (name: string): Schema => ({ $ref: `contract://shop/api#/$defs/${name}` });
const User: Schema = { type: 'object', required: ['id', 'name', 'role'], additionalProperties: false };
const list = (of: (index: number) => unknown): unknown[] => Array.from({ length: MANY }, (_, index) => of(index));

describe('a large value with much wrong in it is told of at once', () => {
  test.each<[string, Schema, unknown]>([
    ['items by reference', { type: 'array', items: item('User') }, list(() => ({}))],
    ['items in place', { type: 'array', items: User }, list(() => 1)],
    ['further members', User, Object.fromEntries(list((index) => [`m${index}`, 1]) as [string, number][])],
    [
      'members by pattern',
      { type: 'object', patternProperties: { '^m': item('User') } },
      Object.fromEntries(list((index) => [`m${index}`, {}]) as [string, unknown][]),
    ],
    [
      'names',
      { type: 'object', propertyNames: { maxLength: 1 } },
      Object.fromEntries(list((index) => [`m${index}`, 1]) as [string, number][]),
    ],
    ['items that nothing describes', { type: 'array', prefixItems: [true], unevaluatedItems: false }, list(() => 1)],
    ['an item that is not there', { type: 'array', contains: item('User') }, list(() => ({}))],
    ['items that are all different', { type: 'array', uniqueItems: true }, list((index) => ({ id: index }))],
    ['items that are not all different', { type: 'array', uniqueItems: true }, [...list((index) => [index]), [0]]],
    ['alternatives', { type: 'array', items: { anyOf: [item('User'), { type: 'string' }] } }, list(() => ({}))],
    ['a choice of lists', { oneOf: [{ type: 'array', items: item('User') }, { type: 'string' }] }, list(() => ({}))],
    ['a hostile text', { type: 'array', items: { type: 'string', pattern: '^(a+)+$' } }, [`${'a'.repeat(MANY)}!`]],
  ])('%s', (_what, schema, value) => {
    const { violations, took } = judge(schema, value, { User });

    expect(took).toBeLessThan(SOON);
    expect(violations.length).toBeLessThan(6_000);
  });
});

test('what stands behind the first thousand errors still counts for what is looked for', () => {
  const { violations } = judge({ type: 'array', contains: { type: 'object', required: ['id', 'name'] } }, [
    ...list(() => ({})),
    { id: 1, name: 'x' },
  ]);

  expect(violations).toEqual([]);
});

test('alternatives that contain themselves are not tried without end', () => {
  const Rule: Schema = {
    oneOf: [
      {
        type: 'object',
        required: ['all'],
        properties: { op: { const: 'and' }, all: { type: 'array', items: item('Rule') } },
      },
      {
        type: 'object',
        required: ['all'],
        properties: { op: { const: 'or' }, all: { type: 'array', items: item('Rule') } },
      },
    ],
  };
  let deep: unknown = { op: 'and', all: [] };
  for (let level = 0; level < 60; level += 1) deep = { op: 'or', all: [deep] };

  const { violations, took } = judge(item('Rule'), deep, { Rule });

  expect(violations).toEqual([{ path: '', message: 'takes too many steps to be checked' }]);
  expect(took).toBeLessThan(SOON);
  expect(judge(item('Rule'), { op: 'or', all: [{ op: 'and', all: [] }] }, { Rule }).violations).toEqual([]);
});

test('a long name is told of once, and cut', () => {
  const name = 'n'.repeat(MANY);
  const { violations } = judge({ type: 'object', additionalProperties: User }, { [name]: {} });

  for (const { path } of violations) expect(path.length).toBeLessThan(1_100);
});
