import { expect, test } from 'vitest';
import { createTraffic, type TrafficRequest } from '../../src/operator/traffic.ts';
import { startSimulator } from '../support/simulator.ts';

const { ask: askAny } = await startSimulator({ strict: true });

/** Each test has a tenant of its own; all of them start alike. */
function tenant(name: string) {
  const ask = (method: string, path: string, body?: unknown) =>
    askAny(method, path, body, { 'x-simulator-tenant': name });
  return {
    ask,
    start: (body: TrafficRequest) => ask('POST', '/_simulator/traffic', body),
    advance: async (by: string) => (await ask('POST', '/_simulator/clock/advance', { by })).body,
    events: async () => (await ask('GET', '/_simulator/events?limit=10000')).body.items,
    read: async () => (await ask('GET', '/_simulator/traffic')).body,
  };
}

test('customers join, subscribe, pay, fall behind and leave, and all of it holds together', async () => {
  const { ask, start, advance, events, read } = tenant('day');
  expect((await start({ rate: 60, duration: 'PT10M' })).body).toMatchObject({ state: 'running', published: 0 });

  const { effects } = await advance('PT15M');

  expect(effects.filter(({ kind }: { kind: string }) => kind === 'failure')).toEqual([]);
  const traffic = await read();
  expect(traffic.state).toBe('finished');
  const usual = ['fallBehind', 'join', 'leave', 'order', 'pay', 'subscribe'];
  expect(Object.keys(traffic.acts)).toEqual(expect.arrayContaining(usual));
  const published = await events();
  expect(published.length).toBeGreaterThan(450);
  expect(published.length).toBeLessThan(800);
  expect(Math.abs(traffic.published - published.length)).toBeLessThan(20);
  // Must be what REST tells as well.
  for (const { channel, payload } of published) {
    if (channel === 'customer/created') {
      expect((await ask('GET', `/v1/customers/${payload.customerId}`)).body.email).toBe(payload.email);
    }
  }
  const last = new Map<string, string>(
    published
      .filter(({ channel }: { channel: string }) => channel.startsWith('subscription/'))
      .map(({ channel, payload }: { channel: string; payload: { customerId: string; subscriptionId: string } }) => [
        `${payload.customerId}/${payload.subscriptionId}`,
        channel,
      ]),
  );
  expect(last.size).toBeGreaterThan(20);
  for (const [key, channel] of last) {
    const [customerId, subscriptionId] = key.split('/');
    const { data } = (await ask('GET', `/v1/customers/${customerId}/subscriptions`)).body;
    const { status } = data.find((each: { subscriptionId: string }) => each.subscriptionId === subscriptionId);
    expect(`subscription/${status.toLowerCase()}`).toBe(channel.replace('activated', 'active'));
  }
});

test('the same seed has the same day, byte for byte', async () => {
  const digests = [];
  for (const name of ['one', 'other']) {
    const { ask, start, advance } = tenant(name);
    await start({ rate: 120, count: 100 });
    await advance('PT30M');
    digests.push((await ask('GET', '/_simulator/events?limit=10000')).text.replaceAll(`"tenantId":"${name}"`, ''));
  }
  expect(digests[0]).toBe(digests[1]);
});

test('it ends with its count', async () => {
  const { start, advance, read } = tenant('count');
  await start({ rate: 60_000, count: 25, mix: { join: 1 } });

  await advance('PT1M');

  expect(await read()).toMatchObject({ state: 'finished', published: 25, acts: { join: 25 } });
});

test('it comes at the rate that is asked for', async () => {
  const { start, advance, events } = tenant('rate');
  await start({ rate: 30, mix: { join: 1 } });

  await advance('PT20M');

  const { length } = await events();
  expect(length).toBeGreaterThan(550);
  expect(length).toBeLessThan(650);
});

test('it stops when told, and a new run takes its place', async () => {
  const { ask, start, advance, events, read } = tenant('stop');
  await ask('PUT', '/_simulator/tenants/stop');
  expect(await read()).toEqual({ state: 'idle', published: 0, acts: {} });
  await start({ rate: 60, mix: { join: 1 } });
  await advance('PT1M');
  expect((await ask('DELETE', '/_simulator/traffic')).status).toBe(204);
  const before = (await events()).length;
  expect(before).toBeGreaterThan(30);

  await advance('PT10M');

  expect(await events()).toHaveLength(before);
  expect(await read()).toMatchObject({ state: 'stopped', published: before });
  expect((await start({ rate: 1, count: 1 })).body).toMatchObject({ state: 'running', published: 0 });
});

test('a run goes on in a copy of its tenant, the same way', async () => {
  const { ask, start, advance } = tenant('origin');
  await start({ rate: 60 });
  await advance('PT2M');
  expect((await ask('POST', '/_simulator/tenants/copy/fork')).status).toBe(201);
  const copy = tenant('copy');

  await advance('PT2M');
  await copy.advance('PT2M');

  const ids = async (of: typeof copy) => (await of.events()).map(({ id }: { id: string }) => id);
  expect(await ids(copy)).toEqual(await ids(tenant('origin')));
});

test.each<[string, TrafficRequest]>([
  ['/duration', { rate: 1, duration: 'soon' }],
  ['/mix', { rate: 1, mix: { join: 0 } }],
  ['/rate', { rate: 0 }],
])('what makes no sense is refused: %s', async (path, request) => {
  const { status, body } = await tenant('wrong').start(request);

  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ path }]);
});

test('without a run the state is idle', () => {
  expect(createTraffic([]).read({ get: () => undefined })).toEqual({ state: 'idle', published: 0, acts: {} });
});

test('two systems cannot bring an act of one name', () => {
  const acts = { join: { weight: 1, perform: () => true } };

  expect(() =>
    createTraffic([
      { name: 'a', acts },
      { name: 'b', acts },
    ]),
  ).toThrow(expect.objectContaining({ code: 'SYSTEM_INVALID', message: expect.stringContaining('a and b') }));
});

test('an act that no served system brings is refused by name, with those that there are', async () => {
  const { status, body } = await tenant('wrong').start({ rate: 1, mix: { join: 1, dance: 2 } });

  expect(status).toBe(400);
  expect(body.errors).toEqual([
    {
      in: 'body',
      path: '/mix',
      message:
        'must weigh some of: join, subscribe, pay, fallBehind, failDebit, payLate, leave, order, goMobile, removeUser, failOrder',
    },
  ]);
  expect(body.detail).toContain('no system for dance is served');
});

test('a day of it is busy by day and quiet by night, with all kinds of orders', async () => {
  const { start, advance, events, read } = tenant('shape');
  expect(
    (await start({ rate: 1, duration: 'P1D', mix: { join: 1, order: 1, goMobile: 1, removeUser: 1, failOrder: 1 } }))
      .body,
  ).toMatchObject({ shape: 'life' });

  await advance('P1DT1H');

  const hours = (await events()).map(({ at }: { at: string }) => Number(at.slice(11, 13)));
  const between = (from: number, to: number) => hours.filter((hour: number) => hour >= from && hour < to).length;
  expect(between(9, 15)).toBeGreaterThan(5 * between(0, 6));
  expect(Object.keys((await read()).acts).sort()).toEqual(['failOrder', 'goMobile', 'join', 'order', 'removeUser']);
});

test('policies say how often what is done, and when', async () => {
  const { ask, start, advance, events, read } = tenant('policies');
  const trafficHours = Array.from({ length: 24 }, (_, hour) => (hour === 3 ? 1 : 0));
  const operator = {
    trafficHours,
    trafficMix: {
      pay: 0,
      fallBehind: 0,
      failDebit: 0,
      payLate: 0,
      leave: 0,
      order: 0,
      goMobile: 0,
      removeUser: 0,
      failOrder: 0,
    },
  };
  expect((await ask('PUT', '/_simulator/policies', { operator })).status).toBe(200);
  await start({ rate: 1, duration: 'PT23H', shape: 'life' });
  const { count } = await advance('PT23H');
  // Must be as many as on any other Thursday: an hour that is awaited is not slept through.
  expect(count).toBeGreaterThan(1_000);
  expect(Object.keys((await read()).acts).sort()).toEqual(['join', 'subscribe']);
  const hours = (await events()).map(({ at }: { at: string }) => at.slice(11, 13));
  expect(hours.filter((hour: string) => hour === '03').length).toBeGreaterThan(0.9 * hours.length);
});

test.each([
  ['Europe/London', '2026-03-27T00:00:00.000Z', '10:00', '09:00'],
  ['Europe/London', '2026-10-23T00:00:00.000Z', '09:00', '10:00'],
  ['Australia/Sydney', '2026-04-02T12:00:00.000Z', '23:00', '00:00'],
])(
  'in %s an hour of the day is that of the clocks on the wall, before and after they change',
  async (timeZone, clock, before, after) => {
    const { ask, start, advance, events } = tenant(`clocks-${clock.slice(0, 10)}-${timeZone.slice(0, 4)}`);
    const trafficHours = Array.from({ length: 24 }, (_, hour) => (hour === 10 ? 1 : 0));
    const policies = { operator: { timeZone, trafficHours, trafficDays: [1, 1, 1, 1, 1, 1, 1] } };
    expect((await ask('POST', '/_simulator/reset', { clock, policies })).status).toBe(200);
    await start({ rate: 0.2, duration: 'P4D', shape: 'life', mix: { join: 1 } });
    await advance('P4D');
    const joined = (await events()).filter(({ channel }: { channel: string }) => channel === 'customer/created');
    const hours: string[] = joined.map(({ at }: { at: string }) => at.slice(11, 13));
    const usual = (hour: string) => hours.filter((each) => `${each}:00` === hour).length;
    expect(usual(before)).toBeGreaterThan(100);
    expect(usual(after)).toBeGreaterThan(100);
    expect(usual(before) + usual(after)).toBeGreaterThan(0.9 * hours.length);
  },
);

test('direct debits fail and come late, in the proportions of the policy, and all of it adds up', async () => {
  const { ask, start, advance, read } = tenant('debits');
  const trafficMix = {
    join: 0,
    subscribe: 0,
    fallBehind: 0,
    leave: 0,
    order: 0,
    goMobile: 0,
    removeUser: 0,
    failOrder: 0,
  };
  await ask('PUT', '/_simulator/policies', {
    operator: { trafficMix: { ...trafficMix, pay: 0, failDebit: 3, payLate: 1 } },
  });
  await start({ rate: 0.01, duration: 'P60D' });
  const { effects } = await advance('P90D');
  expect(effects.filter(({ kind }: { kind: string }) => kind === 'failure')).toEqual([]);
  const { acts } = await read();
  expect(acts.failDebit).toBeGreaterThan(5);
  expect(acts.payLate).toBeGreaterThan(0);
  const accounts = [];
  for (let number = 1; number <= 36; number += 1) {
    const customerId = `CUS-${String(number).padStart(6, '0')}`;
    accounts.push((await ask('POST', '/_simulator/actions/connectx/read-account', { customerId })).body);
  }
  const collections = accounts.flatMap((account) => account.collections);
  const statuses = new Set(collections.map(({ status }: { status: string }) => status));
  expect([...statuses].sort()).toEqual(['Collected', 'Failed']);
});
