import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFiles } from '../contracts/temp-files.ts';
import { startSimulator } from '../support/simulator.ts';

const CONTRACT = `
openapi: 3.0.3
info: { title: Orders, version: '1' }
paths:
  /orders:
    post:
      operationId: createOrder
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Order' }
      responses:
        '201':
          description: Created
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Order' }
components:
  schemas:
    Order:
      type: object
      required: [item]
      properties:
        id: { type: string }
        item: { type: string }
`;

test.each([
  ['API_definitions', 'Orders'],
  ['my contracts', 'the orders'],
  ['100%25', 'a%2Fb'],
  ['C#', 'orders#1'],
  ['Verträge', 'bestellung-ä'],
  ['契約', '注文'],
  ['1.2.3.04', 'orders.v2'],
  ["it's (here)", '~orders!'],
])('a contract is served from a folder named %j and a file named %j', async (folderName, fileName) => {
  const root = writeFiles({ [`${folderName}/${fileName}.openapi.yaml`]: CONTRACT });
  const { ask } = await startSimulator({ specs: [join(root, folderName)], cache: false });

  expect(await ask('POST', '/orders', { item: 'book' })).toMatchObject({ status: 201, body: { item: 'book' } });
  expect(await ask('POST', '/orders', {})).toMatchObject({
    status: 400,
    body: { errors: [{ in: 'body', path: '/item', message: 'is required' }] },
  });
});

test.each(['macd', 'connectx', 'billing-account', 'aps-subscriptions'])(
  'a contract in a folder named like the shipped system %s is answered as it says, not by the code of that system',
  async (name) => {
    const root = writeFiles({ [`${name}/orders.openapi.yaml`]: CONTRACT.replace('createOrder', 'submitOrder') });
    const { ask } = await startSimulator({ specs: [join(root, name)], cache: false });

    expect(await ask('POST', '/orders', { item: 'book' })).toMatchObject({ status: 201, body: { item: 'book' } });
  },
);
