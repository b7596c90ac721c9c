import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFiles } from '../contracts/temp-files.ts';
import { type Ask, startSimulator } from '../support/simulator.ts';

const json = (schema: string) => `content: { application/json: { schema: ${schema} } }`;
const ORDER = "{ $ref: '#/components/schemas/Order' }";
const CONTRACT = `
openapi: 3.1.0
info: { title: Orders, version: '1' }
paths:
  /orders:
    post:
      parameters: [{ name: X-Notify, in: header, schema: { type: string } }]
      requestBody: { ${json("{ $ref: '#/components/schemas/Draft' }")} }
      responses: { '201': { description: Made, ${json(ORDER)} } }
      callbacks:
        accepted:
          '{$request.body#/callbackUrl}':
            post: { requestBody: { ${json("{ $ref: '#/components/schemas/Notice' }")} }, responses: { '204': { description: Heard } } }
        noted:
          $ref: '#/components/callbacks/Noted'
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: Order, ${json(ORDER)} } } }
    patch: { requestBody: { ${json(ORDER)} }, responses: { '200': { description: Order, ${json(ORDER)} } } }
    delete: { responses: { '204': { description: Gone } } }
  /ping:
    post:
      parameters: [{ name: to, in: query, schema: { type: string } }]
      responses: { '202': { description: Later } }
      callbacks: { pong: { '{$request.query.to}': { post: { requestBody: { ${json('{ type: object, required: [n], properties: { n: { const: 7 } } }')} } } } } }
webhooks:
  newOrder: { post: { requestBody: { ${json(ORDER)} }, responses: { '200': { description: Heard } } } }
  order.updated:
    post:
      requestBody: { ${json(`{ type: object, required: [event, data, version], properties: { eventId: { type: string }, event: { const: order.updated }, version: { const: 2 }, data: ${ORDER} } }`)} }
      responses: { '200': { description: Heard } }
  orderDeleted: { post: { requestBody: { ${json(ORDER)} }, responses: { '200': { description: Heard } } } }
components:
  callbacks:
    Noted:
      '{$request.header.x-notify}?order={$response.body#/id}':
        put: { requestBody: { ${json(ORDER)} }, responses: { '204': { description: Heard } } }
  schemas:
    Draft: { type: object, properties: { item: { type: string }, callbackUrl: { type: string } } }
    Order: { type: object, required: [id], properties: { id: { type: string }, item: { type: string } } }
    Notice:
      type: object
      required: [kind, order, item]
      properties: { kind: { type: string, const: accepted }, order: ${ORDER}, item: { type: string } }
`;

async function serve(): Promise<Ask> {
  const root = writeFiles({ 'shop/orders.openapi.yaml': CONTRACT });
  return (await startSimulator({ specs: [join(root, 'shop')], cache: false })).ask;
}

/** What has arrived, once everything under way has. */
async function arrivedAt(ask: Ask, name: string) {
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1S' });
  return (await ask('GET', `/_simulator/inbox/${name}/messages`)).body?.items ?? [];
}

const INBOX = 'http://simulator/_simulator/inbox';

test('a callback goes to where the request says, with what request and answer have', async () => {
  const ask = await serve();
  const sent = { item: 'hat', callbackUrl: `${INBOX}/a` };
  const { body: order } = await ask('POST', '/orders', sent, { 'x-notify': `${INBOX}/b` });

  expect(await arrivedAt(ask, 'a')).toMatchObject([{ method: 'POST', body: { kind: 'accepted', order, item: 'hat' } }]);
  expect(await arrivedAt(ask, 'b')).toMatchObject([{ method: 'PUT', body: order }]);
  const { items } = (await ask('GET', '/_simulator/deliveries')).body;
  expect(items.map(({ kind, state }: Record<string, string>) => [kind, state])).toEqual([
    ['callback', 'delivered'],
    ['callback', 'delivered'],
  ]);
});

test('nothing is sent where the request names no address, and an operation without state calls back too', async () => {
  const ask = await serve();
  await ask('POST', '/orders', { item: 'hat', callbackUrl: 'soon' });
  expect((await ask('GET', '/_simulator/deliveries')).body.items).toEqual([]);

  expect((await ask('POST', `/ping?to=${encodeURIComponent(`${INBOX}/pong`)}`)).status).toBe(202);
  expect(await arrivedAt(ask, 'pong')).toMatchObject([{ body: { n: 7 } }]);
});

test('a webhook of a document is registered for by its name, and hears of what becomes of its resource', async () => {
  const ask = await serve();
  const channels = ['newOrder', 'order.updated', 'orderDeleted'];
  expect((await ask('POST', '/_simulator/webhooks', { url: `${INBOX}/hook`, channels })).status).toBe(201);
  expect((await ask('POST', '/_simulator/webhooks', { url: `${INBOX}/hook`, channels: ['noSuch'] })).status).toBe(400);

  const { body: order } = await ask('POST', '/orders', { item: 'hat' });
  await ask('PATCH', `/orders/${order.id}`, { item: 'cap' });
  await ask('DELETE', `/orders/${order.id}`);

  const bodies = (await arrivedAt(ask, 'hook')).map(({ body }: { body: unknown }) => body);
  const changed = { ...order, item: 'cap' };
  expect(bodies).toEqual([
    order,
    { eventId: expect.any(String), event: 'order.updated', version: 2, data: changed },
    changed,
  ]);
});
