import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAssembler } from '../../src/lib/assembler.ts';

const NAMES = ['id', 'name', 'a "b" \\ \u2028', 'constructor', '__proto__', 'toString'];
/** As JSON makes them: `__proto__` is a property like any other. */
const anObject = fc
  .dictionary(fc.constantFrom(...NAMES, 'note', 'other'), fc.oneof(fc.integer(), fc.string(), fc.constant(undefined)))
  .map((entries) => {
    const object = {};
    for (const name of Object.keys(entries)) define(object, name, entries[name]);
    return object as Record<string, unknown>;
  });

test('an object is put together in the order of its members, each from the first source that has a value', () => {
  const compose = createAssembler(() => [
    { name: 'id', from: [[1, 'number']] },
    { name: 'name', from: [[0, 'name']] },
    {
      name: 'status',
      from: [
        [0, 'status'],
        [1, 'initial'],
      ],
    },
  ]);
  const made = compose({ name: 'Ada', note: 'left out' }, { number: 7, initial: 'Open' });
  expect(JSON.stringify(made)).toBe('{"id":7,"name":"Ada","status":"Open"}');
});

test('what no member names follows behind, where it is asked for', () => {
  const inOrder = createAssembler(() => [{ name: 'id', from: [[0, 'id']] }], 0);
  expect(JSON.stringify(inOrder({ note: 'new', id: 1, gone: undefined }))).toBe('{"id":1,"note":"new"}');
});

test('whatever the names and values, what is made is what a loop over the names makes', () => {
  const members = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 });
  fc.assert(
    fc.property(members, anObject, anObject, (names, first, second) => {
      const from = (name: string) => [[1, name] as const, [0, name] as const];
      const made = createAssembler(() => names.map((name) => ({ name, from: from(name) })), 0)(first, second);
      const expected = {};
      for (const name of names) define(expected, name, own(second, name) ?? own(first, name));
      for (const name of Object.keys(first)) if (!names.includes(name)) define(expected, name, first[name]);
      expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
      expect(Object.keys(made)).toEqual(Object.keys(expected));
      for (const name of Object.keys(expected)) expect(own(made, name)).toBe(own(expected, name));
    }),
  );
});

function own(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function define(object: object, name: string, value: unknown): void {
  if (value === undefined) return;
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
