import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDecimals,
  decimalsOf,
  fromMinor,
  isExact,
  multiplyDecimals,
  percentOf,
  shareOf,
  toMinor,
} from '../../src/lib/money.ts';

test.each([
  ['GBP', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['XYZ', 2],
])('%s has %i decimals', (currency, decimals) => {
  expect(decimalsOf(currency)).toBe(decimals);
});

test.each([
  [1.005, 'GBP', 101],
  [-1.005, 'GBP', -101],
  [1.004999, 'GBP', 100],
  [99.5, 'JPY', 100],
  [1.2345, 'KWD', 1235],
  [1e-7, 'GBP', 0],
  [1e12, 'GBP', 1e14],
])('%d %s is %d minor units: half goes away from zero, by the digits as written', (amount, currency, minor) => {
  expect(toMinor(amount, currency)).toBe(minor);
});

test('an amount that cannot be counted exactly is refused', () => {
  expect(() => toMinor(1e20, 'GBP')).toThrow(RangeError);
  expect(() => toMinor(Number.NaN, 'GBP')).toThrow(RangeError);
});

test('an amount is exact when its currency has the decimals for it', () => {
  expect(isExact(10.01, 'GBP')).toBe(true);
  expect(isExact(10.001, 'GBP')).toBe(false);
  expect(isExact(10.5, 'JPY')).toBe(false);
  expect(isExact(Number.POSITIVE_INFINITY, 'GBP')).toBe(false);
});

test('sums and products are free of the errors of binary fractions', () => {
  expect(addDecimals(0.1, 0.2)).toBe(0.3);
  expect(addDecimals()).toBe(0);
  expect(multiplyDecimals(3, 1.1)).toBe(3.3);
  expect(multiplyDecimals(-0.07, 100)).toBe(-7);
});

test('a percentage may have decimals', () => {
  expect(percentOf(10_000, 8.875)).toBe(888);
  expect(percentOf(-2_800, 20)).toBe(-560);
});

const anyMinor = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });

test('minor units survive the way to the wire and back', () => {
  fc.assert(
    fc.property(anyMinor, fc.constantFrom('GBP', 'JPY', 'KWD'), (minor, currency) => {
      expect(toMinor(fromMinor(minor, currency), currency)).toBe(minor);
      expect(isExact(fromMinor(minor, currency), currency)).toBe(true);
    }),
  );
});

test('adding decimals is adding their minor units', () => {
  fc.assert(
    fc.property(fc.array(anyMinor, { maxLength: 20 }), (minors) => {
      const sum = minors.reduce((total, minor) => total + minor, 0);
      expect(addDecimals(...minors.map((minor) => fromMinor(minor, 'GBP')))).toBe(fromMinor(sum, 'GBP'));
    }),
  );
});

test('a share and its rest differ from the whole by at most one unit, and a negative share mirrors the positive one', () => {
  fc.assert(
    fc.property(anyMinor, fc.integer({ min: 1, max: 31 }), fc.nat(31), (amount, whole, some) => {
      const part = Math.min(some, whole);
      const sum = shareOf(amount, part, whole) + shareOf(amount, whole - part, whole);
      expect(Math.abs(sum - amount)).toBeLessThanOrEqual(1);
      expect(shareOf(-amount, part, whole)).toBe(0 - shareOf(amount, part, whole));
      expect(shareOf(amount, whole, whole)).toBe(amount);
    }),
  );
});
