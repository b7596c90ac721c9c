import type { Ask } from './simulator.ts';

/** A busy half year in one tenant, the same whoever plays it; `prefix` is the tenant's, for example `/@one`. */
export async function playStory(ask: Ask, prefix = '', months = 6): Promise<void> {
  const { body: customer } = await ask('POST', `${prefix}/v1/customers`, {
    customerType: 'Individual',
    firstName: 'Ada',
    lastName: 'Marsh',
    email: 'ada.marsh@example.com',
  });
  const path = `${prefix}/v1/customers/${customer.customerId}`;
  const { body: products } = await ask('GET', `${prefix}/v1/products?productType=Broadband&status=Active`);
  await ask('POST', `${path}/subscriptions`, { productId: products.data[0].productId, startDate: '2026-01-16' });
  await ask('POST', `${prefix}/billingaccounttmfwebservices/v2/hub`, {
    callback: 'http://simulator/_simulator/inbox/hub',
    query: 'eventType=BillingAccountStateChangeEvent',
  });
  for (let month = 0; month < months; month += 1) {
    await ask('POST', `${prefix}/_simulator/clock/advance`, { by: 'P1M' });
    const { body: invoices } = await ask('GET', `${path}/invoices?status=Open`);
    const [invoice] = invoices.data;
    if (invoice === undefined || month === 2) continue;
    await ask('POST', `${prefix}/_simulator/actions/connectx/record-payment`, {
      invoiceId: invoice.invoiceId,
      amount: invoice.totalAmount,
      paymentMethod: 'DirectDebit',
    });
  }
  await ask('PATCH', path, { status: 'Active', phone: '+447700900123' });
  await ask('POST', `${prefix}/macd/orders`, { Order: { Operation: 'Add' } });
}

/** The digest of what a tenant has been through. */
export async function digestOf(ask: Ask, prefix = ''): Promise<string> {
  return (await ask('GET', `${prefix}/_simulator/transcript/digest`)).body.digest;
}
