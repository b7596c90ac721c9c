import { test } from 'vitest';
import { startSimulator } from '/work/main/test/support/simulator.ts';
const { ask } = await startSimulator({ strict: true, webhooks: [{ url: 'http://simulator/_simulator/inbox/a', channels: ['customer/updated'] }] });
test('x', async () => {
  await ask('POST', '/_simulator/reset', { seed: 9 });
  const { body: c } = await ask('POST', '/v1/customers', { customerType: 'Individual', firstName: 'Ada', email: 'ada.marsh@example.com' });
  const p = await ask('PATCH', `/v1/customers/${c.customerId}`, { firstName: 'Grace' });
  console.log(p.status, p.text);
  await ask('POST', `/_simulator/clock/advance`, { by: 'PT0S' });
  console.log((await ask('GET','/_simulator/events')).text, (await ask('GET','/_simulator/deliveries')).text);
});
