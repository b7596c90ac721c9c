const { simulatorTest } = require('bss-simulator/jest');

const test = simulatorTest({ seed: 7 });

test('signs a customer up, once', async ({ tenant }) => {
  const response = await fetch(`${tenant.url}/v1/customers`, {
    method: 'POST',
    headers: { authorization: 'Bearer crm', 'content-type': 'application/json' },
    body: JSON.stringify({ customerType: 'Individual', email: 'ada@example.com' }),
  });
  expect(response.status).toBe(201);
  await tenant.received({ operationId: 'createCustomer' }).once();
});
