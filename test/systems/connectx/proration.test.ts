import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDecimals, toMinor } from '../../../src/lib/money.ts';
import { billDateOf, nextBillDate, plusDays } from '../../../src/operator/bill-days.ts';
import { chargesOf, creditsOf, periodsOf } from '../../../src/systems/connectx/billing/proration.ts';

const subscription = (monthlyCharge: number, currency = 'USD') => ({
  customerId: 'CUS-000001',
  productId: 'PRD-1',
  productName: 'Line',
  status: 'Active',
  startDate: '2026-01-01',
  monthlyCharge,
  currency,
});
const amounts = (monthlyCharge: number, first: string, last: string, billDay = 1) =>
  chargesOf(subscription(monthlyCharge), { first, last }, billDay).map(({ amount }) => amount);

// Published examples disagree about which days count; `domain.md` 2.4 has their sources.
test('ringlogix, matched: $31 started on 16 January is $16 for 16-31, and February in advance', () => {
  expect(amounts(31, '2026-01-16', '2026-02-28')).toEqual([16, 31]);
});

test('timelybill, matched: $50 started on the 10th of 30 days is 21 days, $35.00', () => {
  expect(amounts(50, '2026-04-10', '2026-04-30')).toEqual([35]);
});

test('haviland, matched in a month of 28 days only: $20 started on the 15th is $10 and $20', () => {
  expect(amounts(20, '2026-02-15', '2026-03-31')).toEqual([10, 20]);
  expect(amounts(20, '2026-04-15', '2026-05-31')).toEqual([10.67, 20]);
});

test('telecom.live, not matched: a start on the 21st of 31 days is 11 days here, where they leave the first one out', () => {
  expect(periodsOf({ first: '2026-01-21', last: '2026-01-31' }, 1)).toMatchObject([{ days: 11, daysOfMonth: 31 }]);
});

test('atmc, half matched: a start on 10 September is 21 days here, not 20; an end on 10 September credits 20', () => {
  expect(periodsOf({ first: '2026-09-10', last: '2026-09-30' }, 1)).toMatchObject([{ days: 21 }]);
  expect(creditsOf(subscription(30), { first: '2026-09-11', last: '2026-09-30' }, '2026-01-01', 1)).toEqual([
    { description: 'Credit: Line - unused 11-30 Sep 2026 (20 of 30 days)', quantity: 1, unitPrice: -20, amount: -20 },
  ]);
});

test('line items say which days they are for, add-ons on lines of their own', () => {
  const withAddon = {
    ...subscription(38),
    productName: 'Fibre 500',
    addons: [{ addonId: 'A', addonName: 'Static IP', charge: 4 }],
  };
  expect(
    chargesOf(withAddon, { first: '2026-02-16', last: '2026-03-31' }, 1).map(({ description }) => description),
  ).toEqual([
    'Fibre 500 - pro rata 16-28 Feb 2026 (13 of 28 days)',
    'Add-on: Static IP - pro rata 16-28 Feb 2026 (13 of 28 days)',
    'Fibre 500 - monthly charge 1-31 Mar 2026',
    'Add-on: Static IP - monthly charge 1-31 Mar 2026',
  ]);
  expect(chargesOf(subscription(1), { first: '2025-12-15', last: '2026-01-14' }, 15)[0]?.description).toBe(
    'Line - monthly charge 15 Dec 2025 - 14 Jan 2026',
  );
  expect(chargesOf(subscription(1), { first: '2026-01-31', last: '2026-01-31' }, 1)[0]?.description).toBe(
    'Line - pro rata 31 Jan 2026 (1 of 31 days)',
  );
});

test('the bill days around a date', () => {
  expect(nextBillDate('2026-01-31', 1)).toBe('2026-02-01');
  expect(nextBillDate('2026-02-01', 1)).toBe('2026-03-01');
  expect(nextBillDate('2026-12-28', 28)).toBe('2027-01-28');
  expect(billDateOf('2026-02-01', 1)).toBe('2026-02-01');
  expect(billDateOf('2026-01-27', 28)).toBe('2025-12-28');
});

const anyDate = fc.integer({ min: 0, max: 3000 }).map((days) => plusDays('2024-01-01', days));
const anyBillDay = fc.integer({ min: 1, max: 28 });

test('bill days follow each other without a gap', () => {
  fc.assert(
    fc.property(anyDate, anyBillDay, (date, billDay) => {
      const [last, next] = [billDateOf(date, billDay), nextBillDate(date, billDay)];
      expect(last <= date && date < next).toBe(true);
      expect(nextBillDate(last, billDay)).toBe(next);
      expect(billDateOf(plusDays(next, -1), billDay)).toBe(last);
    }),
  );
});

test('the periods of a span are the whole span, each within one billing month', () => {
  fc.assert(
    fc.property(anyDate, fc.nat(120), anyBillDay, (first, length, billDay) => {
      const last = plusDays(first, length);
      const periods = periodsOf({ first, last }, billDay);
      expect(periods.reduce((sum, { days }) => sum + days, 0)).toBe(length + 1);
      expect(periods[0]?.first).toBe(first);
      expect(periods.at(-1)?.last).toBe(last);
      for (const { days, daysOfMonth } of periods) expect(days).toBeLessThanOrEqual(daysOfMonth);
    }),
  );
});

test('what is charged less what is credited is the charge for the days used, in every currency', () => {
  fc.assert(
    fc.property(
      anyDate,
      anyBillDay,
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.constantFrom('GBP', 'JPY', 'KWD'),
      fc.nat(30),
      (start, billDay, minor, currency, used) => {
        const price = minor / 10 ** (currency === 'JPY' ? 0 : currency === 'KWD' ? 3 : 2);
        const sold = subscription(price, currency);
        const end = plusDays(nextBillDate(start, billDay), -1);
        const lastUsed = [plusDays(start, used), end].sort()[0] ?? end;
        const charged = chargesOf(sold, { first: start, last: end }, billDay);
        const credited = creditsOf(sold, { first: plusDays(lastUsed, 1), last: end }, start, billDay);
        const keptForDays = chargesOf(sold, { first: start, last: lastUsed }, billDay);
        const sum = (items: readonly { amount: number }[]) =>
          toMinor(addDecimals(...items.map(({ amount }) => amount)), currency);
        expect(sum([...charged, ...credited])).toBe(sum(keptForDays));
      },
    ),
  );
});
