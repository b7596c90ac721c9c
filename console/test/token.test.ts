import { expect, test } from 'vitest';
import { openPage } from './browser.ts';
import { describeConsole } from './setup.ts';

describeConsole(
  'beyond loopback',
  ({ at, browser }) => {
    test('the page asks for the token, and keeps it for the tab alone', async () => {
      const { page, complaints } = await openPage(browser());
      await page.goto(at('default/activity'));
      await page.getByRole('textbox', { name: 'Token' }).fill('wrong');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByText('It was refused.').waitFor();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
      await page.getByRole('textbox', { name: 'Token' }).fill('open-sesame');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.locator('.live:not(.off)').waitFor();
      await page.reload();
      await page.locator('.live:not(.off)').waitFor();
      const other = await page.context().newPage();
      await other.goto(at('default/activity'));
      await other.getByRole('textbox', { name: 'Token' }).waitFor();
      expect(complaints.items).toEqual([]);
    });

    test('a refusal that comes after the right token has been taken asks for nothing', async () => {
      const { page, complaints } = await openPage(browser());
      let release = () => {};
      const isTaken = new Promise<void>((resolve) => {
        release = resolve;
      });
      // What the page asked for before it had a token is answered only once it has one.
      await page.route('**/_simulator/tenants?limit=1000', async (route) => {
        const isWithout = route.request().headers().authorization === undefined;
        if (isWithout) await isTaken;
        await route.continue();
      });
      await page.goto(at('default/activity'));
      await page.getByRole('textbox', { name: 'Token' }).fill('open-sesame');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.locator('.live:not(.off)').waitFor();
      const late = page.waitForResponse((response) => response.status() === 401);
      release();
      await late;
      await page.getByRole('button', { name: '+1 day' }).click();
      await page.locator('.time-now time').filter({ hasText: '2026-01-02' }).waitFor();
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(complaints.items).toEqual([]);
    });
  },
  '--host',
  '0.0.0.0',
  '--admin-token',
  'open-sesame',
);
