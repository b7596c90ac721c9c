import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeConsole } from './setup.ts';

interface Example {
  readonly operationId: string;
}

describeConsole('contracts', ({ open, ask, at }) => {
  test('an operation is sent from the page as it stands there, and is shown as curl, fetch and a step', async () => {
    const { page, complaints } = await open('try/contracts/connectx/bss-api/createCustomer');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Answer' }).getByText('201').waitFor();
    const code = page.locator('pre.code');
    await expect.poll(() => code.innerText()).toMatch(/^curl -X POST '.*\/@try\/v1\/customers'/);
    await page.getByRole('button', { name: 'fetch' }).click();
    await expect.poll(() => code.innerText()).toMatch(/await fetch\(/);
    await page.getByRole('button', { name: 'scenario step' }).click();
    await expect.poll(() => code.innerText()).toMatch(/operationId: createCustomer/);
    expect(complaints.items).toEqual([]);
  });

  test('every operation of every contract opens with an example that is not refused for its form', async () => {
    const { page } = await open('all/contracts');
    const { items } = await ask('all', 'GET', '/_simulator/contracts?limit=1000');
    const refused: string[] = [];
    for (const { system, name } of items as { system: string; name: string }[]) {
      if (system === 'simulator') continue;
      const examples = await ask('all', 'GET', `/_simulator/contracts/${system}/${name}/examples`);
      await page.goto(at(`all/contracts/${system}/${name}`));
      for (const { operationId } of examples.operations as Example[]) {
        await page.locator(`nav a[href$="/${system}/${name}/${encodeURIComponent(operationId)}"]`).click();
        await page.locator('main header').getByText(`· ${operationId}`).waitFor();
        await page.getByRole('button', { name: 'Send' }).click();
        const status = await page.locator('section[aria-label=Answer] h3 .state').innerText();
        if (/\b(400|415|422|5\d\d)\b/.test(status)) refused.push(`${system}/${name} ${operationId} ${status}`);
      }
    }
    expect(refused).toEqual([]);
  });

  test('a channel is listened to while it is looked at, and published on by hand', async () => {
    const { page, complaints } = await open('listen/contracts/connectx/bss-events');
    await page.getByRole('link', { name: 'customer/created', exact: true }).click();
    await page.getByText('This page listens').waitFor();
    await ask('listen', 'POST', '/v1/customers', {
      customerType: 'Individual',
      firstName: 'Ada',
      lastName: 'Lee',
      email: 'ada@example.com',
    });
    await page
      .getByRole('group', { name: /^Message / })
      .first()
      .getByText('ada@example.com')
      .waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await expect.poll(() => page.getByRole('group', { name: /^Message / }).count()).toBe(2);
    expect(complaints.items).toEqual([]);
  });

  test('a page says that it listens once it does, and connects again where the line breaks', async () => {
    const { page } = await open('line/contracts/connectx/bss-events');
    const lines: Route[] = [];
    await page.route('**/_simulator/events?channel=*', (route) => void lines.push(route));
    await page.getByRole('link', { name: 'customer/created', exact: true }).click();
    await page.getByText('The page is being connected').waitFor();
    await expect.poll(() => lines.length).toBe(1);
    await lines[0]?.abort();
    await page.getByText('It is tried again').waitFor();
    await expect.poll(() => lines.length).toBe(2);
    await lines[1]?.continue();
    await page.getByText('This page listens').waitFor();
  });
});
