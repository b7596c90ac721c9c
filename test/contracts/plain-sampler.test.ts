import { expect, test } from 'vitest';
import { samplePlainly } from '../../src/contracts/formats/openapi/plain-sampler.ts';
import type { Operation } from '../../src/model/operation.ts';
import { loadDocument } from './temp-files.ts';

const SHOP = `
openapi: 3.1.0
info: { title: Shop, version: '1' }
paths:
  /orders:
    get:
      operationId: readOrders
      responses:
        '200':
          description: They are there.
          headers: { X-Total: { required: true, schema: { type: integer } } }
          content:
            application/json:
              schema: { type: object }
              examples: { usual: { value: { id: 1 } }, empty: { value: {} } }
        '404':
          description: They are not.
          content: { application/json: { schema: { type: object } } }
        '204': { description: Nothing to tell. }
`;

async function readOrders(): Promise<Operation> {
  const [operation] = (await loadDocument(SHOP)).operations;
  if (operation === undefined) throw new Error('no operation was loaded');
  return operation;
}

const generate = (schema: unknown) => ({ made: schema });

test('without Prism, the first answer of success is sampled with its first example', async () => {
  expect(samplePlainly(await readOrders(), {}, () => 7)).toEqual({
    status: 200,
    headers: { 'x-total': '7', 'content-type': 'application/json' },
    body: { id: 1 },
  });
});

test.each([
  [{ code: 404 }, { status: 404, body: { made: { type: 'object' } } }],
  [{ code: 204 }, { status: 204, headers: {} }],
  [{ example: 'empty' }, { status: 200, body: {} }],
  [{ dynamic: true }, { status: 200, body: { made: { type: 'object' } } }],
])('without Prism, a client that prefers %j gets it', async (prefer, outcome) => {
  expect(samplePlainly(await readOrders(), { prefer }, generate)).toMatchObject(outcome);
});

test.each([{ code: 500 }, { example: 'none' }])('without Prism, %j is refused, for there is none', async (prefer) => {
  const operation = await readOrders();
  expect(() => samplePlainly(operation, { prefer }, generate)).toThrow('Its contract has the answers 200, 204, 404.');
});
