import { readFileSync } from 'node:fs';
import { expect, test } from 'bss-simulator/playwright';

const PAGE = readFileSync(new URL('./page.html', import.meta.url), 'utf8');

test.beforeEach(async ({ page }) => {
  await page.route('http://shop.example/', (route) => route.fulfill({ body: PAGE, contentType: 'text/html' }));
  await page.goto('http://shop.example/');
});

test('a customer signs up', async ({ page, tenant }) => {
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('button').click();
  await expect(page.getByRole('status')).toHaveText('Welcome, ada@example.com');
  await expect(tenant).toHaveReceived({ operationId: 'createCustomer', body: { email: 'ada@example.com' } }, 1);
});

test('a connection that breaks is told to the customer', async ({ page, faults }) => {
  await faults.reset({ operationId: 'createCustomer', times: 1 });
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('button').click();
  await expect(page.getByRole('status')).toHaveText('Sorry, nobody answers');
});
