import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { describeConsole } from './setup.ts';

describeConsole('trouble', ({ open, ask, url }) => {
  const answerOf = async (tenant: string, path: string) =>
    (await fetch(`${url()}/@${tenant}${path}`, { headers: { authorization: 'Bearer any' } })).status;

  test('a switch lets something go wrong, says what it struck, and off leaves no trace', async () => {
    const { page, complaints } = await open('down/trouble');
    const outage = page.getByRole('switch', { name: /Back end unavailable/ });
    await outage.click();
    await page.getByRole('switch', { name: /Back end unavailable/, checked: true }).waitFor();
    expect(await answerOf('down', '/v1/customers')).toBe(503);
    await page.locator('.card.on').getByText('struck 1 time').waitFor();
    await page.getByRole('link', { name: 'What it struck' }).click();
    await page.getByRole('option', { name: /struck/ }).click();
    await page.getByRole('heading', { name: 'From cause to effect' }).waitFor();
    await page.goBack();
    await page.goBack();
    await outage.click();
    await page.getByRole('switch', { name: /Back end unavailable/, checked: false }).waitFor();
    expect(await answerOf('down', '/v1/customers')).toBe(200);
    expect(complaints.items).toEqual([]);
  });

  test('a fault strikes one operation alone, or the channel that was chosen', async () => {
    const { page } = await open('narrow/trouble');
    await page.getByLabel('Only this system').selectOption('connectx');
    await page.getByLabel('Only this operation').selectOption('listProducts');
    await page.getByRole('switch', { name: /Back end unavailable/ }).click();
    await page.getByRole('switch', { name: /Back end unavailable/, checked: true }).waitFor();
    expect(await answerOf('narrow', '/v1/customers')).toBe(200);
    expect(await answerOf('narrow', '/v1/products')).toBe(503);
    await page.getByLabel('Only this channel').selectOption('customer/created');
    await page.getByRole('switch', { name: /Events come twice/ }).click();
    await page.getByRole('switch', { name: /Events come twice/, checked: true }).waitFor();
    const { items } = await ask('narrow', 'GET', '/_simulator/faults');
    expect(items).toMatchObject([
      { match: { system: 'connectx', operationId: 'listProducts' } },
      { match: { system: 'connectx', channel: 'customer/created' } },
    ]);
  });

  test('traffic comes at a rate as the clock plays, and stops', async () => {
    const { page } = await open('busy/trouble');
    await page.getByLabel(/Events a minute/).fill('60');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('running').waitFor();
    await page.getByRole('button', { name: '+1 day' }).click();
    await expect
      .poll(async () => (await ask('busy', 'GET', '/_simulator/traffic')).published, { timeout: 20_000 })
      .toBeGreaterThan(1_000);
    await page.getByRole('region', { name: 'Traffic' }).getByRole('button', { name: 'Stop' }).click();
    await page.getByText('stopped').waitFor();
  });

  test('a receiver that fails is listed with its attempts, and what it missed is sent again', async () => {
    let status = 503;
    let taken = 0;
    const receiver = createServer((request, response) => {
      request.resume().on('end', () => {
        if (status < 300) taken += 1;
        response.writeHead(status).end();
      });
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void receiver.close());
    await new Promise((resolve) => receiver.once('listening', resolve));
    const target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    await ask('hung', 'POST', '/_simulator/webhooks', { url: target, channels: ['customer/created'] });
    await ask('hung', 'POST', '/v1/customers', {
      customerType: 'Individual',
      firstName: 'Ada',
      lastName: 'Lee',
      email: 'a@example.com',
    });
    const { page } = await open('hung/trouble');
    await page.getByText(target).waitFor();
    await page.getByText('1 attempt').waitFor();
    status = 204;
    await page.getByRole('link', { name: /^(DLV|DEL)/ }).click();
    await page.getByRole('button', { name: 'Send it again' }).click();
    await expect.poll(() => taken).toBe(1);
    await page.locator('.detail .state').getByText('delivered').first().waitFor();
  });
});
