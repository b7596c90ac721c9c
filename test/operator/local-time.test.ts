import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localDate, startOfLocalDate } from '../../src/operator/local-time.ts';
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
