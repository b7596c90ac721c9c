const { simulatorTest } = require('bss-simulator/jest');

const test = simulatorTest({ seed: 7 });

test('hears of the new customer', async ({ tenant, events }) => {
  await fetch(`${tenant.url}/v1/customers`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify({ customerType: 'Individual', email: 'ada@example.com' }),
  });
  await events.next('customer/craeted');
});
