import { expect, test } from 'vitest';
import { channelMatcher } from '../../../src/engine/records/event-log.ts';
import type { SimulatorEvent } from '../../../src/model/event.ts';
import { createWorld, eventOf } from '../test-world.ts';

test('what is missing from a message is generated, what is given is kept', async () => {
  const { ask, registry } = await createWorld();

  const { status, body } = await ask('publishEvent', {
    body: { channel: 'billing/invoice/created', payload: { amount: 12.5 } },
  });

  const event = body as SimulatorEvent;
  expect(status).toBe(201);
  expect(event.payload).toMatchObject({ amount: 12.5, eventId: event.id, eventTime: event.at, tenantId: 'default' });
  expect(registry.channel('billing/invoice/created').check(event.payload)).toEqual([]);
  expect((await ask('listEvents')).body).toEqual({ items: [event] });
});

test('a message that breaks its contract is refused with every violation', async () => {
  const { ask, tenant } = await createWorld();

  await expect(
    ask('publishEvent', { body: { channel: 'customer/created', payload: { eventTime: 'noon', customerId: 3 } } }),
  ).rejects.toMatchObject({
    status: 400,
    violations: [
      { in: 'body', path: '/payload/eventTime' },
      { in: 'body', path: '/payload/customerId' },
    ],
  });
  expect(tenant.log.read()).toEqual([]);
});

test('an unknown channel is refused with the nearest one', async () => {
  const { ask } = await createWorld();

  const message = expect.stringContaining('Did you mean "customer/created"?');
  const channel = 'customer/craeted';
  await expect(ask('publishEvent', { body: { channel } })).rejects.toMatchObject({ status: 404, message });
  await expect(ask('listEvents', { query: { channel } })).rejects.toMatchObject({ status: 400, message });
  await expect(ask('listEvents', { query: { channel: 'custmer/*' } })).rejects.toMatchObject({ status: 400 });
});

test('a message that is handed over as a broker would is taken as it is', async () => {
  const { ask, tenant } = await createWorld();
  const payload = { eventTime: 'noon' };
  expect(await ask('receiveMessage', { body: { channel: 'customer/created', payload } })).toEqual({ status: 204 });
  expect(tenant.log.read()).toMatchObject([{ channel: 'customer/created', payload }]);
  await expect(ask('receiveMessage', { body: { channel: 'customer/craeted', payload } })).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('Did you mean "customer/created"?'),
  });
});

test('an event id is used once, also by requests that race', async () => {
  const { ask } = await createWorld();
  const body = { channel: 'customer/created', payload: { eventId: 'one' } };

  const results = await Promise.allSettled([ask('publishEvent', { body }), ask('publishEvent', { body })]);

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('the log is read by channel and in parts', async () => {
  const { ask, tenant } = await createWorld();
  tenant.log.append([eventOf(1), eventOf(2, 'billing/invoice/created'), eventOf(3), eventOf(4)]);

  const first = await ask('listEvents', { query: { channel: 'customer/*', limit: 2 } });
  expect(first.body).toEqual({ items: [eventOf(1), eventOf(3)], next: 'E-3' });

  const rest = await ask('listEvents', { query: { channel: 'customer/*', limit: 2, after: 'E-3' } });
  expect(rest.body).toEqual({ items: [eventOf(4)] });
});

test('a pattern of many asterisks costs no more than any other', () => {
  expect(channelMatcher(`${'*'.repeat(2_000)}x`)('customer/created'.repeat(100))).toBe(false);
});

test.each([
  ['customer/*', 'customer/created', true],
  ['*/created', 'customer/created', true],
  ['c*r/*ed', 'customer/created', true],
  ['*', '', true],
  ['**', 'a', true],
  ['a*a', 'a', false],
  ['a*b*a', 'aba', true],
  ['a*b*a', 'aab', false],
  ['c.stomer/*', 'customer/created', false],
])('the pattern %s on %s: %s', (pattern, address, isMet) => {
  expect(channelMatcher(pattern)(address)).toBe(isMet);
});

test('an event that has left the log is gone, and the oldest that is there is told', async () => {
  const { ask, tenant } = await createWorld({ events: 4 });
  tenant.log.append([1, 2, 3, 4, 5, 6].map((number) => eventOf(number)));

  await expect(ask('listEvents', { query: { after: 'E-1' } })).rejects.toMatchObject({
    status: 410,
    details: { oldest: 'E-3' },
  });
});
