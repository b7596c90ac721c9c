import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibility, CHROMIUM, openBrowser, openPage, startProgram } from './browser.ts';

describe.skipIf(CHROMIUM === undefined)(
  CHROMIUM === undefined ? 'the console (skipped: there is no Chromium)' : 'the console',
  () => {
    let program: Awaited<ReturnType<typeof startProgram>>;
    let browser: Browser;
    beforeAll(async () => {
      program = await startProgram();
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      program?.stop();
    });
    const at = (view: string) => `${program.url}/_simulator/console/${view}`;

    test('a customer with a hostile name shows as text, as soon as it is made, and nothing is complained of', async () => {
      const { page, complaints } = await openPage(browser);
      await page.goto(at('default/activity'));
      await page.locator('.live:not(.off)').waitFor();
      const name = '<img src=x onerror=alert(1)>';
      const response = await fetch(`${program.url}/v1/customers`, {
        method: 'POST',
        headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
        body: JSON.stringify({ customerType: 'Individual', firstName: name, lastName: 'Lee', email: 'a@example.com' }),
      });
      const { customerId } = (await response.json()) as { customerId: string };
      await page.getByRole('option', { name: /POST \/v1\/customers/ }).waitFor();
      await page.goto(at(`default/data/connectx/Customer/${customerId}`));
      await page.getByRole('heading', { name: `${name} Lee` }).waitFor();
      expect(await page.locator('img').count()).toBe(0);
      expect(complaints.items).toEqual([]);
    });

    test('what happens between the reading of the past and the first thing that is new is not missed', async () => {
      const { page } = await openPage(browser);
      await fetch(`${program.url}/_simulator/tenants/gap`, { method: 'PUT' });
      const read: unknown[] = [];
      await page.route('**/_simulator/activity?limit=10000', async (route) => {
        const response = await route.fetch();
        read.push(...(await response.json()).items);
        await fetch(`${program.url}/@gap/v1/products`, { headers: { authorization: 'Bearer any' } });
        await route.fulfill({ response });
      });
      await page.goto(at('gap/activity'));
      await page.getByRole('option', { name: /GET \/v1\/products/ }).waitFor();
      expect(read).toEqual([]);
    });

    test.each([
      'tour',
      'activity',
      'data/connectx/Customer',
      'data/connectx/Customer/CUS-000001',
      'data/connectx/Customer/CUS-000001/graph',
      'data/diff',
      'data/billing-account/EventSubscription',
      'stories',
      'trouble',
      'contracts/connectx/bss-api/createCustomer',
      'contracts/connectx/bss-events/customer/created',
      'coverage',
      'tenants',
    ])('%s opens by its address, at 360 and 1,920 px, accessible and within its policy', async (view) => {
      const look = async (width: number, theme: 'light' | 'dark') => {
        const { page, complaints } = await openPage(browser, { width, theme });
        await page.goto(at(`default/${view}`));
        await page.locator('.live:not(.off)').waitFor();
        await page.locator('main h2, main [role=search], main .empty').first().waitFor();
        // What scrolls hides what is too wide: the heads of views may not be so either.
        const overflow = await page.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll('.view-head')].reduce(
            (most, { scrollWidth, clientWidth }) => Math.max(most, scrollWidth - clientWidth),
            0,
          ),
        );
        const seen = { overflow, accessibility: await accessibility(page), complaints: complaints.items };
        await page.context().close();
        return seen;
      };
      const fine = { overflow: 0, accessibility: [], complaints: [] };
      expect(await Promise.all([look(360, 'dark'), look(1920, 'light')])).toEqual([fine, fine]);
    });

    test.each([
      [360, 'light'],
      [1920, 'dark'],
    ] as const)(
      'what is opened at %i px is accessible too: the palette, an event, a move, a story',
      async (width, theme) => {
        const { page, complaints } = await openPage(browser, { width, theme });
        const tenant = `opened${width}`;
        await fetch(`${program.url}/_simulator/tenants/${tenant}`, { method: 'PUT' });
        await page.goto(at(`${tenant}/activity?kind=event`));
        await page.getByRole('button', { name: '+1 month' }).click();
        await page
          .getByRole('option', { name: /invoice\/created/ })
          .first()
          .click();
        await page.getByLabel('Message', { exact: true }).waitFor();
        await page.locator('.tree-item.here').waitFor();
        expect(await accessibility(page)).toEqual([]);
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Command' }).fill('createCustomer');
        await page
          .getByRole('option', { name: /createCustomer/ })
          .first()
          .waitFor();
        expect(await accessibility(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: /^Restore point/ }).click();
        expect(await accessibility(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.goto(at(`${tenant}/stories`));
        await page.getByRole('link', { name: /^Non-payment/ }).click();
        await page.getByLabel('Pace').selectOption('at once');
        await page.locator('main').getByRole('button', { name: 'Play', exact: true }).click();
        await page.locator('.narration').filter({ hasText: 'The end.' }).waitFor();
        await page.getByRole('button', { name: /Order in vain/ }).click();
        await page.locator('.step-detail').first().waitFor();
        expect(await accessibility(page)).toEqual([]);
        expect(complaints.items).toEqual([]);
      },
    );

    test('by keyboard alone, the palette moves the clock a day and opens a collection', async () => {
      const { page, complaints } = await openPage(browser);
      await page.goto(at('keys/activity'));
      await page.getByRole('button', { name: 'Make the tenant keys' }).press('Enter');
      await page.locator('.time-now time').filter({ hasText: '2026-01-01' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Command' }).fill('+1 day');
      await page.keyboard.press('Enter');
      await page.locator('.time-now time').filter({ hasText: '2026-01-02' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Command' }).fill('connectx/Invoice');
      // Collections are asked for when the palette opens.
      await page.locator('#choice-0').filter({ hasText: 'in data' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /Invoice/ }).waitFor();
      await expect.poll(() => new URL(page.url()).pathname).toBe('/_simulator/console/keys/data/connectx/Invoice');
      expect(complaints.items).toEqual([]);
    });
  },
);
