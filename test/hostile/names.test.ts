import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';

const simulator = await startProcess(['--fixture', 'empty']);
afterAll(() => simulator.stop());
const ask = askAt(simulator.url);

const INHERITED = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'isPrototypeOf',
];
const SYSTEMS = ['connectx', 'macd', 'billing-account', 'aps-subscriptions', 'simulator', '__proto__', 'constructor'];

test.each(INHERITED)('what every object inherits is nothing that can be looked up: %s', async (name) => {
  const answers = [
    ...SYSTEMS.flatMap((system) => [
      ask('POST', `/_simulator/actions/${system}/${name}`, {}),
      ask('GET', `/_simulator/contracts/${system}/${name}`),
    ]),
    ask('POST', '/_simulator/events', { channel: name }),
    ask('POST', '/_simulator/webhooks', { url: 'http://simulator/_simulator/inbox/a', channels: [name] }),
    ask('POST', `/_simulator/snapshots/${name}/restore`),
    ask('POST', '/_simulator/reset', { fixture: name }),
    ask('POST', '/_simulator/traffic', { rate: 1, mix: Object.fromEntries([[name, 1]]) }),
    ask('GET', `/_simulator/requests/${name}`),
    ask('GET', `/_simulator/activity/${name}/trace`),
    ask('DELETE', `/_simulator/faults/${name}`),
    ask('DELETE', `/_simulator/tenants/${name}`),
    ask('GET', `/v1/customers/${name}`),
    ask('GET', `/aps/2/resources?a=${name}=b`),
    ask('POST', '/macd/orders', { Order: { MessageID: name, Operation: name } }),
    ask('POST', '/macd/orders', { Order: { MessageID: name, Operation: Object.fromEntries([[name, null]]) } }),
  ];
  for (const { status, text } of await Promise.all(answers)) {
    expect([400, 404, 422], text).toContain(status);
  }
});

test('actions that links use take nothing from a client that they could not work with', async () => {
  const values: readonly unknown[] = [undefined, null, 1, [], {}, { toString: null }, ''];
  for (const action of ['open-account', 'apply-amount', 'mark-in-arrears', 'follow-customer']) {
    for (const value of values) {
      const input = { customerId: value, amount: value, currency: value, status: value };
      expect((await ask('POST', `/_simulator/actions/billing-account/${action}`, input)).status).toBeLessThan(500);
    }
  }
  for (const action of ['mirror-subscription', 'set-subscription-status']) {
    for (const value of values) {
      const input = { customer: value, holding: value, vendorSubscriptionId: value, status: value };
      expect((await ask('POST', `/_simulator/actions/aps-subscriptions/${action}`, input)).status).toBeLessThan(500);
    }
  }
});

test('members of a client that are named like those of an event’s envelope never reach it', async () => {
  const forged = { eventId: 'forged', eventType: 'forged', eventTime: '1999-01-01T00:00:00Z', tenantId: 'victim' };
  const customer = { customerType: 'Individual', email: 'a@example.com', ...forged };
  for (let count = 0; count < 3; count += 1)
    expect((await ask('POST', '/@own/v1/customers', customer)).status).toBe(201);

  const { items } = (await ask('GET', '/@own/_simulator/events')).body;
  expect(items).toHaveLength(3);
  for (const { id, channel, payload } of items) {
    expect(payload).toMatchObject({ eventId: id, eventType: channel, tenantId: 'own' });
    expect(JSON.stringify(payload)).not.toMatch(/forged|victim|1999/);
  }
  expect(new Set(items.map(({ id }: { id: string }) => id)).size).toBe(3);
  expect((await ask('GET', `/@own/_simulator/events?after=${items[0].id}`)).body.items).toHaveLength(2);
});

test('an id that a client gives an event before the tenant comes to make it is nobody’s afterwards', async () => {
  const customer = { customerType: 'Individual', firstName: 'Ada', email: 'a@example.com' };
  // Tenants start alike: what one of them makes is known from another.
  const act = async (tenant: string) => {
    const { body } = await ask('POST', `/@${tenant}/v1/customers`, customer);
    const { customerId } = body;
    await ask('POST', `/@${tenant}/_simulator/actions/billing-account/open-account`, { customerId });
    await ask('POST', `/@${tenant}/_simulator/actions/billing-account/note`, { customerId, text: 'A reminder' });
    return (await ask('GET', `/@${tenant}/_simulator/events`)).body.items as { id: string; channel: string }[];
  };
  const foreseen = await act('seer');
  expect(new Set(foreseen.map(({ channel }) => channel.split('/')[0]))).toEqual(
    new Set(['customer', 'billingAccount']),
  );
  for (const { id } of foreseen) {
    // On another channel: each counts its own.
    const message = { channel: 'billing/invoice/created', payload: { eventId: id } };
    expect((await ask('POST', '/@seen/_simulator/events', message)).status).toBe(201);
  }

  const events = await act('seen');
  expect(events).toHaveLength(2 * foreseen.length);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});
