import { expect, simulatorTest } from 'bss-simulator/vitest';

const test = simulatorTest({ seed: 7 });

test('signs a customer up at another address', async ({ tenant }) => {
  await fetch(`${tenant.url}/v1/customers`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify({ customerType: 'Individual', email: 'ada@example.com' }),
  });
  await expect(tenant).toHaveReceived({ operationId: 'createCustomer', body: { email: 'ada@example.org' } }, 1);
});
