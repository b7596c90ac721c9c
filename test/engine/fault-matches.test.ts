import { expect, test } from 'vitest';
import { createValidation } from '../../src/contracts/validation.ts';
import { checkMatch } from '../../src/engine/faults/check-match.ts';
import type { FaultMatch } from '../../src/engine/faults/fault.ts';
import { createRegistry } from '../../src/engine/registry.ts';
import { loadDocument } from '../contracts/temp-files.ts';

const SHOP = `
openapi: 3.1.0
info: { title: Shop, version: '1' }
servers: [{ url: /v1 }]
paths:
  /customers:
    get: { operationId: listCustomers, responses: { '200': { description: All. } } }
    post: { operationId: createCustomer, responses: { '201': { description: Made. } } }
  /customers/{customerId}/notes/{noteId}:
    parameters:
      - { name: customerId, in: path, required: true, schema: { type: string } }
      - { name: noteId, in: path, required: true, schema: { type: string } }
    get: { operationId: readNote, responses: { '200': { description: It. } } }
`;

async function mistakesIn(match: FaultMatch): Promise<readonly string[]> {
  const contracts = [await loadDocument(SHOP)];
  const validation = createValidation(contracts);
  const registry = createRegistry({ contracts, systems: [], links: [], validation, reportBrokenEvent: () => {} });
  return checkMatch(match, registry).map(({ path, message }) => `${path} ${message}`);
}

test.each<FaultMatch>([
  {},
  { operationId: 'createCustomer' },
  { operationId: '*Customer*', method: 'post' },
  { path: '/v1/customers' },
  { path: '/v1/customers/{customerId}/notes/{noteId}' },
  { path: '/v1/customers/CUS-1/notes/7' },
  { path: '/v1/*/notes/7' },
  { path: '*' },
  { path: '*notes*', system: 'shop' },
  { target: 'http://localhost:9000/*' },
])('a fault that waits for %j can strike', async (match) => {
  expect(await mistakesIn(match)).toEqual([]);
});

test.each<[FaultMatch, string]>([
  [
    { operationId: 'createCustomr' },
    '/match/operationId no operation that a fault can strike has this id. Did you mean `createCustomer`?',
  ],
  [
    { path: '/v1/custmers' },
    '/match/path no operation that a fault can strike is at this path. Did you mean `/v1/customers`?',
  ],
  [{ path: '/v1/customers/a/b/notes/7' }, '/match/path no operation that a fault can strike is at this path'],
  [{ system: 'shp' }, '/match/system no system that a fault can strike is called this. Did you mean `shop`?'],
  [{ method: 'PUTT' }, '/match/method no operation has this method'],
  [{ operationId: 'createCustomer', method: 'GET' }, '/match no operation is all of this at once'],
  [{ channel: 'customers/*' }, '/match/channel no channel of a contract is called this'],
])('a fault that waits for %j never could', async (match, mistake) => {
  expect(await mistakesIn(match)).toEqual([mistake]);
});
