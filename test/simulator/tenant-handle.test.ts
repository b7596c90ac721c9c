import { describe, expect, test } from 'vitest';
import { connect, createSimulator, type SimulatorTenant } from '../../src/index.ts';
import { startSimulator, TEST_CACHE } from '../support/simulator.ts';

const { simulator } = await startSimulator();

const ADA = { customerType: 'Individual', email: 'ada@example.com' };

/** The handle of a tenant that no other test uses, in this process or as from elsewhere. */
type Reach = (name: string) => SimulatorTenant;

const REACHES: readonly [string, Reach][] = [
  ['in this process', (name) => simulator.tenant(name)],
  ['from elsewhere', (name) => connect(simulator.url, { tenant: name })],
];

async function createCustomer(tenant: SimulatorTenant, body: object = ADA): Promise<{ customerId: string }> {
  const response = await fetch(`${simulator.url}/v1/customers`, {
    method: 'POST',
    headers: { ...tenant.headers, authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { customerId: string };
}

describe.each(REACHES)('a tenant %s', (where, reach) => {
  const tenantOf = (name: string) => reach(`${name}-${where.replaceAll(' ', '-')}`);

  test('stands at an address of its own, and is told by a header too', async () => {
    await using tenant = tenantOf('address');
    expect(tenant.url).toBe(`${simulator.url}/@${tenant.name}`);
    const { customerId } = await createCustomer(tenant);
    const byPath = await fetch(`${tenant.url}/v1/customers/${customerId}`, {
      headers: { authorization: 'Bearer any' },
    });
    expect(byPath.status).toBe(200);
  });

  test('tells the time, and moves it', async () => {
    await using tenant = tenantOf('clock');
    expect(await tenant.clock.now()).toBe('2026-01-01T00:00:00.000Z');
    expect(await tenant.clock.advance('P1M')).toMatchObject({ to: '2026-02-01T00:00:00.000Z' });
    await tenant.clock.advance({ to: '2026-02-02T00:00:00Z' });
    await tenant.clock.advance('next');
    expect((await tenant.clock.now()) > '2026-02-02').toBe(true);
  });

  test('waits for an event in virtual time, and takes each once', async () => {
    await using tenant = tenantOf('events');
    const { customerId } = await createCustomer(tenant);
    const created = await tenant.events.next('customer/created', { where: { customerId } });
    expect(created).toMatchObject({ channel: 'customer/created', payload: { customerId } });
    expect(created.id).toBe(created.payload.eventId);

    // Nothing has been billed yet: the clock goes on until something is.
    const invoice = await tenant.events.next('billing/invoice/created', { within: 'P2M' });
    expect(invoice.at > created.at).toBe(true);
    const another = await tenant.events.next('billing/invoice/created', { within: 'P2M' });
    expect(another.id).not.toBe(invoice.id);
  });

  test('says what came where an event that is waited for does not', async () => {
    await using tenant = tenantOf('no-event');
    await createCustomer(tenant);
    const missing = tenant.events.next('customer/created', { where: { email: 'bob@example.com' }, within: 'PT1H' });
    await expect(missing).rejects.toMatchObject({ code: 'EXPECTATION_FAILED' });
    await expect(missing).rejects.toThrow(
      /has \{"email":"bob@example.com"\}: none came from 2026-01-01T00:00:00.000Z to/,
    );
    await expect(missing).rejects.toThrow(/On customer\/created came:\n.*ada@example.com/);
    expect(await tenant.clock.now()).toBe('2026-01-01T01:00:00.000Z');
  });

  test('passes over what came before a mark', async () => {
    await using tenant = tenantOf('mark');
    await createCustomer(tenant);
    await tenant.events.mark();
    const { customerId } = await createCustomer(tenant, { ...ADA, email: 'grace@example.com' });
    expect((await tenant.events.next('customer/created')).payload.customerId).toBe(customerId);
  });

  test('counts what was asked of it', async () => {
    await using tenant = tenantOf('received');
    await tenant.received({ operationId: 'createCustomer' }).never();
    await createCustomer(tenant);
    await tenant.received({ operationId: 'createCustomer', body: { email: 'ada@example.com' } });
    await tenant.received({ operationId: 'createCustomer', body: { email: 'ada@example.com' } }).times(1);
    const wrong = tenant.received({ operationId: 'createCustomer', body: { email: 'ada@example.org' } }).once();
    await expect(wrong).rejects.toMatchObject({ code: 'EXPECTATION_FAILED' });
    await expect(wrong).rejects.toThrow(/\/body\/email: expected "ada@example.org", but was "ada@example.com"/);
  });

  test('does what no contract has an operation for', async () => {
    await using tenant = tenantOf('actions');
    const { payload } = await tenant.events.next('billing/invoice/created', { within: 'P2M' });
    await tenant.events.mark();
    await tenant.actions.connectx.recordPayment({
      invoiceId: String(payload.invoiceId),
      amount: Number(payload.totalAmount),
      paymentMethod: 'Cash',
    });
    expect(await tenant.events.next('billing/payment/received')).toMatchObject({
      payload: { invoiceId: payload.invoiceId, paymentMethod: 'Cash' },
    });
    await expect(tenant.actions.connectx.cancelInvoice({ invoiceId: 'INV-0' })).rejects.toMatchObject({
      code: 'CONTROL_REFUSED',
      status: 404,
    });
  });

  test('lets webhooks arrive in an inbox, once it is settled', async () => {
    await using tenant = tenantOf('webhooks');
    const inbox = tenant.inbox('crm');
    await tenant.webhooks.create({ url: inbox.url, channels: ['customer/*'] });
    await createCustomer(tenant);
    await tenant.settle();
    expect(await inbox.messages()).toMatchObject([{ method: 'POST', body: { email: 'ada@example.com' } }]);
    expect(await tenant.webhooks.deliveries({ state: 'delivered' })).toHaveLength(1);
  });

  test('goes back to a snapshot, to the start, and on as a copy', async () => {
    await using tenant = tenantOf('snapshots');
    await tenant.snapshot();
    await createCustomer(tenant);
    const before = await tenant.digest();
    await using copy = await tenant.fork(`${tenant.name}-copy`);
    expect(await copy.digest()).toBe(before);
    await tenant.restore();
    await tenant.received({ operationId: 'createCustomer' }).never();
    await tenant.reset({ seed: 7 });
    await createCustomer(tenant);
    expect(await tenant.events.next('customer/created')).toMatchObject({ payload: { email: 'ada@example.com' } });
    expect(await tenant.transcript()).toMatch(/"operationId":"createCustomer"/);
  });

  test('tells what led to what', async () => {
    await using tenant = tenantOf('trace');
    await createCustomer(tenant);
    const [request] = await tenant.activity.list({ kind: 'request' });
    const { root } = await tenant.trace(String(request?.id));
    expect(root).toMatchObject({ id: request?.id, effects: [{ kind: 'event' }] });
  });

  test('is gone once its block ends', async () => {
    const { name } = await (async () => {
      await using tenant = tenantOf('gone');
      await createCustomer(tenant);
      return tenant;
    })();
    const response = await fetch(`${simulator.url}/@${name}/_simulator/requests`);
    expect(response.status).toBe(404);
  });
});

test('a handle does the same in this process and from elsewhere, byte for byte', async () => {
  const digests: string[] = [];
  for (const [, reach] of REACHES) {
    await using tenant = reach('same');
    await createCustomer(tenant);
    await tenant.clock.advance('P1M');
    await tenant.events.next('billing/invoice/created');
    await tenant.faults.unavailable({ operationId: 'listCustomers', times: 1 });
    digests.push(await tenant.digest());
  }
  expect(digests[0]).toBe(digests[1]);
});

test('a handle in this process works where no socket could: its requests take none', async () => {
  await using tenant = simulator.tenant('no-socket');
  const { fetch: original } = globalThis;
  globalThis.fetch = () => Promise.reject(new Error('no network'));
  try {
    expect(await tenant.clock.now()).toBe('2026-01-01T00:00:00.000Z');
  } finally {
    globalThis.fetch = original;
  }
});

test('a handle can be had before the simulator runs, and says so where it is used too early', async () => {
  await using own = createSimulator({ port: 0, cache: TEST_CACHE });
  const tenant = own.tenant();
  await expect(tenant.clock.now()).rejects.toMatchObject({ code: 'NOT_STARTED' });
  await own.start();
  expect(tenant.url).toBe(own.url);
  expect(await tenant.clock.now()).toBe('2026-01-01T00:00:00.000Z');
});

test('an address where nothing listens, or that is none, is told', async () => {
  expect(() => connect('localhost:4010')).toThrow('Failed to connect: "localhost:4010" is no http or https URL.');
  const nowhere = connect('http://127.0.0.1:9');
  await expect(nowhere.clock.now()).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

test('a tenant that nobody has made is not made by a look at it, and the nearest name is told', async () => {
  await using tenant = simulator.tenant('billing-team');
  await tenant.clock.now();
  const response = await fetch(`${simulator.url}/@biling-team/_simulator/clock`);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('Did you mean `billing-team`?');
  const { items } = (await (await fetch(`${simulator.url}/_simulator/tenants`)).json()) as {
    items: { name: string }[];
  };
  expect(items.map(({ name }) => name)).not.toContain('biling-team');
});
