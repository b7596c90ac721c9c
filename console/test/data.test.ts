import { expect, test } from 'vitest';
import { describeConsole } from './setup.ts';

describeConsole('data', ({ open, ask, at }) => {
  test('a table is filtered and sorted, and what it shows is in its address', async () => {
    const { page } = await open('table/data/connectx/Customer');
    await page.getByLabel('Filter', { exact: true }).fill('status==Suspended');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Customer [1-9]/ }).waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get('filter')).toBe('status==Suspended');
    // Each has a sign in front of its name.
    const states = async () =>
      (await page.locator('.virtual .state').allInnerTexts()).map((text) => text.match(/\w+/)?.[0]);
    await expect.poll(async () => new Set(await states())).toEqual(new Set(['Suspended']));
  });

  test('what is typed into the filter stays while other things happen', async () => {
    const { page } = await open('typed/data/connectx/Customer');
    const filter = page.getByLabel('Filter', { exact: true });
    await filter.pressSequentially('status==');
    const count = page.getByRole('heading', { name: /^Customer [1-9]/ });
    const before = await count.innerText();
    await ask('typed', 'POST', '/v1/customers', {
      customerType: 'Individual',
      firstName: 'Ada',
      lastName: 'Lee',
      email: 'a@example.com',
    });
    await expect.poll(() => count.innerText()).not.toBe(before);
    await filter.pressSequentially('Suspended');
    expect(await filter.inputValue()).toBe('status==Suspended');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('filter')).toBe('status==Suspended');
  });

  test('the life cycle is drawn with its arrows, a legal move is a button, and what it does is seen at once', async () => {
    const { page, complaints } = await open('move/data/connectx/Customer/CUS-000001');
    const life = page.getByRole('region', { name: 'Life cycle' });
    await life.getByRole('img', { name: /^It is Active\. Moves: .*Active → Suspended/ }).waitFor();
    const { lifecycle } = await ask('move', 'GET', '/_simulator/collections/connectx/Customer/CUS-000001');
    const { transitions } = lifecycle as { transitions: { from: string }[] };
    expect(await life.locator('.life-arrow').count()).toBe(transitions.length);
    const legal = transitions.filter(({ from }) => from === 'Active').length;
    expect(await life.locator('.life-arrow.legal').count()).toBe(legal);
    await life.getByRole('listitem').filter({ hasText: 'Suspended' }).getByRole('button').first().click();
    await page.getByRole('heading', { level: 2 }).getByText('Suspended').waitFor();
    await page.getByRole('link', { name: /PATCH/ }).first().click();
    await page.getByLabel('Request body').getByText('Suspended').waitFor();
    expect(complaints.items).toEqual([]);
  });

  test('a move that wants more asks for it', async () => {
    await ask('pay', 'PUT', '/_simulator/tenants/pay');
    const { keys } = await ask('pay', 'GET', '/_simulator/collections/connectx/Invoice?filter=status==Open&limit=1');
    const { page } = await open(`pay/data/connectx/Invoice/${keys[0]}`);
    await page.getByRole('button', { name: 'record-payment' }).click();
    await page.getByLabel('amount').fill('1');
    await page.getByLabel('paymentMethod').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByText('record-payment has been done').waitFor();
  });

  test('what the contract lets clients change is changed in the form', async () => {
    const { page } = await open('form/data/connectx/Customer/CUS-000001');
    await page.getByLabel('email').fill('new@example.com');
    await page.getByRole('button', { name: 'Save by updateCustomer' }).click();
    await expect.poll(async () => (await ask('form', 'GET', '/v1/customers/CUS-000001')).email).toBe('new@example.com');
  });

  test('what belongs to a customer is one picture, across the systems', async () => {
    await ask('graph', 'PUT', '/_simulator/tenants/graph');
    const { items } = await ask('graph', 'GET', '/_simulator/collections/aps-subscriptions/BSSSubscription?limit=1');
    const holding = items[0].vendorSubscriptionId as string;
    const { entity } = await ask('graph', 'GET', `/_simulator/collections/connectx/Subscription/${holding}`);
    const { page, complaints } = await open(`graph/data/connectx/Customer/${entity.customerId}/graph`);
    for (const kind of ['BillingAccount', 'Subscription', 'Invoice', 'BSSSubscription'])
      await page.locator('.node').filter({ hasText: kind }).first().waitFor();
    await page.locator('.node').filter({ hasText: 'BSSSubscription' }).first().click();
    await page.getByText('it is here').waitFor();
    expect(complaints.items).toEqual([]);
  });

  test('what has changed since a restore point is told member by member, and two tenants are compared', async () => {
    const { page } = await open('diff/activity');
    await page.getByRole('button', { name: '+1 month' }).click();
    await page.locator('.time-now time').filter({ hasText: '2026-02-01' }).waitFor();
    await page.getByRole('link', { name: 'Data', exact: true }).click();
    await page.getByRole('link', { name: 'Since a restore point' }).click();
    await page.locator('.difference del').first().waitFor();
    await page.getByRole('link', { name: 'Tenants', exact: true }).click();
    await page.getByLabel('Name').fill('other');
    await page.getByRole('button', { name: 'Make from the start' }).click();
    await page.waitForURL(at('other/activity'));
    await page.getByRole('link', { name: 'Tenants', exact: true }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'diff' })
      .getByRole('link', { name: /Compare/ })
      .click();
    await page.getByRole('heading', { name: 'Not as in diff' }).waitFor();
    await page.locator('.difference').first().waitFor();
    await page.getByRole('link', { name: 'Tenants', exact: true }).click();
    await page.getByRole('listitem').filter({ hasText: 'diff' }).getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('diff has been deleted').waitFor();
  });
});
