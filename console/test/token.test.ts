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
  },
  '--host',
  '0.0.0.0',
  '--admin-token',
  'open-sesame',
);
