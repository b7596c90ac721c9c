import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeConsole } from './setup.ts';

// The tour of the README, as people take it who never type a command.
describeConsole('the tour of the README', ({ open }) => {
  test.each([
    [360, 640],
    [1920, 1080],
  ])('by mouse alone, at %i px: a customer, a subscription, a month, an invoice', async (width, height) => {
    const { page, complaints } = await open(`mouse${width}/activity`, { width, height });
    await page.getByRole('link', { name: 'Contracts' }).click();
    await page.getByLabel('Contract', { exact: true }).selectOption('connectx/bss-api');
    await page.getByRole('link', { name: 'POST /v1/customers', exact: true }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Answer' }).getByText('201').waitFor();
    const answer = await page.getByLabel('Answer body').innerText();
    const id = /CUS-\d+/.exec(answer)?.[0] ?? '';

    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('button', { name: 'Sort by customerId' }).click();
    await page.getByRole('button', { name: 'Sort by customerId' }).click();
    await page.getByRole('link', { name: id, exact: true }).click();
    await page.getByText('it is here').waitFor();

    await page.getByRole('link', { name: 'Contracts' }).click();
    await page.getByLabel('Contract', { exact: true }).selectOption('connectx/bss-api');
    await page.getByRole('link', { name: 'POST /v1/customers/{customerId}/subscriptions', exact: true }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Answer' }).getByText('201').waitFor();

    await page.getByRole('button', { name: '+1 month' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-02-01' }).waitFor();
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByLabel('Kind').selectOption('event');
    const line = page.getByRole('option', { name: /billing\/invoice\/created/ }).first();
    await line.click();
    await page.getByLabel('Message', { exact: true }).getByText('totalAmount').waitFor();
    await page.getByRole('heading', { name: 'From cause to effect' }).waitFor();
    expect(complaints.items).toEqual([]);
  });

  test.each([
    [360, 640],
    [1920, 1080],
  ])('by keyboard alone, at %i px, from the first customer to the first invoice', async (width, height) => {
    const { page, complaints } = await open(`keys${width}/activity`, { width, height });
    const command = async (words: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Command' }).waitFor();
      await page.keyboard.type(words);
      // What contracts have is asked for when the palette opens; until it is there, Enter looks for the words in the activity.
      await page.locator('#choice-0').filter({ hasText: words, hasNotText: 'Find' }).waitFor();
      await page.keyboard.press('Enter');
    };
    await command('createCustomer');
    await page.getByRole('button', { name: 'Send' }).waitFor();
    await tabTo(page, 'Send');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Answer' }).getByText('201').waitFor();
    await command('+1 month');
    await page.locator('.time-now time').filter({ hasText: '2026-02-01' }).waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('/');
    await page.keyboard.type('invoice/created');
    await page
      .getByRole('option', { name: /billing\/invoice\/created/ })
      .first()
      .waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.getByLabel('Message', { exact: true }).getByText('totalAmount').waitFor();
    expect(complaints.items).toEqual([]);
  });
});

/** Goes on with the Tab key until what has this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let steps = 0; steps < 200; steps += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return;
  }
  throw new Error(`Failed to reach "${name}" with the Tab key.`);
}
