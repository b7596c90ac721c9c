import { expect, test } from 'vitest';
import { createHttpPlayer } from '../../src/scenarios/http-player.ts';
import type { Fetch } from '../../src/scenarios/send-request.ts';
import { afterListening } from '../../src/surfaces/wall-time.ts';
import { events, shop } from './scenario-builder.ts';

const START = Date.UTC(2026, 0, 1);

/** A control API over a list of messages, each of which is a timer that is due at its time. */
function createFakeSimulator(messages: readonly { id: string; at: number; channel?: string; body?: unknown }[] = []) {
  let now = START;
  const asked: string[] = [];
  const tenants: (string | undefined)[] = [];
  const fetch: Fetch = async (url, { method, headers, body }) => {
    const { pathname, searchParams } = new URL(url);
    asked.push(`${method} ${pathname}${body === undefined ? '' : ` ${body}`}`);
    tenants.push(headers['x-simulator-tenant']);
    const answer = (status: number, value?: unknown) => ({
      status,
      headers: new Map([['Content-Type', 'application/json']]),
      text: async () => (value === undefined ? '' : JSON.stringify(value)),
    });
    const time = (instant: number) => new Date(instant).toISOString();
    const due = messages.find(({ at }) => START + at > now);
    if (pathname === '/oauth/token') return answer(200, { access_token: `T${now - START}`, expires_in: 60 });
    if (pathname === '/_simulator/clock')
      return answer(200, { now: time(now), pending: due === undefined ? [] : [{ due: time(START + due.at) }] });
    if (pathname === '/_simulator/clock/advance') {
      const how = JSON.parse(body ?? '{}') as { to?: string };
      now = how.to === undefined ? START + (due?.at ?? 0) : Date.parse(how.to);
      return answer(200, { to: time(now) });
    }
    if (pathname === '/_simulator/events' && method === 'GET') {
      const seen = messages.filter(({ at }) => START + at <= now);
      const after = seen.findIndex(({ id }) => id === searchParams.get('after'));
      const items = seen.slice(after + 1).map(({ id, at, channel = 'order/created', body: payload }) => ({
        id,
        channel,
        at: time(START + at),
        payload,
      }));
      return answer(200, {
        items: items.filter(({ channel }) => [null, channel].includes(searchParams.get('channel'))),
      });
    }
    if (pathname.startsWith('/_simulator')) return answer(pathname.includes('/tenants/') ? 404 : 201, { id: 'own' });
    return answer(200, { authorization: headers.authorization });
  };
  return { fetch, asked, tenants };
}

const [created] = events.channels;
if (created === undefined) throw new Error('The contract has no channel.');
const any = { timeout: 60_000, accepts: () => true };
const call = (headers: Record<string, unknown> = {}) => {
  const [operation] = shop.operations;
  if (operation === undefined) throw new Error('The contract has no operation.');
  return { operation, contract: shop, path: {}, query: { a: [1, 2] }, headers, cookies: { c: 'd' } };
};

test('receiving moves the clock from timer to timer, and takes each message once', async () => {
  const { fetch, asked } = createFakeSimulator([
    { id: 'old', at: 0 },
    { id: '1', at: 1000, channel: 'other' },
    { id: '2', at: 2000 },
    { id: '3', at: 3000 },
  ]);
  const player = await createHttpPlayer({ baseUrl: 'http://s', tenant: 't', fetch, patience: afterListening });
  expect(await player.receive(created, any)).toMatchObject({ id: '2', at: '2026-01-01T00:00:02.000Z' });
  expect(await player.receive(created, any)).toMatchObject({ id: '3' });
  expect(asked.filter((line) => line.includes('advance'))).toEqual(
    Array(3).fill('POST /_simulator/clock/advance {"next":true}'),
  );
});

test('no wait goes beyond its time-out: the clock stops there', async () => {
  const { fetch, asked } = createFakeSimulator([{ id: '1', at: 100_000 }]);
  const player = await createHttpPlayer({ baseUrl: 'http://s', tenant: 't', fetch, patience: afterListening });
  expect(await player.receive(created, any)).toBeUndefined();
  expect(await player.now()).toBe(START + 60_000);
  expect(asked.at(-2)).toBe('POST /_simulator/clock/advance {"to":"2026-01-01T00:01:00.000Z"}');
});

test('waiting advances the tenant and nothing else', async () => {
  const { fetch, tenants } = createFakeSimulator();
  const player = await createHttpPlayer({ baseUrl: 'http://s', tenant: 't', fetch, patience: afterListening });
  await player.wait(1500);
  expect(await player.now()).toBe(START + 1500);
  // The tenant is made by its name; everything else happens in it.
  expect(tenants).toEqual(['default', ...tenants.slice(1).map(() => 't')]);
});

test('a token is fetched once, and only where the step brings none', async () => {
  const { fetch, asked } = createFakeSimulator();
  const player = await createHttpPlayer({ baseUrl: 'http://s', tenant: 't', fetch, patience: afterListening });
  const answers = [
    await player.call(call()),
    await player.call(call()),
    await player.call(call({ Authorization: 'Bearer mine' })),
  ];
  expect(answers.map(({ response }) => response.body)).toEqual([
    { authorization: 'Bearer T0' },
    { authorization: 'Bearer T0' },
    { authorization: 'Bearer mine' },
  ]);
  expect(answers[0]?.request).toMatchObject({ url: 'http://s/orders?a=1,2', headers: { cookie: 'c=d' } });
  expect(asked.filter((line) => line.includes('token'))).toEqual([
    'POST /oauth/token grant_type=client_credentials&client_id=scenario&client_secret=scenario&scope=all',
  ]);
});

test('on a simulator that others use, the tenant starts anew, with its seed', async () => {
  const { fetch, asked, tenants } = createFakeSimulator();
  await createHttpPlayer({ baseUrl: 'http://s', tenant: 't', fetch, patience: afterListening, restart: { seed: 7 } });
  expect(asked.slice(0, 3)).toEqual([
    'DELETE /_simulator/tenants/t',
    'PUT /_simulator/tenants/t',
    'POST /_simulator/reset {"seed":7}',
  ]);
  expect(tenants.slice(0, 3)).toEqual(['default', 'default', 't']);
});

test('at a pace, time runs by itself and waiting sleeps for its part of it', async () => {
  const { fetch, asked } = createFakeSimulator();
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => void slept.push(milliseconds);
  const player = await createHttpPlayer({
    baseUrl: 'http://s',
    tenant: 't',
    fetch,
    patience: afterListening,
    pace: { speed: 60, sleep },
  });
  await player.wait(60_000);
  expect(slept).toEqual([1000]);
  expect(asked[1]).toBe('PUT /_simulator/clock {"mode":"real","rate":60}');
});

test('a token that expires on its way to the simulator is fetched anew while the clock is held', async () => {
  const { fetch: simulator, asked } = createFakeSimulator();
  let [isHeld, now] = [false, START];
  const fetch: Fetch = async (url, request) => {
    const { pathname } = new URL(url);
    if (pathname === '/_simulator/clock' && request.method === 'PUT')
      isHeld = JSON.parse(request.body ?? '{}').mode === 'manual';
    // An hour and more goes by with each request.
    if (!isHeld) now += 3_600_000;
    const text = async () => JSON.stringify({ now: new Date(now).toISOString() });
    const answer = { status: 200, headers: new Map([['Content-Type', 'application/json']]), text };
    if (pathname === '/_simulator/clock') return answer;
    const isLate = !pathname.startsWith('/_simulator') && pathname !== '/oauth/token' && !isHeld;
    return isLate ? { ...answer, status: 401 } : simulator(url, request);
  };
  const pace = { speed: 600_000, sleep: async () => {} };
  const player = await createHttpPlayer({ baseUrl: 'http://s', tenant: 't', fetch, patience: afterListening, pace });

  const { response } = await player.call(call());

  expect(response.status).toBe(200);
  expect(asked.filter((line) => line.includes('token'))).toHaveLength(2);
  expect(isHeld).toBe(false);
});

test('a token that has expired on the clock of the tenant is fetched anew', async () => {
  const { fetch } = createFakeSimulator();
  const player = await createHttpPlayer({ baseUrl: 'http://s', tenant: 't', fetch, patience: afterListening });
  await player.call(call());
  await player.wait(60_000);
  expect((await player.call(call())).response.body).toEqual({ authorization: 'Bearer T60000' });
});

test.each([
  [undefined, 250],
  [{ speed: 10, sleep: async () => {} }, 25],
])(
  'an answer that does not come in time is waited for no longer, at the pace of the tenant: %o',
  async (pace, wall) => {
    const { fetch } = createFakeSimulator();
    const silent: Fetch = (url, init) =>
      url.includes('_simulator') || url.includes('token')
        ? fetch(url, init)
        : new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    const waited: number[] = [];
    const patience = (milliseconds: number, callback: () => void) => {
      waited.push(milliseconds);
      queueMicrotask(callback);
      return () => {};
    };
    const player = await createHttpPlayer({ baseUrl: 'http://s', tenant: 't', fetch: silent, patience, pace });
    await expect(player.call({ ...call(), timeout: 250 })).rejects.toThrow('it did not come in time');
    expect(waited).toEqual([wall]);
  },
);
