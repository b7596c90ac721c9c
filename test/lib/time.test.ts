import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDuration, formatInstant, parseDuration, parseInstant, startOfDate, toDate } from '../../src/lib/time.ts';

test.each([
  ['2026-01-31T00:00:00Z', 'P1M', '2026-02-28T00:00:00.000Z'],
  ['2024-01-31T10:30:00Z', 'P1M', '2024-02-29T10:30:00.000Z'],
  ['2026-03-31T00:00:00Z', 'P6M', '2026-09-30T00:00:00.000Z'],
  ['2024-02-29T00:00:00Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
  ['2026-01-01T00:00:00Z', 'P1Y2M3DT4H5M6.5S', '2027-03-04T04:05:06.500Z'],
  ['2026-01-01T00:00:00Z', 'P2W', '2026-01-15T00:00:00.000Z'],
])('%s and %s give %s', (from, duration, to) => {
  const parsed = parseDuration(duration);
  expect(parsed && formatInstant(addDuration(parseInstant(from) ?? Number.NaN, parsed))).toBe(to);
});

test.each(['P', 'PT', 'P1H', '1D', 'P-1D', '', 'PT1'])('"%s" is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01t00:00:00.1239z', '2026-01-01T00:00:00.123Z'],
  ['2026-01-01', '2026-01-01T00:00:00.000Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
])('%s is the instant %s', (text, instant) => {
  expect(formatInstant(parseInstant(text) ?? Number.NaN)).toBe(instant);
});

test.each(['2026-02-30', '2026-13-01', 'yesterday', '2026-01-01T25:00:00Z', '2026-1-1'])(
  '"%s" is no instant',
  (text) => {
    expect(parseInstant(text)).toBeUndefined();
  },
);

test('every instant survives being written and read', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true }), (date) => {
      expect(parseInstant(formatInstant(date.getTime()))).toBe(date.getTime());
      expect(toDate(startOfDate(toDate(date.getTime())))).toBe(toDate(date.getTime()));
    }),
  );
});

test('a date is that of the ISO form, of any instant that a Date can hold', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      expect(toDate(date.getTime())).toBe(date.toISOString().slice(0, 10));
    }),
    {
      examples: [
        [new Date('1000-01-01')],
        [new Date('9999-12-31')],
        [new Date('2000-02-29')],
        [new Date('1900-03-01')],
      ],
    },
  );
  expect(() => toDate(Number.NaN)).toThrow(RangeError);
});
