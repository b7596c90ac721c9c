import { afterEach, expect, test, vi } from 'vitest';
import { startSimulator } from '../support/simulator.ts';

afterEach(() => void vi.useRealTimers());

const HOUR = 3_600_000;

test('a clock that follows the wall clock does so in tenants that come later, and after a reset', async () => {
  const { ask } = await startSimulator({ clock: 'real', systems: ['connectx'] });
  const nowIn = async (tenant: string) =>
    Date.parse((await ask('GET', `/@${tenant}/_simulator/clock`)).body.now as string);
  await ask('GET', '/@early/v1/products');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * HOUR });

  await ask('GET', '/@late/v1/products');
  await ask('POST', '/@early/_simulator/reset');

  expect(Math.abs((await nowIn('late')) - Date.now())).toBeLessThan(HOUR);
  expect(Math.abs((await nowIn('early')) - Date.now())).toBeLessThan(HOUR);
});

test('a clock that starts at a time of its own, or runs faster, starts there in every tenant', async () => {
  const { ask } = await startSimulator({ clock: 'real@2026-01-01T00:00:00Z', systems: ['connectx'] });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * HOUR });

  await ask('GET', '/@late/v1/products');

  const { body } = await ask('GET', '/@late/_simulator/clock');
  expect(Date.parse(body.now as string) - Date.UTC(2026, 0, 1)).toBeLessThan(HOUR);
});
