import { expect, test } from 'vitest';
import type { Coverage } from '../../../src/coverage/covered.ts';
import { writeFiles } from '../../contracts/temp-files.ts';
import { startSimulator } from '../../support/simulator.ts';

const { ask } = await startSimulator();

test('it tells what has been exercised of the contracts, in all tenants together, and what has not', async () => {
  await ask('DELETE', '/_simulator/coverage');
  const customer = { customerType: 'Individual', email: 'ada@example.com' };
  await ask('POST', '/@first/v1/customers', customer);
  await ask('POST', '/@second/v1/customers', { customerType: 'Nobody' });
  await ask('DELETE', '/_simulator/tenants/first');
  const fault = { match: { operationId: 'listCustomers' }, fault: { status: 418, body: {} }, times: 1 };
  await ask('POST', '/@second/_simulator/faults', fault);
  await ask('GET', '/@second/v1/customers');

  const { body } = await ask('GET', '/_simulator/coverage');
  const coverage = body as Coverage;
  expect(coverage.items.map(({ system }) => system)).not.toContain('simulator');
  const api = coverage.items.find(({ contract }) => contract === 'bss-api');
  expect(api?.operations.find(({ operationId }) => operationId === 'createCustomer')).toMatchObject({
    method: 'POST',
    path: '/v1/customers',
    count: 2,
    answers: expect.arrayContaining([
      { status: '201', declared: true, count: 1 },
      { status: '400', declared: false, count: 1 },
    ]),
  });
  expect(api?.operations.find(({ operationId }) => operationId === 'listCustomers')?.answers).toContainEqual({
    status: '418',
    declared: false,
    count: 1,
  });
  expect(api?.totals).toMatchObject({ operations: { covered: 2, total: 8 } });
  const events = coverage.items.find(({ contract }) => contract === 'bss-events');
  expect(events?.channels).toContainEqual({ channel: 'customer/created', count: 1 });
  expect(coverage.faults.filter(({ count }) => count > 0)).toEqual([
    { effect: 'status', count: 1 },
    { effect: 'body', count: 1 },
  ]);
  expect(coverage.totals).toMatchObject({ channels: { covered: 1 }, faults: { covered: 2 } });
});

test('moves of life cycles are counted, and counting can begin anew', async () => {
  await ask('DELETE', '/_simulator/coverage');
  await ask('POST', '/v1/customers/CUS-000001/subscriptions', { productId: 'PRD-MOB-010', startDate: '2026-01-01' });
  await ask('POST', '/_simulator/clock/advance', { by: 'P1D' });
  const moved = async () =>
    ((await ask('GET', '/_simulator/coverage')).body as Coverage).items
      .flatMap(({ moves }) => moves)
      .filter(({ count }) => count > 0);
  expect(await moved()).toContainEqual({ resource: 'Subscription', from: 'Pending', to: 'Active', count: 1 });

  expect((await ask('DELETE', '/_simulator/coverage')).status).toBe(204);
  expect(await moved()).toEqual([]);
});

const OWN = `openapi: 3.0.3
info: { title: Parcels, version: '1' }
paths:
  /parcels:
    post:
      operationId: createParcel
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Parcel' } } } }
      responses: { '2XX': { description: Made, content: { application/json: { schema: { $ref: '#/components/schemas/Parcel' } } } } }
    get:
      operationId: listParcels
      responses:
        '200': { description: All, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Parcel' } } } } }
        default: { description: Trouble }
  /parcels/{id}:
    patch:
      operationId: changeParcel
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Parcel' } } } }
      responses: { '200': { description: Changed, content: { application/json: { schema: { $ref: '#/components/schemas/Parcel' } } } } }
components:
  schemas:
    Parcel:
      type: object
      x-simulator: { lifecycle: { property: state, initial: packed, moves: [{ from: packed, to: sent }, { from: sent, to: lost }] } }
      properties: { id: { type: string }, state: { type: string, enum: [packed, sent, lost] } }
`;

test('contracts of your own are counted alike, ranges of statuses and life cycles by hint too', async () => {
  const { ask: askOwn } = await startSimulator({ specs: [writeFiles({ 'parcels/api.yaml': OWN })] });
  const { body: parcel } = await askOwn('POST', '/parcels', {});
  expect((await askOwn('PATCH', `/parcels/${parcel.id}`, { state: 'sent' })).status).toBe(200);
  const { body } = await askOwn('GET', '/_simulator/coverage');
  expect(body.items).toMatchObject([
    {
      contract: 'api',
      operations: [
        { operationId: 'createParcel', answers: [{ status: '2XX', declared: true, count: 1 }] },
        { operationId: 'listParcels', count: 0, answers: [{ status: '200', declared: true, count: 0 }] },
        { operationId: 'changeParcel', count: 1 },
      ],
      moves: [
        { resource: 'Parcel', from: 'packed', to: 'sent', count: 1 },
        { resource: 'Parcel', from: 'sent', to: 'lost', count: 0 },
      ],
      totals: {
        operations: { covered: 2, total: 3 },
        answers: { covered: 2, total: 3 },
        moves: { covered: 1, total: 2 },
      },
    },
  ]);
});
