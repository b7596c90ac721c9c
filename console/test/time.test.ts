import { expect, test } from 'vitest';
import { describeConsole } from './setup.ts';

describeConsole('the clock', ({ open, ask, at }) => {
  test.each([360, 1920])('each move leaves a restore point, and a click on it goes back, at %i px', async (width) => {
    const { page, complaints } = await open(`back${width}/activity`, { width });
    await page.getByRole('button', { name: '+1 day' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-01-02' }).waitFor();
    await page.getByRole('button', { name: '+1 month' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-02-02' }).waitFor();
    const point = page.getByRole('button', { name: 'Restore point of 2026-01-02 00:00:00' });
    await point.waitFor();
    // What has happened and what is due have their marks, before now and after it.
    const marksOf = async (name: string) => {
      await page.locator(name).first().waitFor({ state: 'attached' });
      return page.locator(name).evaluateAll((marks) => marks.map((mark) => mark.getBoundingClientRect().x));
    };
    const [now = 0] = await marksOf('.timeline-now');
    expect(Math.max(...(await marksOf('.timeline-past')))).toBeLessThanOrEqual(now);
    expect(Math.min(...(await marksOf('.timeline-due')))).toBeGreaterThan(now);
    await point.click();
    await page.getByRole('button', { name: 'Go back there' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-01-02' }).waitFor();
    expect((await ask(`back${width}`, 'GET', '/_simulator/clock')).now).toBe('2026-01-02T00:00:00.000Z');
    await page.getByRole('button', { name: '+1 month' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-02-02' }).waitFor();
    // The first lies under the second: it is chosen where that is opened.
    await point.click();
    await page.getByRole('dialog').getByRole('combobox').selectOption({ index: 0 });
    await page.getByRole('button', { name: 'Go back there' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-01-01' }).waitFor();
    expect(complaints.items).toEqual([]);
  });

  test('a new tenant begins at a restore point, and this one stays where it is', async () => {
    const { page } = await open('trunk/activity');
    await page.getByRole('button', { name: '+1 month' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-02-01' }).waitFor();
    await page.getByRole('button', { name: /Restore point of 2026-01-01/ }).click();
    await page.getByLabel('New tenant').fill('branch');
    await page.getByRole('button', { name: 'Fork from there' }).click();
    await page.waitForURL(at('branch/activity'));
    await page.locator('.time-now time').filter({ hasText: '2026-01-01' }).waitFor();
    expect((await ask('trunk', 'GET', '/_simulator/clock')).now).toBe('2026-02-01T00:00:00.000Z');
  });

  test('it plays at a speed, stops, goes to the next thing that is due, and to a date', async () => {
    const { page } = await open('play/activity');
    await page.getByLabel('Speed').selectOption('1 day per second');
    await page.getByRole('button', { name: 'Play' }).click();
    await page
      .locator('.time-now time')
      .filter({ hasText: /2026-01-0[2-9]/ })
      .waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const stopped = (await ask('play', 'GET', '/_simulator/clock')) as { now: string; pending: { due: string }[] };
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await expect.poll(async () => (await ask('play', 'GET', '/_simulator/clock')).now).toBe(stopped.pending[0]?.due);
    await page.getByRole('button', { name: 'To…' }).click();
    await page.getByLabel(/^Date/).fill('2026-06-01');
    await page.getByRole('button', { name: 'Move there' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-06-01' }).waitFor();
  });

  test('times are those of the operator, whatever its zone', async () => {
    await ask('tokyo', 'PUT', '/_simulator/tenants/tokyo');
    await ask('tokyo', 'PUT', '/_simulator/policies', { operator: { timeZone: 'Asia/Tokyo' } });
    const { page } = await open('tokyo/activity');
    await page.locator('.time-now time').filter({ hasText: '2026-01-01 09:00:00' }).waitFor();
    await page.getByRole('button', { name: 'To…' }).click();
    await page.getByLabel(/^Date/).fill('2026-02-01');
    await page.getByRole('button', { name: 'Move there' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-02-01 00:00:00' }).waitFor();
    expect((await ask('tokyo', 'GET', '/_simulator/clock')).now).toBe('2026-01-31T15:00:00.000Z');
  });
});
