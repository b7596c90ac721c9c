import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttemptResult, Delivery, Dispatch } from '../../../src/engine/delivery/delivery.ts';
import { DELIVERIES, redeliver } from '../../../src/engine/delivery/outbox.ts';
import {
  registerWebhook,
  removeWebhook,
  rotateSecret,
  type WebhookRequest,
} from '../../../src/engine/delivery/webhooks.ts';
import type { Tenant, TenantParts } from '../../../src/engine/tenant.ts';
import { toWebhookSecret } from '../../../src/lib/webhook-secret.ts';
import { answered, unsent } from '../../support/attempts.ts';
import { perform } from '../../support/perform.ts';
import { shopTenant } from '../../support/shop.ts';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const URL = 'http://receiver.test/';

/** A tenant of the shop whose deliveries `answer` answers; what has been sent is kept. */
function worldOf(
  answer: (delivery: Dispatch, count: number) => AttemptResult | Promise<AttemptResult>,
  parts: Partial<TenantParts> = {},
) {
  const sent: Dispatch[] = [];
  const send = async (delivery: Dispatch) => {
    sent.push(delivery);
    return answer(delivery, sent.length);
  };
  const tenant = shopTenant({}, { transport: { send }, ...parts });
  const register = (request: Partial<WebhookRequest> = {}) =>
    perform(tenant, (work) => registerWebhook(work, { url: URL, channels: ['order/*'], ...request }, toWebhookSecret));
  return { tenant, sent, register };
}

const order = (tenant: Tenant, note = '') => perform(tenant, (work) => work.create('shop/Order', { note }));
const deliveriesOf = async (tenant: Tenant) =>
  (await tenant.store.query(DELIVERIES)).items as unknown as readonly Delivery[];

/** Answers once it is let: an attempt that is under way for as long as a test wants. */
function gate() {
  let open = (_: AttemptResult): void => {};
  const answer = new Promise<AttemptResult>((resolve) => {
    open = resolve;
  });
  return { answer, open };
}

test('an event becomes a delivery in its own transaction: a command that fails leaves neither', async () => {
  const { tenant, sent, register } = worldOf(() => answered(200));
  await register();
  await register({ channels: ['order/paid'] });
  const failing = () =>
    perform(tenant, (work) => {
      work.create('shop/Order', {});
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  await order(tenant);
  await tenant.settled();
  expect(await deliveriesOf(tenant)).toMatchObject([{ id: 'DLV-000001', state: 'delivered', webhook: 'WHK-000001' }]);
  const [event] = tenant.log.read();
  expect(sent).toMatchObject([{ eventId: event?.id, kind: 'webhook', body: event?.payload }]);
});

test('72 hours of retries keep the schedule with less than a tenth more, and one id', async () => {
  const { tenant, sent, register } = worldOf(() => answered(500));
  await register();
  await order(tenant);
  await tenant.advance(START + 100 * HOUR);
  const [delivery] = await deliveriesOf(tenant);
  expect(delivery).toMatchObject({ state: 'failed' });
  const times = delivery?.attempts.map(({ at }) => Date.parse(at)) ?? [];
  const waits = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
  const schedule = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
  expect(waits).toHaveLength(schedule.length);
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(schedule[index] ?? 0);
    expect(wait).toBeLessThanOrEqual((schedule[index] ?? 0) * 1.1);
  }
  expect(new Set(sent.map(({ eventId }) => eventId)).size).toBe(1);
});

test('another schedule counts its first wait too, and the jitter is the same for the same seed', async () => {
  const times = async () => {
    const { tenant, register } = worldOf(() => unsent('ECONNREFUSED'), { retrySchedule: [1000, 60_000] });
    await register();
    await order(tenant);
    await tenant.advance(START + HOUR);
    return (await deliveriesOf(tenant))[0]?.attempts.map(({ at }) => at);
  };
  const first = await times();
  expect(first).toHaveLength(2);
  expect(first?.[0]).toBe('2026-01-01T00:00:01.000Z');
  expect(await times()).toEqual(first);
});

test('a receiver that asks for time gets it, if it is more than the schedule has', async () => {
  const { tenant, register } = worldOf((_, count) => (count === 1 ? answered(429, 3600) : answered(204)));
  await register();
  await order(tenant);
  await tenant.advance(START + 2 * HOUR);
  expect((await deliveriesOf(tenant))[0]?.attempts.map(({ at }) => at)).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-01-01T01:00:00.000Z',
  ]);
});

test('each endpoint gets its events in order, whatever fails, and none is lost', async () => {
  const statuses = fc.infiniteStream(fc.constantFrom(200, 204, 301, 404, 500, 503));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      statuses,
      statuses,
      fc.boolean(),
      async (count, one, two, isSplit) => {
        const taken: Record<string, unknown[]> = {};
        const { tenant, register } = worldOf(({ target, eventId }) => {
          const status = Number((target === URL ? one : two).next().value);
          if (status < 300) taken[target] = [...(taken[target] ?? []), eventId];
          return answered(status);
        });
        await register();
        await register({ url: `${URL}2`, channels: ['*'] });
        for (let i = 0; i < count; i += 1) {
          await order(tenant);
          if (isSplit) await tenant.advance(tenant.now() + 60_000);
        }
        await tenant.advance(tenant.now() + 2000 * HOUR);
        const ids = tenant.log.read().map(({ id }) => id);
        const deliveries = await deliveriesOf(tenant);
        expect(deliveries).toHaveLength(2 * count);
        for (const target of [URL, `${URL}2`]) {
          const own = deliveries.filter((delivery) => delivery.target === target);
          expect(own.map(({ eventId }) => eventId)).toEqual(ids);
          const delivered = own.filter(({ state }) => state === 'delivered').map(({ eventId }) => eventId);
          expect(taken[target] ?? []).toEqual(delivered);
          expect(own.every(({ state }) => state !== 'pending')).toBe(true);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('without order, one that fails keeps no other waiting', async () => {
  const { tenant, register } = worldOf((_, count) => answered(count === 1 ? 500 : 200));
  await register({ ordered: false });
  await order(tenant);
  await order(tenant);
  await tenant.settled();
  expect((await deliveriesOf(tenant)).map(({ state }) => state)).toEqual(['pending', 'delivered']);
});

test('410 ends the subscription: what waits fails without an attempt, what happens later is not sent', async () => {
  const { tenant, sent, register } = worldOf((_, count) => answered(count === 1 ? 500 : 410));
  await register();
  for (const note of ['a', 'b']) await order(tenant, note);
  await tenant.advance(START + HOUR);
  await order(tenant, 'c');
  await tenant.advance(START + 200 * HOUR);
  expect(sent).toHaveLength(2);
  expect(await tenant.store.get('$webhooks', 'WHK-000001')).toMatchObject({ state: 'disabled' });
  expect(await deliveriesOf(tenant)).toMatchObject([
    { state: 'failed', attempts: [{ status: 500 }, { status: 410 }] },
    { state: 'failed', attempts: [], reason: expect.stringContaining('410') },
  ]);
});

test('while a secret rotates, both are signed with; a virtual day later only the new one', async () => {
  const { tenant, sent, register } = worldOf(() => answered(200));
  const former = (await register()).secrets[0]?.secret;
  const rotated = await perform(tenant, (work) => rotateSecret(work, 'WHK-000001', undefined, toWebhookSecret));
  const newest = rotated.secrets[0]?.secret;
  expect(newest).not.toBe(former);
  await order(tenant);
  await tenant.advance(START + 24 * HOUR - 1);
  await order(tenant);
  await tenant.advance(START + 24 * HOUR);
  await order(tenant);
  await tenant.settled();
  expect(sent.map(({ signing }) => signing?.secrets)).toEqual([[newest, former], [newest, former], [newest]]);
  expect(await deliveriesOf(tenant)).not.toContainEqual(expect.objectContaining({ signing: expect.anything() }));
});

test('a webhook that is deleted gives up what waits, but tells the truth of the attempt under way', async () => {
  const { answer, open } = gate();
  const { tenant, register } = worldOf(() => answer);
  await register();
  for (const note of ['a', 'b']) await order(tenant, note);
  await perform(tenant, (work) => removeWebhook(work, 'WHK-000001'));
  open(answered(200));
  await tenant.settled();
  expect(await deliveriesOf(tenant)).toMatchObject([
    { state: 'delivered', attempts: [{ status: 200 }] },
    { state: 'failed', attempts: [], reason: 'the webhook has been deleted' },
  ]);
  const again = () => perform(tenant, (work) => redeliver(work, 'DLV-000002'));
  expect(again).toThrow(expect.objectContaining({ status: 409 }));
});

test('what is asked for again while an attempt is under way is sent again, and both attempts are told', async () => {
  const { answer, open } = gate();
  const { tenant, sent, register } = worldOf((_, count) => (count === 1 ? answer : answered(201)));
  await register();
  await order(tenant);
  await perform(tenant, (work) => redeliver(work, 'DLV-000001'));
  open(answered(200));
  await tenant.settled();
  expect(sent).toHaveLength(2);
  expect(await deliveriesOf(tenant)).toMatchObject([
    { state: 'delivered', attempts: [{ status: 200 }, { status: 201 }] },
  ]);
});

test('what a reset has forgotten is not told of its successor, though the ids repeat', async () => {
  const { answer, open } = gate();
  const { tenant, sent, register } = worldOf((_, count) => (count === 1 ? answer : answered(201)));
  await register();
  await order(tenant);
  tenant.apply({ kind: 'reset' });
  await register();
  await order(tenant);
  open(answered(500));
  await tenant.settled();
  expect(sent).toHaveLength(2);
  expect(await deliveriesOf(tenant)).toMatchObject([{ state: 'delivered', attempts: [{ status: 201 }] }]);
  expect(tenant.transcript.toText()).not.toContain('500');
});

test('a copy taken while an attempt is under way makes that attempt itself', async () => {
  const { answer, open } = gate();
  const { tenant, sent, register } = worldOf((_, count) => (count === 1 ? answer : answered(201)));
  await register();
  for (const note of ['a', 'b']) await order(tenant, note);
  tenant.apply({ kind: 'snapshot' });
  const snapshot = tenant.snapshot();
  const copy = worldOf(() => answered(202), { snapshotOf: () => snapshot });
  copy.tenant.apply({ kind: 'fork', from: 'default' });
  await copy.tenant.advance('next');
  expect(await deliveriesOf(copy.tenant)).toMatchObject([
    { attempts: [{ status: 202 }] },
    { attempts: [{ status: 202 }] },
  ]);

  tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
  open(answered(200));
  await tenant.advance(START + 1);
  expect(sent.map(({ id }) => id)).toEqual(['DLV-000001', 'DLV-000001', 'DLV-000002']);
  expect(await deliveriesOf(tenant)).toMatchObject([{ attempts: [{ status: 201 }] }, { attempts: [{ status: 201 }] }]);
});

test('a tenant that is closed ends the attempt under way, begins no other, and names what stays pending', async () => {
  const { answer, open } = gate();
  const { tenant, sent, register } = worldOf(() => answer);
  await register();
  for (const note of ['a', 'b']) await order(tenant, note);
  const advancing = tenant.advance(START + HOUR);
  const closing = tenant.close();
  open(answered(200));
  expect((await closing).map(({ id, attempts }) => ({ id, attempts }))).toEqual([{ id: 'DLV-000002', attempts: [] }]);
  await expect(advancing).rejects.toMatchObject({ status: 503 });
  expect(sent).toHaveLength(1);
  expect(await deliveriesOf(tenant)).toMatchObject([
    { state: 'delivered', attempts: [{ status: 200 }] },
    { state: 'pending', nextAt: '2026-01-01T00:00:00.000Z' },
  ]);
});

test('what a receiver sets off late in an advance, and what of it fails, is still part of that advance', async () => {
  let tries = 0;
  const { tenant, register } = worldOf(async ({ kind }) => {
    if (kind === 'callback') await order(tenant);
    else tries += 1;
    return answered(tries === 1 ? 500 : 200);
  });
  await register();
  await perform(tenant, (work) => work.deliver({ kind: 'callback', url: URL, body: {}, due: START + 1000 }));
  await tenant.advance(START + HOUR);
  const [, caused] = await deliveriesOf(tenant);
  expect(caused?.attempts.map(({ status }) => status)).toEqual([500, 200]);
});
