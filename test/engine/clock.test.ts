import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Clock } from '../../src/engine/time/clock.ts';

const HOUR = 3_600_000;
const start = Date.UTC(2026, 0, 1);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('a running clock wakes at the time it was asked for last, once, however often it is asked', () => {
  const clock = new Clock({ now: start, mode: 'real', rate: 1 });
  const woken: string[] = [];
  clock.wakeAt(start + HOUR, () => woken.push('earlier'));
  clock.wakeAt(start + 2 * HOUR, () => woken.push('last'));
  clock.wakeAt(start + 2 * HOUR, () => woken.push('last'));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(3 * HOUR);
  expect(woken).toEqual(['last']);
});

test.each<[string, (clock: Clock) => void]>([
  ['at another pace', (clock) => clock.set('real', 4)],
  ['from a later time', (clock) => clock.moveTo(start + 45 * 60_000)],
  ['from what was kept', (clock) => clock.restore({ now: start, mode: 'real', rate: 4 })],
])('a clock that goes on %s and is asked again wakes by that', (_, goOn) => {
  const clock = new Clock({ now: start, mode: 'real', rate: 1 });
  const wake = vi.fn();
  clock.wakeAt(start + HOUR, wake);
  goOn(clock);
  clock.wakeAt(start + HOUR, wake);
  vi.advanceTimersByTime(HOUR / 4);
  expect(wake).toHaveBeenCalledOnce();
});
