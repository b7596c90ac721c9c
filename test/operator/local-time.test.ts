import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localClock, localDate, localInstant, startOfLocalDate } from '../../src/operator/local-time.ts';
import { join, order, shopOf } from '../support/connectx-world.ts';

const at = (timeZone: string, now = 0) => ({ now, policies: { operator: { timeZone } } });
const startIn = (timeZone: string, date: string) =>
  new Date(startOfLocalDate(at(timeZone), date)).toISOString().slice(0, 16);

test.each([
  ['UTC', '2026-03-29', '2026-03-29T00:00'],
  ['Europe/London', '2026-03-29', '2026-03-29T00:00'],
  ['Europe/London', '2026-03-30', '2026-03-29T23:00'],
  ['Europe/London', '2026-10-25', '2026-10-24T23:00'],
  ['Europe/London', '2026-10-26', '2026-10-26T00:00'],
  ['Australia/Sydney', '2026-10-04', '2026-10-03T14:00'],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00'],
  ['Asia/Kolkata', '2026-01-01', '2025-12-31T18:30'],
  // The clocks go forward at midnight: the day begins at one.
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00'],
])('in %s, %s begins at %s', (timeZone, date, start) => {
  expect(startIn(timeZone, date)).toBe(start);
});

test('every day begins with its first instant, wherever the operator is', () => {
  const zones = fc.constantFrom(
    'Europe/London',
    'America/New_York',
    'Asia/Kolkata',
    'Pacific/Apia',
    'America/Santiago',
  );
  fc.assert(
    fc.property(zones, fc.integer({ min: 0, max: 20_000 }), (timeZone, day) => {
      const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
      const start = startOfLocalDate(at(timeZone), date);
      // Samoa has left out a day of 2011, which begins with the one after it.
      if (localDate(at(timeZone), start) === date) expect(localDate(at(timeZone), start - 1) < date).toBe(true);
    }),
    { numRuns: 200, seed: 1 },
  );
});

test.each([
  ['Europe/London', '2026-03-27T10:00', 3, '2026-03-30T09:00'],
  ['Europe/London', '2026-10-23T09:00', 3, '2026-10-26T10:00'],
  ['Europe/London', '2026-03-28T01:30', 1, '2026-03-29T01:30'],
  ['Australia/Sydney', '2026-04-03T22:00', 3, '2026-04-06T23:00'],
  ['UTC', '2026-03-27T10:00', 3, '2026-03-30T10:00'],
])('in %s, %s and %i days on the clocks show the same time at %s', (timeZone, from, days, until) => {
  const now = Date.parse(`${from}Z`);
  const place = at(timeZone, now);
  expect(new Date(localInstant(place, localClock(place) + days * 86_400_000)).toISOString().slice(0, 16)).toBe(until);
});

test('a direct debit that is refused is tried again at local midnight, when the clocks have changed meanwhile', async () => {
  const shop = await shopOf({ now: '2026-03-01T12:00:00.000Z', policies: { operator: { timeZone: 'Europe/London' } } });
  const customerId = await join(shop);
  await order(shop, customerId, { productId: 'PRD-MOB-010', startDate: '2026-03-12' });
  await shop.act('connectx/set-payment-method', { customerId, method: { type: 'DirectDebit', failures: 2 } });
  await shop.advanceTo('2026-03-12T00:00:00Z');
  await shop.act('connectx/run-billing', { customerId });
  const effects = await shop.advanceTo('2026-04-10T00:00:00Z');
  expect(effects.filter((effect) => effect.includes('connectx/collect'))).toEqual([
    '2026-03-26 timer connectx/collect/INV-2026-000001',
    '2026-03-29 timer connectx/collect/INV-2026-000001',
    '2026-04-02T23:00 timer connectx/collect/INV-2026-000001',
  ]);
});

test('a year in London is billed, due and dunned at local midnight', async () => {
  const shop = await shopOf({ now: '2026-03-20T12:00:00.000Z', policies: { operator: { timeZone: 'Europe/London' } } });
  await order(shop, await join(shop), { productId: 'PRD-MOB-010', startDate: '2026-03-30' });
  const effects = await shop.advanceTo('2026-05-20T00:00:00Z');
  expect(effects.filter((effect) => effect.includes('timer'))).toEqual([
    '2026-03-29T23:00 timer connectx/activate/SUB-000001',
    '2026-03-31T23:00 timer connectx/bill-run',
    '2026-04-15T23:00 timer connectx/overdue/INV-2026-000001',
    '2026-04-22T23:00 timer connectx/remind/INV-2026-000001',
    '2026-04-29T23:00 timer connectx/suspend-for-debt/INV-2026-000001',
    '2026-04-30T23:00 timer connectx/bill-run',
    '2026-05-15T23:00 timer connectx/overdue/INV-2026-000002',
  ]);
  expect(shop.tenant.store.get('connectx/Invoice', 'INV-2026-000001')).toMatchObject({
    invoiceDate: '2026-04-01',
    dueDate: '2026-04-15',
  });
});
