import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { describeServed } from '../../src/describe-served.ts';
import { writeContractTypes } from '../../src/kit/types/contract-types.ts';
import { writeFiles } from '../contracts/temp-files.ts';

test('the types in the package are those of the shipped contracts (npm run docs writes them)', async () => {
  await expect(writeContractTypes(await describeServed({}))).toMatchFileSnapshot('../../src/kit/shipped-contracts.ts');
});

const SHOP = `
openapi: 3.1.0
info: { title: Shop, version: '1' }
paths:
  /orders/{orderId}:
    get:
      operationId: readOrder
      summary: Read an order
      parameters:
        - { name: orderId, in: path, required: true, schema: { type: string } }
        - { name: view-of, in: query, schema: { enum: [short, "it's all"] } }
      responses:
        '200': { description: It is there., content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
        default: { description: It is not. }
  /orders:
    post:
      operationId: createOrder
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses:
        '201': { description: Made., content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
components:
  schemas:
    Order:
      type: object
      required: [id, lines]
      properties:
        id: { type: string, readOnly: true, description: 'Ends no comment: */ export' }
        note: { type: [string, 'null'] }
        lines: { type: array, items: { $ref: '#/components/schemas/Line' } }
        "odd 'name": { oneOf: [{ const: 1 }, { type: array, prefixItems: [{ type: string }], items: false }] }
        labels: { type: object, additionalProperties: { type: string } }
    Line:
      allOf:
        - { type: object, properties: { sku: { type: string } }, required: [sku] }
        - { type: object, properties: { parts: { type: array, items: { $ref: '#/components/schemas/Line' } } } }
`;

const ORDERS_IN_USE = `
import type { Contracts, paths, Schemas } from './contracts.js';

type Answer = paths['/orders/{orderId}']['get']['responses'][200]['content']['application/json'];
type Body = paths['/orders']['post']['requestBody']['content']['application/json'];

// Relatives of openapi-fetch pick good answers and errors by the number, and operations by what is not there.
export const statuses: (keyof paths['/orders/{orderId}']['get']['responses'])[] = [200, 'default'];
export const method: Exclude<keyof paths['/orders'], 'parameters'> = 'post';
export const noSuchMethod: paths['/orders']['get'] = undefined;
export const answer: Answer = { id: '1', note: null, lines: [{ sku: 'a', parts: [{ sku: 'b' }] }], "odd 'name": ['x'] };
// The server sets the id, so that a client need not.
export const body: Body = { lines: [], labels: { a: 'b' } };
export const view: paths['/orders/{orderId}']['get']['parameters']['query'] = { 'view-of': "it's all" };
export const order: Contracts['entities']['shop/Order'] = answer;
// @ts-expect-error An order that is received has an id.
export const unfinished: Schemas['shop/api']['Order'] = { lines: [] };
// @ts-expect-error There is no such operation.
export type Misspelt = paths['/order'];
`;

test('types of any contract compile, and tell right from wrong', async () => {
  const specs = writeFiles({ 'shop/api.yaml': SHOP });
  const types = writeContractTypes(await describeServed({ specs: [join(specs, 'shop')] }));
  const folder = dirname(join(writeFiles({ 'contracts.ts': types, 'use.ts': ORDERS_IN_USE }), 'use.ts'));
  expect(() => compile(join(folder, 'use.ts'))).not.toThrow();
});

test('what contracts have alike is written once: schemas of one name, and answers', async () => {
  const operation = (id: string) =>
    `  /${id}: { get: { operationId: ${id}, responses: { '200': { description: '${id}.' }, '404': { description: None. } } } }`;
  const contract = (more: string, lines: string) => `
openapi: 3.1.0
info: { title: Shop, version: '1' }
paths:
${['a', 'b'].map((name) => operation(name + more)).join('\n')}
components:
  schemas:
    Line: { type: object, properties: { sku: { $ref: '#/components/schemas/Sku' }, price: { $ref: '#/components/schemas/Price' } } }
    Sku: { type: string }
    Price: { type: ${lines} }
    Order: { type: object, properties: { sku: { $ref: '#/components/schemas/Sku' } } }
`;
  const specs = writeFiles({ 'shop/api.yaml': contract('1', 'number'), 'shop/other.yaml': contract('2', 'string') });
  const types = writeContractTypes(await describeServed({ specs: [join(specs, 'shop')] }));
  const other = types.slice(types.indexOf("  'shop/other': {"), types.indexOf('\n}\n'));

  expect(other).toContain("Sku: Schemas['shop/api']['Sku'];");
  expect(other).toContain("Order: Schemas['shop/api']['Order'];");
  // What it leads to is another thing there.
  expect(other).toContain("price?: Schemas['shop/other']['Price'];");
  expect(types.match(/\/\*\* None\. \*\/\n\s*404: EmptyAnswer;/g)).toHaveLength(2);
  expect(types).toContain("} & Pick<Answers['shop/api'], 404>;");
  const folder = dirname(join(writeFiles({ 'contracts.ts': types, 'use.ts': ANSWERS_IN_USE }), 'use.ts'));
  expect(() => compile(join(folder, 'use.ts'))).not.toThrow();
});

const ANSWERS_IN_USE = `
import type { paths } from './contracts.js';
export const statuses: (keyof paths['/a1']['get']['responses'])[] = [200, 404];
// @ts-expect-error There is no such answer.
export const wrong: (keyof paths['/a1']['get']['responses'])[] = [200, 409];
`;

test('the same contracts give the same types', async () => {
  const [one, other] = await Promise.all([describeServed({}), describeServed({})]);
  expect(writeContractTypes(one)).toBe(writeContractTypes(other));
});

function compile(file: string): void {
  const tsc = resolve('node_modules', 'typescript', binOf('typescript'));
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
  try {
    execFileSync(process.execPath, [tsc, ...options, '--types', '', file], { encoding: 'utf8' });
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout);
  }
}

function binOf(name: string): string {
  const { bin } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { bin: { tsc: string } };
  return bin.tsc;
}
