import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMultipleOf, keepsDigits } from '../../src/lib/decimal.ts';

test.each([
  [1234567.89, 0.01, true],
  [895726.94, 0.01, true],
  [1234567.891, 0.01, false],
  [0.3, 0.1, true],
  [1e22, 1e21, true],
  [1e-7, 1e-8, true],
  [7, 2, false],
  [-9, 3, true],
  [0, 0.25, true],
  [2 ** 60, 7, false],
  [Number.POSITIVE_INFINITY, 2, false],
])('whether %d is a multiple of %d: %s', (value, divisor, expected) => {
  expect(isMultipleOf(value, divisor)).toBe(expected);
});

test('every number of cents is a multiple of 0.01, and a tenth of a cent more is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (cents) => {
      expect(isMultipleOf(Number(`${cents}e-2`), 0.01)).toBe(true);
      expect(isMultipleOf(Number(`${cents}1e-3`), 0.01)).toBe(false);
    }),
  );
});

test.each([
  ['9007199254740993', false],
  ['9007199254740992', true],
  ['18446744073709551616', false],
  ['-9223372036854775807', false],
  ['3.141592653589793238', false],
  ['0.10000000000000001', true],
  ['1e-400', false],
  ['0e-400', true],
  ['1e400', false],
  ['1e21', true],
  ['12.5000', true],
  ['1000000000000000000000', true],
])('whether a double keeps the digits of %s: %s', (text, expected) => {
  expect(keepsDigits(text)).toBe(expected);
});

test('what a program writes from a double keeps its digits', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(keepsDigits(JSON.stringify(value))).toBe(true);
    }),
  );
});
