import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import type { Activity } from '../../src/model/activity.ts';
import { startSimulator } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator();

const received: IncomingHttpHeaders[] = [];
const receiver = createServer((request, response) => {
  received.push(request.headers);
  request.resume().on('end', () => response.writeHead(204).end());
});
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
afterAll(() => new Promise((resolve) => receiver.close(resolve)));
const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

/** Each test has a tenant of its own. */
function tenant(name: string) {
  const at = (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    ask(method, `/@${name}${path}`, body, headers);
  const activity = async (query = ''): Promise<readonly Activity[]> =>
    (await at('GET', `/_simulator/activity?limit=10000${query}`)).body.items;
  return { ask: at, activity };
}

/** Orders a service that starts in a month. */
async function orderForNextMonth(ask: ReturnType<typeof tenant>['ask'], headers = {}) {
  const customer = { customerType: 'Individual', firstName: 'Ann', lastName: 'Lee', email: 'ann@example.com' };
  const { customerId } = (await ask('POST', '/v1/customers', customer)).body;
  const { data } = (await ask('GET', '/v1/products?productType=Broadband&status=Active')).body;
  const order = { productId: data[0].productId, startDate: '2026-02-02' };
  const ordered = await ask('POST', `/v1/customers/${customerId}/subscriptions`, order, headers);
  return String(ordered.body.subscriptionId);
}

test('a request that activates a subscription in a month has a trace down to the attempt at a receiver', async () => {
  const { ask, activity } = tenant('month');
  received.length = 0;
  await ask('POST', '/_simulator/webhooks', { url: receiverUrl, channels: ['subscription/activated'] });
  const subscription = await orderForNextMonth(ask);
  const requests = await activity('&kind=request');
  const request = requests.find(({ operationId }) => operationId === 'createSubscription');
  const advanced = await ask('POST', '/_simulator/clock/advance', { to: '2026-02-02T00:00:01Z' });

  const { root } = (await ask('GET', `/_simulator/activity/${request?.id}/trace`)).body;

  expect(root).toMatchObject({ id: request?.id, kind: 'request' });
  const chain = [root];
  for (const kind of ['timer', 'event', 'delivery', 'attempt']) {
    chain.push(chain.at(-1).effects.find((effect: Activity) => effect.kind === kind));
  }
  for (const [index, item] of chain.entries()) {
    expect(item, `${index}`).toMatchObject({ trace: request?.trace });
    if (index > 0) expect(item.cause).toBe(chain[index - 1].id);
  }
  const [, timer, event, delivery, attempt] = chain;
  const clock = (await activity('&kind=clock'))[0];
  expect(timer).toMatchObject({
    firedBy: clock?.id,
    subject: { collection: 'connectx/Subscription', id: subscription },
  });
  expect(event).toMatchObject({ channel: 'subscription/activated' });
  expect(delivery).toMatchObject({ target: receiverUrl });
  expect(attempt).toMatchObject({ status: 204, state: 'delivered', firedBy: clock?.id });
  // What was asked of the simulator is the cause of the clock's move.
  expect(JSON.stringify(root)).not.toContain('"kind":"clock"');
  expect((await activity('&kind=control')).map(({ id }) => id)).toContain(clock?.cause);

  // Effects of an advance name their cause.
  const effect = advanced.body.effects.find(({ id }: { id?: string }) => id === event.id);
  expect(effect).toMatchObject({ cause: timer.id });
  // From any part of it, the tree is the same.
  const below = await ask('GET', `/_simulator/activity/${encodeURIComponent(attempt.id)}/trace`);
  expect(below.body).toEqual({ root });
  // The receiver can join the trace.
  expect(received.map(({ traceparent }) => String(traceparent).slice(3, 35))).toContain(request?.trace);
});

test('a timer that waits names what it is for, and what set it', async () => {
  const { ask, activity } = tenant('waiting');
  const subscription = await orderForNextMonth(ask);
  const request = (await activity()).find(({ operationId }) => operationId === 'createSubscription');

  const timers = (await ask('GET', '/_simulator/timers?limit=10000')).body.items;

  expect(timers).toContainEqual({
    id: expect.stringMatching(/^TMR-\d{6}-1$/),
    due: '2026-02-02T00:00:00.000Z',
    kind: 'connectx/activate',
    key: `connectx/activate/${subscription}`,
    subject: { collection: 'connectx/Subscription', id: subscription },
    cause: request?.id,
    trace: request?.trace,
  });
  const dues = timers.map(({ due }: { due: string }) => due);
  expect(dues).toEqual(dues.toSorted());
  // In parts they are the same.
  const inParts = [];
  for (let after = ''; ; ) {
    const { items, next } = (await ask('GET', `/_simulator/timers?limit=3${after}`)).body;
    inParts.push(...items);
    if (next === undefined) break;
    after = `&after=${encodeURIComponent(next)}`;
  }
  expect(inParts).toEqual(timers);
  expect(inParts.length).toBeGreaterThan(12);
});

test('the trace of a client is kept, and what follows from its request continues it', async () => {
  const { ask, activity } = tenant('client');
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  received.length = 0;
  await ask('POST', '/_simulator/webhooks', { url: receiverUrl, channels: ['subscription/activated'] });
  await orderForNextMonth(ask, { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
  await ask('POST', '/_simulator/clock/advance', { by: 'P2M' });

  const mine = await activity(`&trace=${trace}`);

  expect(new Set(mine.map(({ kind }) => kind))).toEqual(new Set(['request', 'timer', 'event', 'delivery', 'attempt']));
  const continued = received.map(({ traceparent }) => String(traceparent)).find((text) => text.includes(trace));
  expect(continued).toMatch(/^00-[0-9a-f]{32}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$/);
});

test.each(['', '00-x', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `ff-${'a'.repeat(32)}-00f067aa0ba902b7-01`])(
  'a traceparent that means nothing (%j) begins a trace of the tenant',
  async (traceparent) => {
    const { ask, activity } = tenant('unreadable');
    await ask('GET', '/v1/products', undefined, { traceparent });
    expect((await activity()).at(-1)).toMatchObject({
      kind: 'request',
      trace: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect((await activity(`&trace=${'a'.repeat(32)}`)).length).toBe(0);
  },
);

test('an event that a link follows is the cause of what the link does', async () => {
  const { ask, activity } = tenant('links');
  await orderForNextMonth(ask);
  await ask('POST', '/billingaccounttmfwebservices/v2/hub', { callback: receiverUrl });
  await ask('POST', '/_simulator/clock/advance', { by: 'P2M' });

  const events = await activity('&kind=event');

  const activated = events.find(({ channel }) => channel === 'subscription/activated');
  const invoice = events.find(({ channel }) => channel === 'billing/invoice/created');
  const followed = events.filter(({ cause }) => cause === activated?.id || cause === invoice?.id);
  expect(followed.length).toBeGreaterThan(0);
  expect(followed.every(({ subject }) => subject?.collection === 'billing-account/BillingAccount')).toBe(true);
});

test('a fault names what it has struck', async () => {
  const { ask, activity } = tenant('faults');
  await ask('POST', '/_simulator/faults', { match: { operationId: 'listProducts' }, fault: { status: 503 } });
  await ask('GET', '/v1/products');

  const request = (await activity('&kind=request')).at(-1);

  expect(request).toMatchObject({ status: 503 });
  expect(await activity('&kind=fault')).toMatchObject([{ id: 'FLT-000001/1', cause: request?.id }]);
});

test('activity is about what is asked for, and goes on after any item', async () => {
  const { ask, activity } = tenant('paging');
  const subscription = await orderForNextMonth(ask);
  const all = await activity();

  const about = await activity(`&subject=connectx/Subscription/${subscription}`);
  expect(about.map(({ kind }) => kind)).toEqual(['request']);
  const first = (await ask('GET', '/_simulator/activity?limit=2')).body;
  expect(first.items).toEqual(all.slice(0, 2));
  expect((await ask('GET', `/_simulator/activity?after=${first.next}&limit=10000`)).body.items).toEqual(all.slice(2));
  expect((await ask('GET', '/_simulator/activity?after=REQ-999999')).status).toBe(410);
  expect((await ask('GET', '/_simulator/activity/REQ-999999/trace')).status).toBe(404);
  expect((await ask('GET', '/_simulator/activity?kind=miracle')).status).toBe(400);
});

test('as server-sent events, activity streams as it happens and resumes where it broke off', async () => {
  const { ask, activity } = tenant('stream');
  await ask('GET', '/v1/products');
  const [first] = await activity();
  const read = async (headers: Readonly<Record<string, string>>, count: number): Promise<readonly Activity[]> => {
    const response = await fetch(`${simulator.url}/@stream/_simulator/activity?kind=request`, {
      headers: { accept: 'text/event-stream', ...headers },
    });
    const items: Activity[] = [];
    let text = '';
    await ask('GET', '/v1/customers');
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString('utf8');
      const found = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Activity);
      items.splice(0, items.length, ...found);
      if (items.length >= count) break;
    }
    return items;
  };

  const live = await read({}, 1);
  const resumed = await read({ 'last-event-id': String(first?.id) }, 2);

  expect(live).toMatchObject([{ kind: 'request', operationId: 'listCustomers' }]);
  expect(resumed.map(({ id }) => id)).toEqual(['REQ-000002', 'REQ-000003']);
});

test('after a reset the same requests have the same traces again', async () => {
  const { ask, activity } = tenant('again');
  const play = async () => {
    await ask('GET', '/v1/products');
    await orderForNextMonth(ask);
    return (await activity('&kind=request')).map(({ id, number, trace }) => ({ id, number, trace }));
  };
  const first = await play();
  await ask('POST', '/_simulator/reset', {});
  expect((await activity()).map(({ kind }) => kind)).toEqual(['reset']);
  expect(await play()).toEqual(first);
});
