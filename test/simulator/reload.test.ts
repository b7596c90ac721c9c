import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSimulator } from '../../src/simulator.ts';
import type { Legacy } from '../../src/simulator-hooks.ts';
import { writeFiles } from '../contracts/temp-files.ts';
import { askAt } from '../support/simulator.ts';

const contract = (order: string, more = ''): string => `
openapi: 3.0.3
info: { title: Orders, version: '1' }
paths:
  /orders:
    get: &list
      responses:
        '200':
          description: Orders
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Order' } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses:
        '201':
          description: Created
          content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses:
        '200':
          description: Order
          content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }
components:
  schemas:
    Order:
${order}
${more}`;

const ORDER = `
      type: object
      x-simulator:
        lifecycle: { property: state, initial: open, moves: [{ from: open, to: closed, after: P1D }] }
      properties:
        id: { type: string, readOnly: true }
        item: { type: string }
        colour: { type: string }
        state: { type: string, enum: [open, closed], readOnly: true }`;

/** Serves one contract after another in the same place, as `--watch` does; answers what asks the one that serves. */
async function serveInTurn(text: string) {
  const root = writeFiles({ 'shop/orders.openapi.yaml': text });
  const legacy: Legacy = { hasHeir: true };
  const start = async () => {
    const simulator = createSimulator({ specs: [join(root, 'shop')], port: 0, cache: false }, { legacy });
    await simulator.start();
    return simulator;
  };
  let current = await start();
  return {
    ask: (...request: Parameters<ReturnType<typeof askAt>>) => askAt(current.url)(...request),
    async change(changed: Readonly<Record<string, string | undefined>>) {
      await current.stop();
      for (const [file, content] of Object.entries(changed)) {
        if (content === undefined) rmSync(join(root, file));
        else writeFileSync(join(root, file), content);
      }
      current = await start();
    },
    async [Symbol.asyncDispose]() {
      legacy.hasHeir = false;
      await current.stop();
    },
  };
}

test('what still fits its changed contract is kept, with the clock, the log and the timers; the rest is told', async () => {
  await using shop = await serveInTurn(contract(ORDER));
  const { body: red } = await shop.ask('POST', '/orders', { item: 'hat', colour: 'red' });
  const { body: plain } = await shop.ask('POST', '/orders', { item: 'cap' });
  await shop.ask('POST', '/_simulator/clock/advance', { by: 'PT1H' });
  const before = (await shop.ask('GET', '/_simulator/requests')).body.items;

  await shop.change({ 'shop/orders.openapi.yaml': contract(`${ORDER}\n      required: [colour]`) });

  expect((await shop.ask('GET', `/orders/${red.id}`)).body).toEqual(red);
  expect((await shop.ask('GET', `/orders/${plain.id}`)).status).toBe(404);
  expect((await shop.ask('GET', '/_simulator/contracts/reload')).body.items).toEqual([
    { kind: 'resource', name: 'shop/Order', count: 1, why: '/colour is required' },
    { kind: 'timer', name: 'engine/move', count: 1, why: `shop/Order/${plain.id} is gone` },
  ]);
  expect((await shop.ask('GET', '/_simulator/clock')).body.now).toBe('2026-01-01T01:00:00.000Z');
  expect((await shop.ask('GET', '/_simulator/requests')).body.items.slice(0, before.length)).toEqual(before);
  // Ids go on where they were, and the kept timer still fires.
  const { body: third } = await shop.ask('POST', '/orders', { item: 'tie', colour: 'blue' });
  expect([red.id, plain.id]).not.toContain(third.id);
  await shop.ask('POST', '/_simulator/clock/advance', { by: 'P1D' });
  expect((await shop.ask('GET', `/orders/${red.id}`)).body.state).toBe('closed');
});

test('a collection that is gone is told with all that was in it, in every tenant and every snapshot', async () => {
  await using shop = await serveInTurn(contract(ORDER));
  for (const item of ['hat', 'cap']) await shop.ask('POST', '/@one/orders', { item });
  const { body: snapshot } = await shop.ask('POST', '/@one/_simulator/snapshots');

  await shop.change({
    'shop/orders.openapi.yaml': contract(ORDER).replaceAll('Order', 'Wish').replaceAll('/orders', '/wishes'),
  });

  expect((await shop.ask('GET', '/@one/_simulator/contracts/reload')).body.items).toEqual(
    expect.arrayContaining([{ kind: 'collection', name: 'shop/Order', count: 2, why: 'no contract has it any more' }]),
  );
  expect((await shop.ask('GET', '/@one/wishes')).body).toEqual([]);
  // What happened before is still told, although the operation is no more.
  const { body } = await shop.ask('GET', '/@one/_simulator/activity');
  expect(body.items.map(({ title }: { title: string }) => title)).toEqual(
    expect.arrayContaining(['POST /orders 201', 'other contracts']),
  );
  expect((await shop.ask('POST', `/@one/_simulator/snapshots/${snapshot.id}/restore`)).status).toBe(200);
  expect((await shop.ask('GET', '/@one/wishes')).body).toEqual([]);
});

test('a contract that is new finds the state of the others as it was', async () => {
  await using shop = await serveInTurn(contract(ORDER));
  const { body } = await shop.ask('POST', '/orders', { item: 'hat' });

  await shop.change({
    'shop/wishes.openapi.yaml': contract(ORDER).replaceAll('Order', 'Wish').replaceAll('/orders', '/wishes'),
  });

  expect((await shop.ask('GET', '/orders')).body).toEqual([body]);
  expect((await shop.ask('GET', '/_simulator/contracts/reload')).body).toEqual({ items: [] });
});

test('what was set aside is back, with its timers, once a contract has a place for it again', async () => {
  await using shop = await serveInTurn(contract(ORDER));
  const { body: order } = await shop.ask('POST', '/orders', { item: 'hat' });

  await shop.change({
    'shop/orders.openapi.yaml': 'openapi: 3.0.3\ninfo: { title: Nothing yet, version: "1" }\npaths: {}\n',
  });
  expect((await shop.ask('GET', `/orders/${order.id}`)).status).toBe(404);
  expect((await shop.ask('GET', '/_simulator/contracts/reload')).body.items).toMatchObject([
    { kind: 'collection', name: 'shop/Order', count: 1 },
    { kind: 'timer', name: 'engine/move', count: 1 },
  ]);

  await shop.change({ 'shop/orders.openapi.yaml': contract(ORDER) });
  expect((await shop.ask('GET', '/orders')).body).toEqual([order]);
  expect((await shop.ask('GET', '/_simulator/contracts/reload')).body).toEqual({ items: [] });
  await shop.ask('POST', '/_simulator/clock/advance', { by: 'P1D' });
  expect((await shop.ask('GET', `/orders/${order.id}`)).body.state).toBe('closed');
});

test('what its schema does not accept stays aside over any number of changes, until it does', async () => {
  await using shop = await serveInTurn(contract(ORDER));
  const { body: hat } = await shop.ask('POST', '/orders', { item: 'hat' });
  await shop.change({ 'shop/orders.openapi.yaml': contract(`${ORDER}\n      required: [colour]`) });
  expect((await shop.ask('GET', '/orders')).body).toEqual([]);
  await shop.change({ 'shop/orders.openapi.yaml': contract(`${ORDER}\n      required: [colour, item]`) });
  expect((await shop.ask('GET', '/orders')).body).toEqual([]);
  await shop.change({ 'shop/orders.openapi.yaml': contract(ORDER) });
  expect((await shop.ask('GET', '/orders')).body).toEqual([hat]);
});
