import { simulatorTest } from 'bss-simulator/node-test';

const test = simulatorTest({ seed: 7 });

test('reads the products', async ({ tenant }) => {
  const response = await fetch(`${tenant.url}/v1/prodcts`, { headers: { authorization: 'Bearer any' } });
  if (!response.ok) throw new Error(`The BSS answered ${response.status}.`);
});
