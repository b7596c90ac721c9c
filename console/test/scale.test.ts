import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { openPage } from './browser.ts';
import { describeConsole } from './setup.ts';

/** More rows than a page could hold at once; it holds those in sight. */
const MOST_ROWS = 120;

describeConsole('large worlds', ({ open, ask, browser }) => {
  test('10,000 activities are one list, of which the page holds what is in sight', async () => {
    const { page, complaints } = await open('long/activity');
    await ask('long', 'POST', '/_simulator/traffic', { rate: 2 });
    for (
      let total = 0;
      total < 10_000;
      total = (await ask('long', 'GET', '/_simulator/activity?limit=10000')).items.length
    )
      await ask('long', 'POST', '/_simulator/clock/advance', { by: 'P1D' });
    const { items } = (await ask('long', 'GET', '/_simulator/activity?limit=10000')) as { items: { id: string }[] };
    await page
      .locator('.count')
      .filter({ hasText: /^1[01],\d{3} shown|^10,000 shown/ })
      .waitFor();
    const list = page.getByRole('listbox');
    await list.focus();
    await page.keyboard.press('End');
    await page.locator('.detail').waitFor();
    expect(await page.locator('.row').count()).toBeLessThan(MOST_ROWS);
    await page.getByLabel('Text').fill(items.at(-5_000)?.id ?? '');
    await page
      .locator('.count')
      .filter({ hasText: /^1 shown/ })
      .waitFor();
    expect(complaints.items).toEqual([]);
  });

  test('a tenant of 100,000 customers is one table, to its last row, filtered and sorted', async () => {
    const server = spawn(process.execPath, ['bench/servers/ours.mjs'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, BENCH_CUSTOMERS: '100000' },
    });
    onTestFinished(() => void server.kill());
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    const { page, complaints } = await openPage(browser());
    await page.goto(`http://127.0.0.1:${port}/_simulator/console/default/data/connectx/Customer`);
    await page.getByRole('heading', { name: 'Customer 100,000' }).waitFor();
    const list = page.locator('.virtual');
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.getByRole('link', { name: 'CUS-100000', exact: true }).waitFor();
    expect(await page.locator('.row').count()).toBeLessThan(MOST_ROWS);
    await page.getByLabel('Filter', { exact: true }).fill('customerId==CUS-054321');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'CUS-054321', exact: true }).click();
    await page.getByText('it is here').waitFor();
    await page.getByRole('link', { name: 'What belongs together' }).click();
    await page.locator('.node').first().waitFor();
    expect(complaints.items).toEqual([]);
  }, 180_000);
});
