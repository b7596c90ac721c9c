import { beforeAll, expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { createGenerator } from '../../src/engine/values/generator.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Resource } from '../../src/model/resource.ts';
import { createPrismValidator } from '../support/prism-validator.ts';

let contracts: readonly Contract[];

beforeAll(async () => {
  ({ contracts } = await loadContracts(['specs']));
});

function resource(system: string, name: string): Resource | undefined {
  return contracts
    .flatMap((contract) => contract.resources)
    .find((each) => each.system === system && each.name === name);
}

test('the shipped contracts imply these stored things', () => {
  const systems = contracts.filter((contract) => contract.system !== 'simulator');
  const resources = systems.flatMap((contract) => contract.resources);

  expect(resources.map(({ system, name, operations }) => `${system} ${name}: ${Object.keys(operations)}`)).toEqual([
    'billing-account BillingAccount: create,list,read,merge,delete',
    'billing-account EventSubscription: create,delete',
    'connectx Customer: create,list,read,merge',
    'connectx Subscription: create,list',
    'connectx Invoice: list',
    'connectx Product: list',
    'macd OrderRecord: list,read',
    'macd Subscriber: list,read',
  ]);
});

test('a customer pages, filters and announces', () => {
  expect(resource('connectx', 'Customer')).toMatchObject({
    idProperty: 'customerId',
    createdProperty: 'createdAt',
    updatedProperty: 'updatedAt',
    initialValues: { status: 'Active' },
    list: {
      items: ['data'],
      figures: [
        { path: ['pagination', 'page'], figure: 'page' },
        { path: ['pagination', 'pageSize'], figure: 'pageSize' },
        { path: ['pagination', 'totalPages'], figure: 'totalPages' },
        { path: ['pagination', 'totalItems'], figure: 'total' },
      ],
      pageParameter: 'page',
      pageSizeParameter: 'pageSize',
      filters: { status: { property: 'status', op: 'eq' }, customerType: { property: 'customerType', op: 'eq' } },
    },
    announcements: [
      { on: 'created', channel: 'customer/created' },
      { on: 'updated', channel: 'customer/updated' },
    ],
  });
});

test('subscriptions and invoices belong to a customer', () => {
  const parent = { resource: 'Customer', parameter: 'customerId', property: 'customerId' };

  expect(resource('connectx', 'Subscription')?.parent).toEqual(parent);
  expect(resource('connectx', 'Invoice')).toMatchObject({
    parent,
    announcements: [{ on: 'created', channel: 'billing/invoice/created' }],
    list: {
      filters: {
        fromDate: { property: 'invoiceDate', op: 'gte' },
        toDate: { property: 'invoiceDate', op: 'lte' },
        status: { property: 'status', op: 'eq' },
      },
    },
  });
});

test('what is generated for every response satisfies the contract at the first draw', () => {
  const validation = createValidation(contracts);
  const generator = createGenerator(contracts);
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };

  for (const operation of contracts.flatMap((contract) => contract.operations)) {
    for (const [status, response] of Object.entries(operation.responses)) {
      for (const { schema } of Object.values(response.content)) {
        if (schema === undefined) continue;
        const value = generator.generate(schema, random);
        const violations = validation.check(schema)(value);
        expect({ operation: operation.id, status, violations }).toMatchObject({ violations: [] });
        expect(JSON.stringify(value).length).toBeLessThan(200_000);
      }
    }
  }
});

test.each([
  ['specs/connectx/bss-api.openapi.yaml', 'bss-api'],
  ['specs/billing-account/billing-account.swagger.yaml', 'billing-account'],
  ['specs/billing-account/hub.openapi.yaml', 'hub'],
  ['specs/aps-subscriptions/resources.openapi.yaml', 'resources'],
])('Prism agrees that what is generated for %s is right', async (file, name) => {
  const prism = await createPrismValidator(file);
  const generator = createGenerator(contracts);

  for (const { method, path, responses } of contracts.find((each) => each.name === name)?.operations ?? []) {
    for (const [status, { content }] of Object.entries(responses)) {
      const [[mediaType, { schema = undefined } = {}] = []] = Object.entries(content);
      if (schema === undefined) continue;
      const body = generator.generate(schema, () => 0.4);
      const headers = { 'content-type': mediaType ?? '', location: '/somewhere' };
      expect([path, status, prism.validateResponse(method, path, Number(status), body, headers)]).toEqual([
        path,
        status,
        [],
      ]);
    }
  }
});

test('Prism sees what is wrong with requests and responses', async () => {
  const prism = await createPrismValidator('specs/connectx/bss-api.openapi.yaml');

  expect(prism.validateResponse('GET', '/v1/customers/CUS-000001', 200, { email: 'nobody' })).not.toEqual([]);
  expect(prism.validateResponse('GET', '/v1/products', 418, {})).not.toEqual([]);
  expect(prism.validateRequest('GET', '/v1/customers?pageSize=5&status=Active')).toEqual([]);
  expect(prism.validateRequest('GET', '/v1/customers?pageSize=five')).not.toEqual([]);
  expect(prism.validateRequest('PATCH', '/v1/customers/CUS-000001', { email: 'nobody' })).not.toEqual([]);
});
